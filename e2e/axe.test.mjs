// Every template, in both languages, at both widths: no violation that axe
// knows, nothing wider than the screen, no word in the browser's console.
// SHOTS=1 also leaves pictures in e2e/out.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { login, newPage, startApp, startBrowser } from './app.mjs';
import { langs, pages, widths } from './pages.mjs';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const out = new URL('out/', import.meta.url);

let app;
let browser;

before(async () => {
  [app, browser] = await Promise.all([startApp(), startBrowser()]);
  if (process.env.SHOTS) await mkdir(out, { recursive: true });
});

after(async () => {
  await browser?.close();
  await app?.stop();
});

for (const lang of langs) {
  for (const width of widths) {
    describe(`${lang}, ${width} px`, () => {
      // One signed-in page per account, so that the sign-in is paid once.
      const open = new Map();
      const pageFor = async (account = '') => {
        if (!open.has(account)) {
          // The page's own policy forbids foreign scripts; axe is one.
          const page = await newPage(browser, app, { width, lang, bypassCSP: true });
          if (account) await login(page, account);
          open.set(account, page);
        }
        return open.get(account);
      };
      after(() => Promise.all([...open.values()].map((page) => page.context().close())));

      for (const { name, path, as, status = 200 } of pages) {
        test(name, async () => {
          const page = await pageFor(as);
          const address = typeof path === 'function' ? await path(page) : path;
          const trouble = [];
          const note = (message) => message.type() === 'error' && trouble.push(message.text());
          const crash = (error) => trouble.push(error.message);
          page.on('console', note).on('pageerror', crash);
          const answer = await page.goto(address);
          assert.equal(answer.status(), status, `${address} answers ${answer.status()}`);
          if (process.env.SHOTS) {
            const file = new URL(`${name}-${lang}-${width}.png`, out);
            await page.screenshot({ path: file.pathname, fullPage: true });
          }

          const tag = await page.getAttribute('html', 'lang');
          assert.ok(tag?.startsWith(lang), `the page says lang="${tag}"`);
          const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          assert.ok(over <= 0, `${address} is ${over} px wider than the screen`);

          await page.addScriptTag({ path: axePath });
          const { violations } = await page.evaluate(() =>
            window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
          );
          const found = violations.map((v) => `${v.id}: ${v.help}\n${v.nodes.map((n) => `    ${n.html}`).join('\n')}`);
          assert.equal(found.length, 0, `${address}\n${found.join('\n')}`);

          page.off('console', note).off('pageerror', crash);
          if (status < 400) assert.deepEqual(trouble, [], 'the browser complains');
        });
      }
    });
  }
}
