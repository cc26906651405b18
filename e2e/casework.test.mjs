// Cases: a left-behind child is registered, paired with a checked volunteer and visited; who has offended is read by holder and lead alone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { as, each } from './app.mjs';

const COUNTY = 'zhouwenqin';
const COLLEAGUE = 'fangxiaoyu';
const OFFICE = 'chenyulan';
const TOWNSHIP = 'liangshuiwang';
const CHILD = '石小禾';

each(before, after);

const phone = { viewport: { width: 360, height: 740 } };

/** Opens the fold of an act and answers its form. */
async function fold(page, act) {
  const form = page.locator(`form[action$="/${act}"]`);
  if (!(await form.isVisible())) await page.locator('details', { has: form }).locator('summary').click();
  return form;
}

// R48: no script, 360 px.
test('a left-behind child is registered, paired with a checked volunteer and visited', async () => {
  let path;
  await as(
    COUNTY,
    async (page) => {
      await page.goto('/casework');
      await page.locator('main a', { hasText: '立个案' }).click();
      await page.locator('main a', { hasText: '留守儿童' }).click();
      await page.locator('input[name="name"]').fill(CHILD);
      await page.locator('input[name="birth"]').fill('2010');
      await page.locator('textarea[name="narrative"]').fill('父母在外打工，跟爷爷住。');
      await page.locator('main button', { hasText: '立案' }).click();
      assert.match(await page.locator('main').innerText(), /写监护人是谁/);
      assert.equal(await page.locator('input[name="name"]').inputValue(), CHILD, 'what was typed is kept');
      await page.locator('input[name="guardian"]').fill('爷爷');
      await page.locator('main button', { hasText: '立案' }).click();
      assert.match(await page.locator('main').innerText(), new RegExp(CHILD));
      path = new URL(page.url()).pathname;
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, 'nothing reaches over the edge');

      const unchecked = await page.locator('select[name="volunteer"] option', { hasText: '没有有效核查' }).first().getAttribute('value');
      let form = await fold(page, 'pair');
      await form.locator('select').selectOption(unchecked);
      await form.locator('button', { hasText: '结对' }).click();
      assert.match(await page.locator('main').innerText(), /核查以后再结对/, 'nobody without a check');
      form = await fold(page, 'pair');
      await form.locator('select').selectOption({ label: '梁水旺' });
      await form.locator('button', { hasText: '结对' }).click();
      assert.match(await page.locator('#pairs').innerText(), /梁水旺/);
    },
    { ...phone, javaScriptEnabled: false },
  );
  await as(TOWNSHIP, async (page) => {
    await page.goto('/me/casework');
    assert.ok((await page.locator('main table a[href^="/me/casework/"]').count()) > 0);
    assert.equal((await page.goto(path.replace('/casework', '/me/casework'))).status(), 200);
    await page.locator('label', { hasText: '上门' }).click();
    await page.locator('textarea[name="text"]').fill('爷爷身体好，孩子写作业。');
    await page.locator('main button', { hasText: '保存走访' }).click();
    assert.match(await page.locator('#lines').innerText(), /孩子写作业/);
  });
  await as(COUNTY, async (page) => {
    await page.goto(path);
    assert.match(await page.locator('#lines').innerText(), /孩子写作业[\s\S]*/);
    await page.goto(`${path}/print`);
    assert.ok(!(await page.locator('main').innerText()).includes(CHILD), 'a paper does not say who it is');
  });
});

// R48: who was not visited for too long is listed until somebody visits.
test('the list of those not visited shrinks with a visit', async () => {
  await as(COUNTY, async (page) => {
    await page.goto('/casework?only=overdue');
    const links = page.locator('main table a[href^="/casework/9"]');
    const before = await links.count();
    assert.ok(before > 0);
    await links.first().click();
    await page.locator('label', { hasText: '打电话' }).click();
    await page.locator('textarea[name="text"]').fill('电话里说都好。');
    await page.locator('main button', { hasText: '保存走访' }).click();
    await page.goto('/casework?only=overdue');
    assert.equal(await links.count(), before - 1);
  });
});

// R45: another of the office is told that it is not theirs, those above see numbers alone.
test('a case of somebody who has offended is read by holder and lead alone', async () => {
  let path;
  await as(COLLEAGUE, async (page) => {
    await page.goto('/casework?class=correction');
    await page.locator('main table a[href^="/casework/9"]').first().click();
    path = new URL(page.url()).pathname;
    assert.match(await page.locator('#person').innerText(), /贺一鸣/);
  });
  await as(COUNTY, async (page) => {
    await page.goto(path);
    const text = await page.locator('main').innerText();
    assert.match(text, /只有经办人和负责人能看/);
    assert.ok(!text.includes('贺一鸣'));
    assert.equal((await page.goto(`${path}/print`)).status(), 403);
  });
  await as(OFFICE, async (page) => {
    assert.equal((await page.goto(path)).status(), 404);
    await page.goto('/casework');
    const text = await page.locator('main').innerText();
    assert.match(text, /每月公布的数/);
    assert.ok(!text.includes('贺一鸣'));
  });
});
