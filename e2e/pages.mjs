// One address per template. A new template gets a line here, and with it the
// check for accessibility and a picture in both languages and at both widths.
//
// `as` is the account that opens it; without it the page is open to all.
// `path` may be a function (page) => address, for pages whose address is known
// only from another page.

/** @type {{name: string, path: string | ((page: import('playwright-core').Page) => Promise<string>), as?: string, status?: number}[]} */
export const pages = [
  { name: 'login', path: '/login' },
];

/** The widths of a small telephone and of an office screen. */
export const widths = [320, 1280];

/** The two languages. */
export const langs = ['zh', 'en'];
