// Every template, in both languages, at both widths: no violation that axe
// knows, nothing wider than the screen, no word in the browser's console.
// SHOTS=1 also leaves pictures in e2e/out; ONLY=base,team keeps to some pages.
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { login, newPage, startApp, startBrowser } from './app.mjs';
import { langs, pages, widths } from './pages.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const out = new URL('out/', import.meta.url);
const only = process.env.ONLY?.split(',');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

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

/** What is wrong with the page as it stands, in words. */
async function faults(page) {
  const found = [];
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (over > 0) found.push(`${over} px wider than the screen`);
  await page.evaluate(`if (!window.axe) { ${axe} }`);
  const { violations } = await page.evaluate((runOnly) => window.axe.run(document, { runOnly, resultTypes: ['violations'] }), tags);
  for (const v of violations) found.push(`${v.id}: ${v.help}\n${v.nodes.map((n) => `    ${n.html}`).join('\n')}`);
  return found;
}

// The languages have pages of their own and can be read side by side.
describe('templates', { concurrency: langs.length }, () => {
  for (const lang of langs) {
    describe(lang, { concurrency: 1 }, () => {
      // One signed-in page per account, so that the sign-in is paid once.
      const open = new Map();
      const pageFor = async (account = '') => {
        if (!open.has(account)) {
          // The page's own policy forbids foreign scripts; axe is one.
          const page = await newPage(browser, app, { lang, bypassCSP: true });
          if (account) await login(page, account);
          open.set(account, page);
        }
        return open.get(account);
      };
      after(() => Promise.all([...open.values()].map((page) => page.context().close())));

      for (const { name, path, as, status = 200, then } of pages) {
        if (only && !only.includes(name)) continue;
        test(name, async () => {
          const page = await pageFor(as);
          const address = typeof path === 'function' ? await path(page) : path;
          const trouble = [];
          const note = (message) => message.type() === 'error' && trouble.push(message.text());
          const crash = (error) => trouble.push(error.message);
          page.on('console', note).on('pageerror', crash);
          const answer = await page.goto(address);
          assert.equal(answer.status(), status, `${address} answers ${answer.status()}`);
          await then?.(page);
          page.off('console', note).off('pageerror', crash);

          const tag = await page.getAttribute('html', 'lang');
          assert.ok(tag?.startsWith(lang), `the page says lang="${tag}"`);
          const found = [];
          for (const width of widths) {
            await page.setViewportSize({ width, height: 900 });
            for (const fault of await faults(page)) found.push(`${width} px: ${fault}`);
            if (process.env.SHOTS) {
              const file = new URL(`${name}-${lang}-${width}.png`, out);
              await page.screenshot({ path: file.pathname, fullPage: true });
            }
          }
          assert.equal(found.length, 0, `${page.url()}\n${found.join('\n')}`);
          // A refused form answers 4xx, and the browser says so in its console.
          if (status < 400 && !then) assert.deepEqual(trouble, [], 'the browser complains');
        });
      }
    });
  }
});
