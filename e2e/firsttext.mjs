// Measures when the first text of each page on the way of a report stands on a telephone: 0.4 Mbps, 400 ms, nothing kept by
// the browser. A measurement and no test: `node firsttext.mjs` in e2e prints a table for docs/benchmarks.md.
import { login, newPage, startApp, startBrowser } from './app.mjs';

const TOWN = 'liangshuiwang';
const LINE = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 };
const ROUNDS = 3;

const [app, browser] = await Promise.all([startApp(), startBrowser()]);

/** One page on the slow line, in a browser that has kept the style sheet (again) or not: [ms, requests, bytes]. */
async function first(path, { account, again }) {
  const page = await newPage(browser, app, { width: 360 });
  page.setDefaultTimeout(60_000);
  if (account) await login(page, account);
  const net = await page.context().newCDPSession(page);
  await net.send('Network.enable');
  if (!again) await net.send('Network.clearBrowserCache');
  await net.send('Network.emulateNetworkConditions', LINE);
  let bytes = 0;
  let requests = 0;
  net.on('Network.loadingFinished', (e) => (bytes += e.encodedDataLength));
  net.on('Network.requestWillBeSent', () => requests++);
  await page.goto(path, { waitUntil: 'load' });
  const ms = await page.evaluate(
    () => new Promise((resolve) => {
      new PerformanceObserver((list) => resolve(list.getEntriesByName('first-contentful-paint')[0]?.startTime)).observe({ type: 'paint', buffered: true });
    }),
  );
  await page.context().close();
  return [ms, requests, bytes];
}

/** The address of an activity of the town, and that of the page after a report. */
async function made() {
  const page = await newPage(browser, app, { width: 360 });
  await login(page, TOWN);
  await page.goto('/activity/new');
  await page.locator('#f-title').fill('量一量有多快');
  await page.locator('#f-topic').selectOption({ label: '安全自护' });
  await page.locator('#f-place-0').fill('中心小学');
  await page.locator('#f-group-0').selectOption({ label: '小学生' });
  await page.locator('#f-count-0').fill('86');
  await page.getByRole('button', { name: '提交' }).click();
  await page.waitForURL(/\/done/);
  const to = new URL(page.url());
  await page.context().close();
  return [to.pathname + to.search, to.pathname.replace(/\/done$/, '')];
}

const middle = (list) => list.sort((a, b) => a[0] - b[0])[Math.floor(list.length / 2)];
try {
  const [done, activity] = await made();
  console.log('| page | first text, first visit | first text, style kept | requests | over the line |\n|---|---|---|---|---|');
  for (const [name, path, account] of [['sign-in', '/login'], ['home', '/', TOWN], ['what to add', '/add', TOWN], ['form', '/activity/new', TOWN], ['confirmation', done, TOWN], ['activity', activity, TOWN]]) {
    const cold = [];
    const warm = [];
    for (let i = 0; i < ROUNDS; i++) {
      cold.push(await first(path, { account }));
      warm.push(await first(path, { account, again: Boolean(account) }));
    }
    const [ms, requests, bytes] = middle(cold);
    console.log(`| ${name} | ${(ms / 1000).toFixed(2)} s | ${account ? `${(middle(warm)[0] / 1000).toFixed(2)} s` : ''} | ${requests} | ${(bytes / 1024).toFixed(1)} KB |`);
  }
} finally {
  await browser.close();
  await app.stop();
}
