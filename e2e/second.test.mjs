// Two-step sign-in as a person meets it: six digits of an authenticator app, and a passkey made and used by the page's own script
// with an authenticator that the browser plays.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PASSWORD, each, newPage, world } from './app.mjs';
import { digits } from './totp.mjs';

const TOWN = 'liangshuiwang';

each(before, after);

async function password(page, at) {
  await page.goto(`${at}/login`);
  await page.fill('form[action="/login"] input[name=name]', TOWN);
  await page.fill('form[action="/login"] input[name=password]', PASSWORD);
  await page.click('form[action="/login"] .end button');
}

// R189
test('digits and a passkey open what the password alone does not', async () => {
  const at = world.app.url.replace('127.0.0.1', 'localhost'); // passkeys need a name
  const page = await newPage(world.browser, world.app);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await password(page, at);
  await page.goto(`${at}/me/second`);

  // the app on the telephone
  await page.fill('#totp-old', PASSWORD);
  await page.click('#totp button[type=submit]');
  const key = await page.locator('p.digits').innerText();
  await page.fill('input[name=code]', digits(key));
  await page.click('main .end button');
  assert.equal(await page.locator('ol.digits li').count(), 10);

  // a passkey: a wrong password is said beside the button, then it is made
  await page.goto(`${at}/me/second`);
  await page.fill('#new-name', '办公室电脑');
  await page.fill('#new-old', 'not the password');
  await page.click('#passkeys [data-passkey] button');
  await page.locator('#passkeys [role=status]', { hasText: '密码不对' }).waitFor();
  await page.fill('#new-old', PASSWORD);
  await page.click('#passkeys [data-passkey] button');
  await page.locator('#passkeys .rows', { hasText: '办公室电脑' }).waitFor();

  // the second step with the passkey
  const out = async () => {
    await page.goto(`${at}/me`);
    await page.click('form[action="/logout"] button');
  };
  await out();
  await password(page, at);
  await page.waitForURL(/\/login\/second/);
  await page.click('[data-passkey] button');
  await page.waitForURL(`${at}/`);

  // and alone
  await out();
  await page.click('form[action="/login/passkey"] button');
  await page.waitForURL(`${at}/`);

  // the digits, of the period after the one that was used up
  await out();
  await password(page, at);
  await page.fill('input[name=code]', digits(key, 1));
  await page.click('form[action="/login/second"] .end button');
  await page.waitForURL(`${at}/`);
  await page.context().close();
});

// Without a passkey in the browser the page says so, and asks for the digits.
test('without script the page says that the browser cannot', async () => {
  const page = await newPage(world.browser, world.app, { javaScriptEnabled: false });
  await page.goto(world.app.url.replace('127.0.0.1', 'localhost') + '/login');
  assert.equal(await page.locator('[data-passkey] button').isVisible(), false);
  assert.match(await page.locator('[data-passkey]').innerText(), /用不了通行密钥/);
  await page.context().close();
});
