// Starts the built program with data of its own and hands out browser pages.
//
// Nothing here waits for a fixed time: the program prints its address when it
// is ready, and the browser's own waiting does the rest.
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('..', import.meta.url));
const program = process.env.XINHUO_BIN ?? join(root, 'bin', process.platform === 'win32' ? 'xinhuo.exe' : 'xinhuo');

/** The day on which the demonstration city is made in tests: its figures are then known. */
export const DAY = '2019-05-31';

/** The demonstration's password: every account of a fresh demonstration has it. */
export const PASSWORD = 'xinhuo-demo';

/** Longest time for the program to build its demonstration and answer. */
const START_LIMIT = 120_000;

/**
 * Starts the program on a free port.
 * @param {string[]} [args] words after the program's name; the port is added
 * @param {{data?: string, bare?: boolean}} [options] the demonstration's folder, a fresh one without; `bare` leaves
 *   the demonstration's own flags out
 * @returns {Promise<{url: string, data: string, output: () => string, stop: () => Promise<void>, kill: () => Promise<void>}>}
 */
export async function startApp(args = ['demo', '--day', DAY], { data, bare = false } = {}) {
  const own = data === undefined && !bare;
  if (own) data = await mkdtemp(join(tmpdir(), 'xinhuo-e2e-'));
  const child = spawn(program, [...args, ...(bare ? [] : ['--data', data, '--no-browser']), '--port', '0'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = [];
  const ended = new Promise((resolve) => child.once('exit', resolve));

  const url = await new Promise((resolve, reject) => {
    const give = (why) => reject(new Error(`${program} ${args.join(' ')}: ${why}\n${said.join('\n')}`));
    const limit = setTimeout(() => give(`no address within ${START_LIMIT / 1000} s`), START_LIMIT);
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        said.push(line);
        const address = /http:\/\/127\.0\.0\.1:\d+/.exec(line);
        if (address && stream === child.stdout) {
          clearTimeout(limit);
          resolve(address[0]);
        }
      });
    }
    child.once('error', (err) => give(err.message));
    child.once('exit', (code) => {
      clearTimeout(limit);
      give(`ended with ${code} before it printed an address`);
    });
  }).catch(async (err) => {
    child.kill('SIGKILL');
    if (own) await rm(data, { recursive: true, force: true });
    throw err;
  });

  const end = async (signal) => {
    child.kill(signal);
    await ended;
    if (own && signal === 'SIGTERM') await rm(data, { recursive: true, force: true });
  };
  return {
    url,
    data,
    output: () => said.join('\n'),
    /** Ends the program as a person would, and removes its data. */
    stop: () => end('SIGTERM'),
    /** Ends it without warning and keeps the data, for what must survive that. */
    kill: () => end('SIGKILL'),
  };
}

/** Runs a command of the program on the data of one that is running, and answers what it printed. */
export async function command(app, ...args) {
  const { stdout } = await promisify(execFile)(program, [...args, '--db', join(app.data, 'demo.db')]);
  return stdout;
}

/** Starts Debian's Chromium, quiet and without any wish to call home. */
export function startBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/**
 * A fresh page (its own cookies) in one language.
 * @param {import('playwright-core').Browser} browser
 * @param {{url: string}} app
 * @param {{width?: number, lang?: 'zh'|'en', script?: boolean}} [options]
 */
export async function newPage(browser, app, { width = 1280, lang = 'zh', script = true, ...more } = {}) {
  const context = await browser.newContext({
    baseURL: app.url,
    viewport: { width, height: 900 },
    locale: lang === 'en' ? 'en-GB' : 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    javaScriptEnabled: script,
    ...more,
  });
  context.setDefaultTimeout(15_000);
  return context.newPage();
}

/**
 * Signs in and ends on the page that follows.
 * @param {import('playwright-core').Page} page
 * @param {string} name the account's name
 */
export async function login(page, name, password = PASSWORD) {
  await page.goto('/login');
  // By their ids: the demonstration's sign-in page has a form of its own for each account.
  await page.locator('#f-name').fill(name);
  await page.locator('#f-password').fill(password);
  await Promise.all([page.waitForURL((to) => to.pathname !== '/login'), page.locator('#f-password').press('Enter')]);
}

/** The program and a browser for the walks of one file. */
export const world = {};

/** Starts both before the walks of a file and ends them after. */
export function each(before, after) {
  before(async () => {
    [world.app, world.browser] = await Promise.all([startApp(), startBrowser()]);
  });
  after(async () => {
    await world.browser?.close();
    await world.app?.stop();
  });
}

/** Opens a page signed in as an account, or as nobody, hands it to the walk and closes it. */
export async function as(account, walk, options) {
  const page = await newPage(world.browser, world.app, options);
  try {
    if (account) await login(page, account);
    return await walk(page);
  } finally {
    await page.context().close();
  }
}
