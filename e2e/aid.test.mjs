// Aid: a request in hardship becomes an application without retyping, goes its steps, and a second one elsewhere warns without a name.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { as, each } from './app.mjs';

const OFFICE = 'chenyulan';
const COUNTY = 'zhouwenqin';
const TOWN = 'liangshuiwang';
const CHILD = '丰小谷';
const BORN = '2009-09-09';

each(before, after);

/** Sends a request for help in hardship to the county, as a grandmother does. */
async function ask(page) {
  await page.goto('/ask');
  await page.locator('main a', { hasText: '南江区' }).click();
  await page.locator('label', { hasText: '生活有困难' }).click();
  await page.locator('label', { hasText: '家长' }).first().click();
  await page.locator('main button', { hasText: '下一步' }).click();
  await page.locator('textarea[name="text"]').fill('家里屋顶塌了一角，孩子没有地方写作业。');
  await page.locator('main button', { hasText: '下一步' }).click();
  await page.locator('label', { hasText: '打电话' }).click();
  await page.locator('input[name="contact"]').fill('0500-555 2399');
  await page.locator('input[name="name"]').fill('孩子外婆');
  await page.locator('input[name="phrase"]').fill('院子里的枣树');
  await page.locator('main button', { hasText: '送出' }).click();
  return page.locator('.receipt').innerText();
}

const text = (page) => page.locator('main').innerText();

/** Sends the form of a page. */
const send = (page, button) => page.locator('main form button', { hasText: button }).click();

/** The number of aids on the county's book this year. */
async function given(page) {
  await page.goto('/aid?only=given');
  const found = /共(\d+)件/.exec(await text(page));
  return Number(found?.[1]);
}

// R46 R47 R167
test('a request becomes an aid without retyping; the same child in another place warns without a name', async () => {
  const receipt = await as('', ask);
  let aid;
  let no;
  await as(COUNTY, async (page) => {
    await page.goto('/inbox');
    await page.locator('.todo a', { hasText: receipt.slice(0, 9).replace(' ', '-') }).click();
    const request = new URL(page.url()).pathname;
    await page.locator('main a', { hasText: '转为帮扶申请' }).click();
    assert.match(await page.locator('textarea[name="words"]').inputValue(), /屋顶塌了一角/, 'what the request says is filled in');
    assert.equal(await page.locator('input[name="guardian"]').inputValue(), '孩子外婆');
    assert.equal(await page.locator('input[name="phone"]').inputValue(), '0500-555 2399');
    await page.locator('input[name="fen"]').fill('1.005');
    await page.locator('input[name="child"]').fill(CHILD);
    await page.locator('input[name="born"]').fill(BORN);
    await page.locator('input[name="agreed"]').fill('2019-05-30');
    await send(page, '提交申请');
    assert.match(await text(page), /最小到分/);
    await page.locator('input[name="fen"]').fill('2000');
    await send(page, '提交申请');
    aid = new URL(page.url()).pathname;
    no = /\d{4}-\d{4}/.exec(await page.locator('h1').innerText())[0];
    assert.match(await text(page), new RegExp(CHILD), 'the unit itself reads for whom it is');
    await page.goto(request);
    assert.match(await text(page), new RegExp(`已提出帮扶申请${no}`));
    await page.locator('.say.step a', { hasText: no }).click();
    assert.equal(new URL(page.url()).pathname, aid);
    await page.goto(`${aid}/verify`);
    assert.match(await text(page), /要由别人核实/, 'not by who applied');
    assert.equal(await page.locator('input[name="by"]').count(), 0, 'and no form that would be refused');
  });
  let before;
  await as(OFFICE, async (page) => {
    before = await given(page);
    await page.goto(aid);
    assert.ok(!(await text(page)).includes(CHILD), 'standing higher opens nothing');
    await page.locator('main a', { hasText: '登记核实' }).click();
    await page.locator('input[name="by"]').fill('陈玉兰');
    await page.locator('textarea[name="found"]').fill('上门看过，情况属实');
    await send(page, '保存并送审批');
    await page.locator('main a', { hasText: '审批' }).first().click();
    await page.locator('input[name="fen"]').fill('1800');
    await send(page, '批准');
    assert.match(await text(page), /待送到/);
  });
  await as(COUNTY, async (page) => {
    await page.goto(`${aid}/give`);
    await page.locator('input[name="hand_a"]').fill('周文琴');
    await page.locator('input[name="hand_b"]').fill('石大爷');
    await send(page, '保存');
    assert.match(await text(page), /待签收/);
    await page.locator('main a', { hasText: '登记签收' }).click();
    await send(page, '保存');
    assert.match(await text(page), /待回访/);
  });
  await as('', async (page) => {
    await page.goto('/ask/back');
    await page.locator('input[name="receipt"]').fill(receipt);
    await page.locator('input[name="phrase"]').fill('院子里的枣树');
    await page.locator('main button', { hasText: '打开' }).click();
    await page.locator('main', { hasText: /已提出帮扶申请[^]*帮扶已送到/ }).waitFor();
  });
  await as(OFFICE, async (page) => {
    assert.equal(await given(page), before + 1);
    await page.goto('/evidence/aid.given?all=1');
    await page.locator('main a', { hasText: no }).click();
    assert.equal(new URL(page.url()).pathname, aid, 'the figure leads to it');
  });
  await as(TOWN, async (page) => {
    await page.goto('/aid/new');
    await page.locator('select[name="kind"]').selectOption('hardship|家庭临时困难');
    await page.locator('input[name="fen"]').fill('500');
    await page.locator('select[name="reason"]').selectOption('poor');
    await page.locator('input[name="child"]').fill(CHILD);
    await page.locator('input[name="born"]').fill(BORN);
    await page.locator('input[name="guardian"]').fill('外婆');
    await page.locator('input[name="phone"]').fill('0500-555 7777');
    await page.locator('textarea[name="words"]').fill('屋顶要修');
    await page.locator('input[name="agreed"]').fill('2019-05-30');
    await send(page, '提交申请');
    const page2 = await text(page);
    assert.match(page2, /别处已有在办或已送到的帮扶（1件）/);
    assert.ok(!page2.includes(no), 'neither number nor unit of the other one');
  });
  await as(COUNTY, async (page) => {
    await page.goto('/inbox');
    assert.match(await text(page), new RegExp(`核对稻香镇[^]*${no}[^]*是否重复帮扶`));
  });
});
