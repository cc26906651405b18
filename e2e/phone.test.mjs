// A secretary of a township reports an activity on an old telephone on a bad line: 0.4 Mbps, 400 ms, and it drops.
// What the line does is set by the browser's own network emulation; no duration is asserted.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { each, login, newPage, world } from './app.mjs';

const TOWN = 'liangshuiwang';
const PROVINCE = 'linguangping';
const COUNTY = 'zhouwenqin';
const LINE = { latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 };

each(before, after);

async function signedIn(account, options) {
  const page = await newPage(world.browser, world.app, options);
  page.setDefaultTimeout(60_000);
  await login(page, account);
  return page;
}

/** What the top has of an activity's figure now. */
async function held() {
  const page = await signedIn(PROVINCE);
  await page.goto('/figure/activity.held');
  const link = 'main a[href^="/evidence/activity.held?"]';
  const text = await page.locator(`${link} b, ${link} .n, ${link}.n`).first().innerText();
  await page.context().close();
  return Number(text.replaceAll(',', ''));
}

async function photos(page) {
  const made = [];
  for (const [i, url] of ['/me', '/add'].entries()) {
    await page.goto(url);
    made.push({ name: `IMG_000${i}.jpg`, mimeType: 'image/jpeg', buffer: await page.screenshot({ type: 'jpeg' }) });
  }
  return made;
}

/** Fills the report; the callback counts what is a tap and no text. */
async function fill(page, title, tap, place = '中心小学') {
  await page.locator('#f-title').fill(title);
  await tap(() => page.locator('#f-topic').selectOption({ label: '安全自护' }));
  await page.locator('#f-place-0').fill(place);
  await tap(() => page.locator('#f-group-0').selectOption({ label: '小学生' }));
  await page.locator('#f-count-0').fill('86');
  await page.locator('#f-summary').fill('退休校长讲了防溺水知识。');
}

// R27 R125 R126: home to confirmation in 12 taps, nothing lost when the line drops twice, counted once.
test('on a throttled telephone a report survives two cuts of the line and counts once', async () => {
  const start = await held();
  const page = await signedIn(TOWN, { width: 360 });
  const pictures = await photos(page);
  const net = await page.context().newCDPSession(page);
  await net.send('Network.enable');
  const line = (offline) => net.send('Network.emulateNetworkConditions', { offline, ...LINE });
  await line(false);
  let bytes = 0;
  net.on('Network.loadingFinished', (e) => (bytes += e.encodedDataLength));
  let taps = 0;
  const tap = (act) => (taps++, act());

  await page.goto('/');
  assert.ok(bytes <= 60 * 1024, `home: ${bytes} bytes`);
  bytes = 0;
  await tap(() => page.getByRole('link', { name: '报一场活动' }).first().click());
  await page.locator('#f-title').waitFor();
  assert.ok(bytes <= 60 * 1024, `form: ${bytes} bytes`);

  await fill(page, '断网时填的一场', tap);
  await line(true);
  await page.locator('#f-lecturers').fill('郑校长');
  await line(false);
  await page.reload(); // the telephone had to be started again
  assert.equal(await page.locator('#f-title').inputValue(), '断网时填的一场');
  assert.equal(await page.locator('#f-lecturers').inputValue(), '郑校长');
  assert.equal(await page.locator('#f-topic option:checked').innerText(), '安全自护');
  assert.match(await page.locator('form [role=status]').innerText(), /上次填的还在/);

  await tap(() => page.locator('#f-photo').setInputFiles(pictures));
  await tap(() => page.locator('label[for="f-photo_minors"]').click());
  await line(true);
  await tap(() => page.getByRole('button', { name: '提交' }).click());
  await page.getByText('网断了，还没有送到').waitFor();
  await line(false);
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await page.waitForURL(/\/activity\/\d+-[^/]+\/done/);
  assert.ok(taps <= 12, `${taps} taps`);

  // the report is confirmed; its photos follow, and go on from the next page when the line is cut while they are sent
  const where = /\/activity\/\d+-[^/?]+/.exec(page.url())[0];
  await line(true);
  await line(false);
  await page.goto(where);
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await page.getByText('照片已送到2张，共2张').waitFor();
  await page.goto(where);
  assert.equal(await page.locator('main img').count(), 2);
  assert.equal(await page.evaluate(() => localStorage.length), 0, 'what was sent is not kept');
  await page.context().close();
  assert.equal(await held(), start + 1);
});

// R27: a file that is no photo keeps no report back; the page says which one did not arrive, and where to add it again.
test('a file that is no photo is named after the report is confirmed, and the others arrive', async () => {
  const page = await signedIn(TOWN, { width: 360 });
  const [good] = await photos(page);
  const { buffer } = good;
  await page.goto('/activity/new');
  await fill(page, '有一张打不开的一场', (act) => act(), '镇中心广场');
  await page.locator('#f-photo').setInputFiles([
    good,
    { name: '名单.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('张三，李四') },
    { name: '一半.jpg', mimeType: 'image/jpeg', buffer: buffer.subarray(0, buffer.length / 2) },
    { name: '太大.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(40 << 20, 7) },
  ]);
  await page.getByRole('button', { name: '提交' }).click();
  await page.waitForURL(/\/activity\/\d+-[^/]+\/done/);
  await page.getByText('“太大.jpg”没有送到').waitFor();
  const said = await page.locator('#follow').innerText();
  for (const words of ['照片已送到1张，共4张', '“名单.jpg”没有送到', '“一半.jpg”没有送到', '再加照片']) assert.ok(said.includes(words), said);
  await page.getByRole('button', { name: '知道了' }).click();
  await page.locator('#follow').waitFor({ state: 'hidden' });
  await page.goto(/\/activity\/\d+-[^/?]+/.exec(page.url())[0]);
  assert.equal(await page.locator('main img').count(), 1);
  assert.ok(await page.locator('#follow').isHidden());
  await page.context().close();
});

// R27: the server had it, the answer was lost.
test('a report whose answer is lost on the way is sent again and counts once', async () => {
  const start = await held();
  const page = await signedIn(TOWN, { width: 360 });
  await page.goto('/activity/new');
  await fill(page, '答复丢了的一场', (act) => act(), '镇文化广场');
  let sent = 0;
  await page.route('**/activity/new*', async (route) => {
    if (route.request().method() !== 'POST' || sent++ > 0) return route.continue();
    await route.fetch({ maxRedirects: 0 });
    return route.abort();
  });
  await page.getByRole('button', { name: '提交' }).click();
  await page.getByText('网断了，还没有送到').waitFor();
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await page.waitForURL(/\/activity\/\d+-[^/]+\/done/);
  assert.equal(sent, 2);
  await page.context().close();
  assert.equal(await held(), start + 1);
});

// A shared telephone: nothing stays for the next one.
test('what was typed is gone after sign-out, and never shown to another account', async () => {
  const page = await signedIn(TOWN, { width: 360 });
  await page.goto('/activity/new');
  await page.locator('#f-title').fill('还没写完的一场');
  assert.equal(await page.evaluate(() => localStorage.length), 1);
  await page.context().clearCookies(); // the session ended by itself
  await login(page, COUNTY);
  await page.goto('/activity/new');
  assert.equal(await page.locator('#f-title').inputValue(), '');
  assert.equal(await page.evaluate(() => localStorage.length), 0);
  await page.locator('#f-title').fill('县里的一场');
  await page.goto('/me');
  await page.locator('form[action="/logout"] button').click();
  await page.waitForURL((to) => to.pathname !== '/me');
  assert.equal(await page.evaluate(() => localStorage.length), 0);
  await page.context().close();
});

// R27: the telephone's own keeping and the server's draft agree: one place for a draft, another for a new report, photos stay.
test('what is put by on the server goes on at another place, with its photos on the telephone', async () => {
  const page = await signedIn(TOWN, { width: 360 });
  const pictures = await photos(page);
  await page.goto('/activity/new');
  await page.locator('#f-title').fill('存了再报的一场');
  await page.locator('#f-photo').setInputFiles(pictures);
  await page.getByRole('button', { name: '先存着' }).click();
  await page.getByText('还没有提交').waitFor();
  const draft = page.url();
  assert.equal(await page.evaluate(() => localStorage.length), 0, 'the telephone keeps no second copy');
  await page.getByText('已选好2张照片').waitFor();

  await page.goto('/activity/new'); // another report, begun meanwhile
  assert.equal(await page.locator('#f-title').inputValue(), '');
  await page.locator('#f-title').fill('另外一场');
  await page.goto(draft);
  assert.equal(await page.locator('#f-title').inputValue(), '存了再报的一场');
  await fill(page, '存了再报的一场', (act) => act(), '镇敬老院');
  await page.reload();
  assert.equal(await page.locator('#f-place-0').inputValue(), '镇敬老院');
  await page.getByRole('button', { name: '提交' }).click();
  await page.waitForURL(/\/activity\/\d+-[^/]+\/done/);
  await page.getByText('照片已送到2张，共2张').waitFor();
  await page.goto('/draft');
  assert.equal(await page.getByText('存了再报的一场').count(), 0);
  await page.goto('/activity/new');
  assert.equal(await page.locator('#f-title').inputValue(), '另外一场');
  await page.context().close();
});
