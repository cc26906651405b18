// The public site of a city: read on a telephone without an account, a cookie or a script; the neighbour's is another; the office switches
// it off and it is gone.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { as, each } from './app.mjs';

const OFFICE = 'chenyulan';
const NEIGHBOUR = 'caihuiqin';

each(before, after);

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const phone = { viewport: { width: 360, height: 740 } };
const SITE = '/s/yunzhou';
const COLUMNS = ['', '/about', '/news', '/bases', '/activities', '/volunteer', '/documents', '/figures', '/help'];
const fits = async (page, at) => assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, `${at} reaches over the edge`);

// R164 R168: what a grandmother does on an old telephone.
test('a visitor reads the site without script, finds a base and the way to ask for help', async () => {
  await as(
    '',
    async (page) => {
      await page.goto('/login');
      await page.locator('main a', { hasText: '云州网上关工委' }).click();
      assert.equal(new URL(page.url()).pathname, SITE);
      await page.locator('nav.sizes a').last().click();
      assert.match(await page.locator('html').getAttribute('class'), /t30/);
      await fits(page, 'the largest text');
      await page.locator('main a', { hasText: '老战士进校园' }).click();
      assert.match(await page.locator('main').innerText(), /三位老战士/);
      assert.match(await page.locator('html').getAttribute('class'), /t30/, 'the size goes along');
      await page.goto(SITE);
      await page.locator('main a', { hasText: '身边的阵地' }).click();
      await page.locator('main a', { hasText: '南江区' }).first().click();
      assert.match(await page.locator('main h1').innerText(), /身边的阵地/);
      assert.ok((await page.locator('main table tbody tr').count()) > 0, 'there is a base');
      await page.goto(`${SITE}/figures`);
      assert.match(await page.locator('main').innerText(), /截至.*一个阵地有几块牌只算一次/s);
      await page.goto(SITE);
      await page.locator('main .btn', { hasText: '我要求助' }).click();
      await page.locator('main a', { hasText: '向南江区关工委求助' }).click();
      assert.match(await page.locator('main').innerText(), /有什么难处/);
      for (const c of COLUMNS) {
        const answer = await page.goto(SITE + c);
        assert.equal(answer.status(), 200, c);
        const text = await page.locator('main').innerText();
        assert.match(text, /12355/, `${c} has no hotline`);
        assert.match(text, /0500-555 0126/, `${c} has no number of a person`);
        assert.equal(await page.locator('script').count(), 0);
        await fits(page, c);
      }
      assert.deepEqual(await page.context().cookies(), [], 'no cookie');
    },
    { ...phone, javaScriptEnabled: false },
  );
});

// Accessible in both languages, in light and dark, in each of the colours that the demonstration has.
test('the pages are accessible', async () => {
  for (const colorScheme of ['light', 'dark']) {
    await as(
      '',
      async (page) => {
        for (const site of [SITE, '/s/ximen', '/s/nanjiang']) {
          for (const c of site === SITE ? COLUMNS : ['', '/bases']) {
            for (const lang of ['zh', 'en']) {
              await page.goto(`${site}${c}?lang=${lang}`);
              await page.evaluate(`if (!window.axe) { ${axe} }`);
              const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
              assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes[0].html}`), [], `${site}${c} ${lang} ${colorScheme}`);
            }
          }
        }
      },
      { ...phone, colorScheme, bypassCSP: true },
    );
  }
});

// R168: two cities on one server; what the neighbour writes is on its site alone, and an address of one leads nowhere on the other.
test('nothing of the neighbour is on the site', async () => {
  const canary = '只有汐门才有的消息';
  let ref;
  await as(NEIGHBOUR, async (page) => {
    await page.goto('/portal/new');
    await page.locator('input[name="title"]').fill(canary);
    await page.locator('textarea[name="text"]').fill(canary);
    await page.locator('main button', { hasText: /^发布$/ }).click();
    ref = new URL(page.url()).pathname.split('/').pop();
  });
  await as('', async (page) => {
    await page.goto('/s/ximen');
    assert.ok((await page.content()).includes(canary), 'it is on its own site at once');
    assert.equal((await page.goto(`/s/ximen/news/${ref}`)).status(), 200);
    assert.equal((await page.goto(`${SITE}/news/${ref}`)).status(), 404);
    for (const c of COLUMNS) {
      await page.goto(SITE + c);
      const html = await page.content();
      assert.ok(!html.includes(canary) && !html.includes('汐门'), `${c} speaks of the neighbour`);
    }
  });
});

// Somebody wants to help; the office calls and notes it; then it switches the site off.
test('a letter arrives, and a site that is switched off is gone', async () => {
  await as(
    '',
    async (page) => {
      await page.goto(`${SITE}/volunteer`);
      await page.locator('main button', { hasText: '送出' }).click();
      assert.match(await page.locator('main').innerText(), /写姓名/);
      await page.locator('input[name="name"]').fill('钟老师');
      await page.locator('input[name="phone"]').fill('0500-555 2388');
      await page.locator('textarea[name="can"]').fill('会修农机，愿意教孩子');
      await page.locator('main button', { hasText: '送出' }).click();
      assert.match(await page.locator('main').innerText(), /我们给您打电话/);
    },
    { ...phone, javaScriptEnabled: false },
  );
  await as(OFFICE, async (page) => {
    await page.goto('/portal');
    await page.locator('#wishes a', { hasText: '想当志愿者' }).nth(1).click();
    assert.match(await page.locator('main').innerText(), /钟老师.*会修农机/s);
    await page.locator('label', { hasText: '欢迎参加' }).click();
    await page.locator('main button', { hasText: '保存' }).click();
    await page.goto('/portal/check');
    assert.match(await page.locator('main').innerText(), /国办秘函/);
    await page.goto('/portal/settings');
    await page.locator('label', { hasText: '向社会开放' }).click();
    await page.locator('main button', { hasText: '保存' }).click();
    assert.match(await page.locator('main').innerText(), /没有开放/);
    await page.goto('/portal/preview');
    assert.match(await page.locator('h1').innerText(), /云州网上关工委/, 'the office still sees it');
  });
  await as('', async (page) => {
    for (const c of COLUMNS) assert.equal((await page.goto(SITE + c)).status(), 404, c);
    await page.goto('/login');
    assert.equal(await page.locator('main a', { hasText: '云州网上关工委' }).count(), 0);
  });
});
