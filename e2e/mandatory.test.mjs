// Mandatory reporting: two taps from a request for help, which cannot be closed before it says to whom it was reported.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { as, each } from './app.mjs';

const COUNTY = 'zhouwenqin';
const OFFICE = 'chenyulan';

each(before, after);

test('two taps open a duty; the request is closed only once it was reported', async () => {
  let path;
  await as(
    COUNTY,
    async (page) => {
      await page.goto('/care');
      await page.locator('#running a').first().click();
      const request = page.url();
      await page.locator('main a', { hasText: '可能要强制报告' }).click();
      await page.locator('button[name="situation"]').last().click();
      path = new URL(page.url()).pathname;
      assert.match(await page.locator('main').innerText(), /马上报告/);
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, 'nothing reaches over the edge');
      await page.goto(request);
      await page.locator('summary', { hasText: '办结' }).click();
      const close = page.locator('form[action$="/close"]');
      await close.locator('label', { hasText: '给了建议' }).click();
      await close.locator('textarea').fill('以后再聊。');
      await close.locator('button').click();
      assert.match(await page.locator('main').innerText(), /有一件强制报告还没有了结/);
      await page.goto(path);
      await page.locator('input[name="to"]').fill('南江派出所张警官');
      await page.locator('main button', { hasText: '登记为已报告' }).click();
      assert.match(await page.locator('main').innerText(), /南江派出所张警官/);
    },
    { viewport: { width: 360, height: 740 } },
  );
  await as(OFFICE, async (page) => {
    assert.equal((await page.goto(path)).status(), 404, 'above, nobody reads it');
  });
});
