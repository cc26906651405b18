// What is kept of a child, as its guardian, the office and the auditor meet it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { as, each } from './app.mjs';

each(before, after);

// R133
test('a guardian is told what is kept and who has looked, and it is erased; the auditor sees that in the log, and no name', async () => {
  await as('chenyulan', async (page) => {
    await page.goto('/wishes');
    await page.locator('main a', { hasText: '№' }).first().click();
    await page.locator('main a', { hasText: '打印保存了什么' }).click();
    const sheet = await page.locator('main').innerText();
    assert.match(sheet, /吴欣怡/);
    assert.match(sheet, /谁看过/);
    await page.goBack();
    await page.locator('main a', { hasText: '销毁查到的' }).click();
    await page.locator('main button', { hasText: '确认销毁' }).click();
    assert.match(await page.locator('#found').innerText(), /没有查到/);
    await page.locator('main a', { hasText: '写明答复' }).click();
    await page.locator('main label', { hasText: '已照办' }).click();
    await page.locator('textarea[name="answer"]').fill('登记销毁了，电话告诉了孩子父亲。');
    await page.locator('main button', { hasText: '写明答复' }).click();
    assert.match(await page.locator('main').innerText(), /已照办/);
  });
  await as('zhouwenqin', async (page) => {
    const there = await page.goto('/wishes?unit=9902');
    assert.ok([403, 404].includes(there.status()), 'somebody of another unit reads what guardians asked of the city');
  });
  await as('xusuqing', async (page) => {
    await page.goto('/audit?act=seal.');
    const log = await page.locator('main').innerText();
    assert.match(log, /销毁封存内容/);
    assert.match(log, /答复个人信息请求/);
    assert.doesNotMatch(log, /吴欣怡/);
  });
});
