// Every template, in both languages: no violation that axe knows, nothing
// wider than the screen at 320 px, at 200 % (640 px) and at 1280 px, readable
// in dark too, no word in the browser's console.
//
// A page is loaded once and axe handed to it once; widths and colours change
// on the page as it stands. What a rule finds in the tree of elements is the
// same template in both languages: each language asks all rules at one width
// (zh at 320 px, en at 1280 px) and at the other those that look at where and
// in what colour things stand. Colours do not depend on the language: dark is
// looked at once.
// SHOTS=1 also leaves pictures in e2e/out; ONLY=base,team keeps to some pages.
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { login, newPage, startApp, startBrowser } from './app.mjs';
import { ZOOMED, langs, pages, readBy, widths } from './pages.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const out = new URL('out/', import.meta.url);
const only = process.env.ONLY?.split(',');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const everything = { runOnly: tags, resultTypes: ['violations'] };
/** What depends on place, size and colour, not on the elements alone. */
const placed = ['color-contrast', 'link-in-text-block', 'scrollable-region-focusable', 'target-size'];
const rules = (values) => ({ runOnly: { type: 'rule', values }, resultTypes: ['violations'] });

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

/** What axe finds wrong with the page as it stands, in words. */
async function violations(page, asked) {
  const { violations: list } = await page.evaluate((options) => window.axe.run(document, options), asked);
  return list.map((v) => `${v.id}: ${v.help}\n${v.nodes.map((n) => `    ${n.html}`).join('\n')}`);
}

/** How far the page reaches beyond the screen, in words. */
async function beyond(page) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  return over > 0 ? [`${over} px wider than the screen`] : [];
}

// The languages have pages of their own and can be read side by side.
describe('templates', { concurrency: langs.length }, () => {
  for (const lang of langs) {
    describe(lang, { concurrency: 1 }, () => {
      // One page for all accounts: a window of its own costs the browser more than a whole check.
      let page;
      let who;
      const pageFor = async (account = '') => {
        // The page's own policy forbids foreign scripts; axe is one.
        page ??= await newPage(browser, app, { lang, bypassCSP: true });
        if (account !== who) {
          const context = page.context();
          await context.clearCookies();
          if (who !== undefined) await page.evaluate(() => localStorage.clear());
          if (!sessions.has(account)) {
            if (account) await login(page, account);
            sessions.set(account, await context.cookies());
          } else {
            await context.addCookies(sessions.get(account));
          }
          readBy(page, account);
          who = account;
        }
        return page;
      };
      const sessions = new Map();
      after(() => page?.context().close());

      for (const { name, path, as, status = 200, then } of pages) {
        if (only && !only.includes(name)) continue;
        test(name, async () => {
          await pageFor(as);
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
          await page.evaluate(axe);
          for (const width of widths) {
            await page.setViewportSize({ width, height: 900 });
            const add = (faults, where = '') => found.push(...faults.map((fault) => `${width} px${where}: ${fault}`));
            add(await beyond(page));
            if (width === ZOOMED) continue;
            const whole = (width === widths[0]) === (lang === langs[0]);
            add(await violations(page, whole ? everything : rules(placed)));
            if (whole && lang === langs[0]) {
              await page.emulateMedia({ colorScheme: 'dark' });
              add(await violations(page, rules(['color-contrast', 'link-in-text-block'])), ' dark');
              await page.emulateMedia({ colorScheme: 'light' });
            }
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
