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
        assert.equal(await page.locator('script').count(), c === '/about' ? 1 : 0, `${c} has a script`); // that which reads a text aloud
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

// What a browser has of speechSynthesis, without a sound: what it is told is noted, and an utterance ends when the test says so.
const speaks = (voices) => `
  window.told = [];
  const synth = { getVoices: () => ${JSON.stringify(voices)}, speak: (u) => { window.told.push({ text: u.text, lang: u.lang, voice: u.voice.name }); window.last = u; }, cancel: () => { window.told.push('quiet'); const u = window.last; window.last = null; u && u.onend && u.onend({}); }, addEventListener() {} };
  Object.defineProperty(window, 'speechSynthesis', { value: synth });
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
  window.ended = () => { const u = window.last; window.last = null; u.onend({}); };`;
const LOCAL = { name: 'local', lang: 'zh-CN', localService: true };

// Who does not like to read lets the telephone read, sentence by sentence; what is read is marked; nothing is sent anywhere.
test('a page is read aloud by a voice of the device, and by no other', async () => {
  const find = async (page) => {
    await page.goto(`${SITE}/news?lang=zh`);
    await page.locator('main a', { hasText: '老战士进校园' }).click();
  };
  const asked = [];
  await as(
    '',
    async (page) => {
      await page.addInitScript(speaks([{ name: 'far', lang: 'zh-CN', localService: false }, { name: 'Cantonese', lang: 'zh-HK', localService: true }, LOCAL]));
      await find(page);
      const buttons = page.locator('#aloud button:visible');
      const told = () => page.evaluate(() => window.told.filter((x) => x !== 'quiet'));
      assert.deepEqual(await buttons.allInnerTexts(), ['朗读']);
      page.on('request', (r) => asked.push(r.url()));
      await page.locator('#aloud button', { hasText: '朗读' }).click();
      assert.deepEqual(await told(), [{ text: '老战士进校园，讲渡口的故事', lang: 'zh-CN', voice: 'local' }]);
      assert.match(await page.locator('.aloud').innerText(), /老战士进校园/);
      await page.evaluate(() => window.ended());
      await page.evaluate(() => window.ended());
      assert.match((await told()).at(-1).text, /^八十六岁的老人/, 'sentence by sentence, in order');
      assert.equal(await page.locator('.aloud').count(), 1);
      assert.match(await page.locator('p.aloud').innerText(), /老地图/);
      await page.locator('#aloud button', { hasText: '暂停' }).click();
      const before = (await told()).length;
      assert.deepEqual(await buttons.allInnerTexts(), ['继续', '停止']);
      await page.locator('#aloud button', { hasText: '继续' }).click();
      assert.equal((await told()).length, before + 1);
      assert.match((await told()).at(-1).text, /^八十六岁的老人/, 'it goes on where it stopped');
      await page.locator('#aloud button', { hasText: '停止' }).click();
      assert.equal(await page.locator('.aloud').count(), 0);
      assert.deepEqual(await buttons.allInnerTexts(), ['朗读']);
      await page.locator('#aloud button', { hasText: '朗读' }).click();
      assert.match((await told()).at(-1).text, /^老战士进校园/, 'from the beginning');
      for (let n = 0; n < 40 && (await page.evaluate(() => !!window.last)); n++) await page.evaluate(() => window.ended());
      assert.match((await told()).at(-1).text, /怕不怕/, 'to the end');
      assert.deepEqual(await buttons.allInnerTexts(), ['朗读']);
      assert.deepEqual(asked, [], 'nothing leaves the device');
      await page.evaluate(`if (!window.axe) { ${axe} }`);
      const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
      assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes[0].html}`), []);
      await fits(page, 'the buttons');
      await page.goto(SITE);
      assert.equal(await page.locator('script').count(), 0, 'the script comes only where there is a text');
      await page.goto(`${SITE}/about?lang=en`);
      await page.locator('#aloud button', { hasText: 'Read aloud' }).click();
      assert.equal((await told()).at(-1).lang, 'zh-CN', 'what is Chinese is read in Chinese');
    },
    { ...phone, bypassCSP: true },
  );
  for (const voices of [[], [{ ...LOCAL, localService: false }], [{ ...LOCAL, lang: 'de-DE' }]]) {
    await as(
      '',
      async (page) => {
        await page.addInitScript(speaks(voices));
        await find(page);
        assert.equal(await page.locator('#aloud').isVisible(), false);
      },
      phone,
    );
  }
  await as(
    '',
    async (page) => {
      await find(page);
      assert.equal(await page.locator('#aloud').isVisible(), false);
      const picture = page.locator('main img');
      assert.match(await picture.getAttribute('alt'), /白发老人/);
      assert.equal(await picture.evaluate((i) => i.complete || i.loading === 'lazy'), true);
      assert.ok((await (await page.request.get(await picture.getAttribute('src'))).body()).length <= 80_000);
    },
    { ...phone, javaScriptEnabled: false },
  );
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
