// One line per template. A new template gets a line here, and with it the
// check for accessibility and a picture in both languages and at both widths.
//
// `as` is the account that opens it; without it the page is open to all.
// `path` is an address, or `from(list, pattern)`: the first link on a list whose
// address matches. Records have new addresses in every demonstration.
// `then` goes on from there, to pages that only a form leads to.

import { PASSWORD } from './app.mjs';

const OFFICE = 'chenyulan';
const COUNTY = 'zhouwenqin';
const TOWNSHIP = 'liangshuiwang';
const AUDITOR = 'xusuqing';
const PARTNER = 'hezhiyuan';

/** @typedef {import('playwright-core').Page} Page */

/** Who reads in a browser page, and where the lists led that were opened there: many templates start from one list. */
const readers = new WeakMap();
const lists = new WeakMap();

/** Says who reads in a browser page from now on. */
export const readBy = (page, account) => readers.set(page, account);

/** Where the links of a list lead, looked up once for each reader. */
async function linksOf(page, start) {
  if (!lists.has(page)) lists.set(page, new Map());
  const seen = lists.get(page);
  const key = `${readers.get(page)} ${start}`;
  if (!seen.has(key)) {
    await page.goto(start);
    seen.set(key, await page.locator('a[href]').evaluateAll((links) => links.map((a) => a.getAttribute('href'))));
  }
  return seen.get(key);
}

/** The first address on a page that matches, with what is put after it. */
const from = (list, pattern, tail = '') => async (page) => {
  const start = typeof list === 'function' ? await list(page) : list;
  const all = await linksOf(page, start);
  const hit = all.find((href) => pattern.test(href));
  if (!hit) throw new Error(`no link like ${pattern} on ${start}`);
  return (tail ? hit.replace(/[?#].*/, '') : hit) + tail;
};

const base = (tail) => from('/base', /^\/base\/\d+-\w+$/, tail);
const team = (tail) => from('/team', /^\/team\/\d+-\w+$/, tail);
const project = (tail) => from('/project', /^\/project\/\d+-\w+$/, tail);
const reform = (tail) => from('/reform', /^\/reform\/\d+-\w+$/, tail);
const programme = (tail) => from('/reform', /^\/reform\/programme\/\d+-\w+$/, tail);
const campaign = (tail) => from('/campaign', /^\/campaign\/\d+-\w+$/, tail);
const duty = (tail) => from(campaign(), /^\/campaign\/\d+-\w+\/duty\/\w+$/, tail);
const notice = (tail, query = '') => from('/notice' + query, /^\/notice\/\d+-\w+$/, tail);
const answer = (tail) => from('/notice', /^\/notice\/\d+-\w+\/unit\/\w+$/, tail);
const plan = (tail) => from('/plan', /^\/plan\/\d+-\w+$/, tail);
const planItem = (tail) => from(plan(''), /^\/plan\/item\/\d+-\w+$/, tail);
const survey = (name, tail = '') => async (page) => {
  await page.goto('/survey');
  const href = await page.locator('main a', { hasText: name }).first().getAttribute('href');
  return tail ? href.replace(/[?#].*/, '') + tail : href;
};
const CENSUS = '年阵地普查', RUNNING = '青少年课后服务情况调查';
/** A unit's sheet of a survey, also of one that all have answered. */
const sheet = (name, tail) => async (page) => {
  const at = await survey(name)(page);
  return from(at + (at.includes('?') ? '&' : '?') + 'list=all', /^\/survey\/\d+-\w+\/unit\/\w+$/, tail)(page);
};
const shared = (tail, query = '') => from('/library?mine=1' + query, /^\/d\/\d+$/, tail);
const sharedAct = (act, query = '') => from(shared('', query), new RegExp(`^/library/[\\w-]+/${act}$`));
const mechanisms = (tail) => from('/guarantee', /^\/guarantee\/\d+-\w+$/, tail);
const meeting = (tail, query = '') => from('/meeting' + query, /^\/meeting\/\d+-\w+$/, tail);
const decision = (tail, query = '') => from('/decision' + query, /^\/decision\/\d+-\w+$/, tail);
const heldMeeting = (tail) => meeting(tail, `?q=${encodeURIComponent('经费保障')}`);
const contact = (tail) => from('/contact', /^\/contact\/\d+-\w+$/, tail);
const partner = (tail) => from('/body', /^\/body\/\d+-\w+$/, tail);
const assignment = (tail) => from('/assign', /^\/assign\/\d+-\w+$/, tail);
const activity = (tail) => from('/activity', /^\/activity\/\d+-\w+$/, tail);
const camp = (tail) => from('/activity?class=camp&status=planned', /^\/activity\/\d+-\w+$/, tail);
const sealed = (tail) => from('/seal', /^\/seal\/\d+-\w+$/, tail);
// One that gives a certificate: its people are named.
const course = (tail) => from('/training?state=held&subject=%E5%B2%97%E5%89%8D%E5%9F%B9%E8%AE%AD', /^\/training\/\d+-\w+$/, tail);
const plannedCourse = (tail) => from('/training?state=planned', /^\/training\/\d+-\w+$/, tail);
const volunteer = (tail) => from('/volunteer', /^\/volunteer\/\d+-\w+$/, tail);
const speech = (tail) => from('/speech', /^\/speech\/\d+-\w+$/, tail);

/** Sends the page's main form as it is. */
const send = (page) => page.locator('main form[method="post"] .end button, main form[method="post"] .btn').first().click();

/** Goes on with a form that comes back with what has to be changed. press sends it where another button stands before it. */
const refused = async (page, press = send) => {
  for (const box of await page.locator('main form[method="post"] input[required], main form[method="post"] textarea[required]').all()) {
    await box.evaluate((el) => el.removeAttribute('required'));
  }
  await Promise.all([page.waitForResponse((r) => r.request().method() === 'POST'), press(page)]);
  await page.locator('.errsum').waitFor();
};
/** The report of a task, below the button that receives it. */
const report = (page) => page.locator('main form[method="post"] .end button').last().click();

/** @type {{name: string, path: string | ((page: Page) => Promise<string>), as?: string, status?: number, then?: (page: Page) => Promise<void>}[]} */
export const pages = [
  { name: 'login', path: '/login' },
  { name: 'login-refused', path: '/login', then: refused, status: 200 },
  { name: 'invite', path: '/invite' },
  { name: 'manual', path: '/manual' },
  { name: 'not-found', path: '/nothing/here', status: 404, as: OFFICE },

  { name: 'home', path: '/', as: OFFICE },
  { name: 'home-township', path: '/', as: TOWNSHIP },
  { name: 'home-auditor', path: '/', as: AUDITOR },
  { name: 'add', path: '/add', as: OFFICE },
  { name: 'all', path: '/all', as: OFFICE },
  { name: 'site', path: '/site', as: OFFICE },
  { name: 'drafts', path: '/draft', as: TOWNSHIP },
  { name: 'draft-opened', path: from('/draft', /^\/activity\/new\?.*draft=/), as: TOWNSHIP },
  { name: 'search', path: '/search?q=%E9%98%B5%E5%9C%B0', as: OFFICE },
  { name: 'search-nothing', path: '/search?q=zzzz', as: OFFICE },
  { name: 'search-units', path: '/search?q=nj', as: OFFICE },

  { name: 'book', path: '/book', as: OFFICE },
  { name: 'book-then', path: '/book?day=2018-12-31', as: OFFICE },
  { name: 'figure', path: '/figure/base.accredited', as: OFFICE },
  { name: 'figure-share', path: '/figure/reform.adopted_share', as: OFFICE },
  { name: 'figure-money', path: '/figure/project.signed_fen?period=2018', as: OFFICE },
  { name: 'known', path: '/figure/base.accredited/known', as: OFFICE },
  { name: 'known-then', path: '/figure/base.accredited/known?at=2019-05-01', as: OFFICE },
  { name: 'evidence', path: '/evidence/base.accredited', as: OFFICE },
  { name: 'evidence-share', path: '/evidence/reform.adopted_share', as: OFFICE },
  { name: 'evidence-money', path: '/evidence/project.signed_fen?period=2018', as: OFFICE },
  { name: 'evidence-condition', path: '/evidence/team.townships_none', as: OFFICE },
  { name: 'evidence-empty', path: '/evidence/base.accredited?day=1991-01-01', as: OFFICE },

  { name: 'bases', path: '/base', as: OFFICE },
  { name: 'bases-matrix', path: '/base/matrix', as: OFFICE },
  { name: 'bases-rank', path: '/base/rank', as: OFFICE },
  { name: 'bases-settings', path: '/base/settings', as: OFFICE },
  { name: 'base', path: base(''), as: OFFICE },
  { name: 'base-history', path: base('/history'), as: OFFICE },
  { name: 'base-new', path: '/base/new', as: OFFICE },
  { name: 'base-refused', path: '/base/new', as: OFFICE, then: refused },
  { name: 'base-edit', path: base('/edit'), as: OFFICE },
  // Both languages are tried side by side: each saves a base of its own, or one would find that the other was quicker.
  { name: 'base-saved', as: OFFICE, path: async (page) => {
    await page.goto('/base');
    const all = await page.locator('a[href]').evaluateAll((links) => links.map((a) => a.getAttribute('href')));
    const own = [...new Set(all.filter((href) => /^\/base\/\d+-\w+$/.test(href)))];
    return `${own[(await page.locator('html').getAttribute('lang')).startsWith('en') ? 1 : 0]}/edit`;
  }, then: async (page) => {
    await page.locator('#f-name').fill(`乡史陈列馆${Date.now()}`);
    await send(page);
    await page.waitForURL(/\/done/);
  } },
  ...['accredit', 'revoke', 'agreement', 'check', 'standard', 'plan', 'photo', 'remove'].map((act) => ({ name: `base-${act}`, path: base(`/${act}`), as: OFFICE })),
  { name: 'base-correct', path: from(base(''), /\/correct\?id=/), as: OFFICE },

  { name: 'teams', path: '/team', as: OFFICE },
  { name: 'teams-none', path: '/team?band=team.townships_none', as: OFFICE },
  { name: 'teams-needs', path: '/team/needs', as: OFFICE },
  { name: 'team', path: team(''), as: OFFICE },
  { name: 'team-new', path: '/team/new', as: OFFICE },
  { name: 'team-refused', path: '/team/new', as: OFFICE, then: refused },
  ...['edit', 'dissolve', 'remove'].map((act) => ({ name: `team-${act}`, path: team(`/${act}`), as: OFFICE })),

  { name: 'projects', path: '/project', as: OFFICE },
  { name: 'project', path: project(''), as: OFFICE },
  { name: 'project-new', path: '/project/new', as: OFFICE },
  { name: 'project-refused', path: '/project/new', as: OFFICE, then: refused },
  ...['edit', 'version', 'void', 'receipt', 'withdraw'].map((act) => ({ name: `project-${act}`, path: project(`/${act}`), as: OFFICE })),

  { name: 'reforms', path: '/reform', as: OFFICE },
  { name: 'reform-timetable', path: '/reform/timetable', as: COUNTY },
  { name: 'reform', path: reform(''), as: OFFICE },
  ...['parts', 'maturity', 'revoke'].map((act) => ({ name: `reform-${act}`, path: reform(`/${act}`), as: OFFICE })),
  { name: 'programme', path: programme(''), as: OFFICE },
  { name: 'programme-new', path: '/reform/programme/new', as: OFFICE },
  { name: 'programme-edit', path: programme('/edit'), as: OFFICE },

  { name: 'notice', path: '/notice', as: COUNTY },
  { name: 'notice-new', path: '/notice/new', as: COUNTY, then: refused },
  { name: 'notice-record', path: notice(), as: COUNTY },
  { name: 'notice-late', path: notice('', '?kind=task&below='), as: OFFICE },
  { name: 'notice-document', path: notice('', '?kind=policy'), as: OFFICE },
  { name: 'notice-paper', path: notice('/paper', '?kind=policy'), as: OFFICE },
  { name: 'notice-file', path: notice('/file'), as: COUNTY },
  { name: 'notice-answer', path: answer(), as: TOWNSHIP },
  { name: 'notice-pass', path: answer('/pass'), as: TOWNSHIP },
  { name: 'notice-carry', path: answer('/carry'), as: TOWNSHIP, then: refused },
  { name: 'contact', path: '/contact', as: OFFICE },
  { name: 'contact-new', path: '/contact/new', as: OFFICE, then: refused },
  { name: 'contact-record', path: contact(), as: OFFICE },
  { name: 'body', path: '/body', as: OFFICE },
  { name: 'body-new', path: '/body/new', as: OFFICE, then: refused },
  { name: 'body-record', path: partner(), as: OFFICE },
  { name: 'body-seat', path: partner('/seat'), as: OFFICE, then: refused },
  { name: 'assign', path: '/assign', as: OFFICE },
  { name: 'assign-new', path: '/assign/new', as: OFFICE, then: refused },
  { name: 'assign-record', path: assignment(), as: OFFICE },
  { name: 'mechanism', path: '/mechanism', as: COUNTY },
  { name: 'shared', path: '/shared', as: PARTNER },
  { name: 'shared-task', path: from('/shared', /^\/shared\/\d+-\w+$/), as: PARTNER, then: (page) => refused(page, report) },
  { name: 'shared-entry', path: from('/shared', /^\/shared\/entry\/\d+-\w+$/), as: PARTNER },
  { name: 'campaign', path: '/campaign', as: COUNTY },
  { name: 'campaign-new', path: '/campaign/new', as: COUNTY, then: refused },
  { name: 'campaign-record', path: campaign(), as: COUNTY },
  { name: 'campaign-city', path: campaign(), as: OFFICE },
  { name: 'campaign-remove', path: campaign('/remove'), as: COUNTY },
  { name: 'campaign-duty', path: duty(), as: COUNTY },
  { name: 'campaign-duty-township', path: duty(), as: TOWNSHIP },
  { name: 'campaign-plan', path: duty('/plan'), as: TOWNSHIP },
  { name: 'campaign-report', path: duty('/report'), as: TOWNSHIP },

  { name: 'activities', path: '/activity', as: OFFICE },
  { name: 'activity', path: activity(''), as: COUNTY },
  { name: 'activity-new', path: '/activity/new', as: TOWNSHIP },
  { name: 'activity-refused', path: '/activity/new', as: TOWNSHIP, then: refused },
  { name: 'activity-edit', path: activity('/edit'), as: COUNTY },
  { name: 'activity-incident', path: activity('/incident'), as: COUNTY },
  { name: 'activity-incidents', path: activity('/incidents'), as: COUNTY },
  { name: 'activity-photo', path: activity('/photo'), as: COUNTY },
  { name: 'camp', path: camp(''), as: TOWNSHIP },
  { name: 'camp-list', path: camp('/minors'), as: COUNTY },
  { name: 'camp-list-closed', path: camp('/minors'), as: OFFICE, status: 403 },
  { name: 'camp-participant', path: camp('/minor'), as: TOWNSHIP },
  { name: 'camp-participant-refused', path: camp('/minor'), as: TOWNSHIP, then: refused },
  { name: 'seal-kept', path: '/seal', as: OFFICE },
  ...['', '/readings', '/grant', '/revoke', '/erase'].map((act) => ({ name: `seal${act.replace('/', '-')}`, path: sealed(act), as: act === '' || act === '/readings' ? AUDITOR : OFFICE })),
  { name: 'seal-grant-refused', path: sealed('/grant'), as: OFFICE, then: refused },
  { name: 'seal-erase-refused', path: sealed('/erase'), as: OFFICE, then: refused },
  { name: 'camp-consent', path: camp('/consent'), as: TOWNSHIP },
  { name: 'camp-withdraw', path: camp('/withdraw'), as: TOWNSHIP },
  { name: 'feedback', path: '/feedback', as: COUNTY },
  { name: 'activity-feedback', path: from('/feedback', /^\/feedback\/\d+-\w+$/, ''), as: OFFICE },
  { name: 'activity-classes', path: '/activity/classes', as: COUNTY },
  { name: 'activity-classes-form', path: activity('/classes'), as: COUNTY },
  { name: 'meeting', path: '/meeting', as: OFFICE },
  { name: 'meeting-new', path: '/meeting/new', as: OFFICE, then: refused },
  { name: 'meeting-record', path: heldMeeting(''), as: OFFICE },
  { name: 'meeting-coming', path: meeting(''), as: COUNTY },
  { name: 'meeting-reply', path: meeting('/do/reply'), as: COUNTY },
  { name: 'meeting-attend', path: heldMeeting('/do/attend'), as: OFFICE },
  { name: 'meeting-decide', path: heldMeeting('/do/decide'), as: OFFICE, then: refused },
  { name: 'meeting-minutes', path: meeting('/do/minutes', `?q=${encodeURIComponent('假期工作')}`), as: OFFICE },
  { name: 'meeting-tasks', path: heldMeeting('/tasks'), as: OFFICE },
  { name: 'meeting-paper', path: heldMeeting('/paper'), as: OFFICE },
  { name: 'meeting-speech', path: from(meeting('', '?q=%E5%85%A8%E7%9C%81'), /^\/meeting\/\d+-\w+\/speech\/\d+$/), as: OFFICE },
  { name: 'meeting-bodies', path: '/meeting/bodies', as: OFFICE },
  { name: 'meeting-body', path: from('/meeting/bodies', /^\/meeting\/bodies\?.*body=/), as: OFFICE },
  { name: 'meeting-kinds', path: '/meeting/kinds', as: OFFICE },
  { name: 'meeting-done', path: heldMeeting('/done?act=correct'), as: OFFICE },
  { name: 'shared-meeting', path: from('/shared', /^\/shared\/meeting\/\d+-\w+$/), as: PARTNER },
  { name: 'shared-decision', path: from('/shared', /^\/shared\/decision\/\d+-\w+$/), as: PARTNER },
  { name: 'decision', path: '/decision', as: OFFICE },
  { name: 'decision-overdue', path: '/decision/overdue', as: OFFICE },
  { name: 'decision-record', path: decision('', '?state=late'), as: OFFICE },
  { name: 'decision-close', path: decision('/do/close', '?state=late'), as: OFFICE, then: refused },
  { name: 'plan', path: '/plan', as: OFFICE },
  { name: 'plan-new', path: `/plan/new?year=${new Date().getFullYear() + 1}`, as: COUNTY },
  { name: 'plan-record', path: plan(''), as: OFFICE },
  { name: 'plan-add', path: plan('/add'), as: COUNTY, then: refused },
  { name: 'plan-extract', path: plan('/extract'), as: COUNTY, then: refused },
  { name: 'plan-sign', path: plan('/sign'), as: TOWNSHIP, then: refused },
  { name: 'plan-item', path: planItem(''), as: COUNTY },
  { name: 'plan-item-attach', path: planItem('/attach'), as: COUNTY },
  { name: 'plan-item-done', path: planItem('/done'), as: COUNTY, then: refused },
  { name: 'plan-late', path: '/plan/late', as: OFFICE },
  { name: 'ask', path: '/ask' },
  { name: 'ask-first', path: from('/ask', /^\/ask\?.*unit=/) },
  { name: 'ask-back', path: '/ask/back' },
  { name: 'seal-wishes', path: '/wishes', as: OFFICE },
  { name: 'seal-wish', path: from('/wishes', /^\/wishes\/[\w]+-[\w]+$/), as: OFFICE },
  { name: 'seal-wish-sheet', path: from('/wishes', /^\/wishes\/[\w]+-[\w]+$/, '/sheet'), as: OFFICE },
  { name: 'seal-wish-new', path: '/wishes/new', as: OFFICE, then: refused },
  { name: 'seal-year', path: '/seal/year', as: OFFICE },
  { name: 'seal-find', path: '/seal/find', as: OFFICE, then: refused },
  { name: 'seal-keeping', path: '/seal/keeping', as: OFFICE },
  { name: 'seal-overview', path: '/seal/grants', as: OFFICE },
  { name: 'seal-text', path: '/seal/text?purpose=camp', as: OFFICE },
  { name: 'mandatory', path: '/mandatory', as: COUNTY },
  { name: 'mandatory-law', path: '/mandatory/law', as: COUNTY },
  { name: 'mandatory-duty', path: from('/mandatory', /^\/mandatory\/[\w]+-[\w]+$/), as: COUNTY },
  { name: 'care', path: '/care', as: COUNTY },
  { name: 'care-above', path: from('/care', /^\/care\?unit=/), as: OFFICE },
  { name: 'care-desk', path: '/care/desk', as: COUNTY },
  { name: 'care-request', path: from('/care', /^\/care\/[\w]+-[\w]+$/), as: COUNTY },
  { name: 'casework', path: '/casework', as: COUNTY },
  { name: 'casework-above', path: '/casework', as: OFFICE },
  { name: 'casework-new', path: '/casework/new?class=correction', as: COUNTY },
  { name: 'casework-case', path: from('/casework?only=mine', /^\/casework\/[\w]+-[\w]+$/), as: COUNTY },
  { name: 'casework-print', path: from('/casework?only=mine', /^\/casework\/[\w]+-[\w]+$/, '/print'), as: COUNTY },
  { name: 'casework-mine', path: '/me/casework', as: TOWNSHIP },
  { name: 'aid', path: '/aid', as: COUNTY },
  { name: 'aid-new', path: '/aid/new', as: COUNTY },
  { name: 'aid-record', path: from('/aid', /^\/aid\/\d+-\w+$/), as: COUNTY },
  { name: 'aid-verify', path: from('/aid?state=applied', /^\/aid\/\d+-\w+$/, '/verify'), as: OFFICE, then: refused },
  { name: 'aid-give', path: from('/aid?state=approved', /^\/aid\/\d+-\w+$/, '/give'), as: OFFICE, then: refused },
  { name: 'aid-gifts', path: '/aid/gifts', as: OFFICE },
  { name: 'aid-gift', path: from('/aid/gifts', /^\/aid\/gift\/\d+-\w+$/), as: OFFICE },
  { name: 'aid-donors', path: '/aid/donors', as: OFFICE },
  { name: 'aid-donor', path: from('/aid/donors', /^\/aid\/donor\/\d+-\w+$/), as: OFFICE },
  { name: 'aid-kinds', path: '/aid/kinds', as: OFFICE },
  { name: 'aid-kind', path: '/aid/kinds/change?do=edit&code=study', as: OFFICE },
  { name: 'aid-limits', path: '/aid/kinds/change?do=limits', as: OFFICE },
  { name: 'aid-past', path: '/aid/past', as: COUNTY },
  { name: 'aid-paper', path: async page => { const r = await from('/aid?state=signed', /^\/aid\/\d+-\w+$/)(page); return r.replace('/aid/', '/aid/paper/'); }, as: COUNTY },
  { name: 'portal-site', path: '/s/yunzhou' },
  { name: 'portal-bases', path: '/s/ximen/bases' },
  { name: 'portal-form', path: '/s/nanjiang/volunteer' },
  { name: 'portal', path: '/portal', as: OFFICE },
  { name: 'portal-settings', path: '/portal/settings', as: OFFICE },
  { name: 'portal-figures', path: '/portal/figures', as: OFFICE },
  { name: 'portal-news', path: from('/portal', /^\/portal\/news\/[\w-]+$/), as: OFFICE },
  { name: 'portal-letter', path: from('/portal', /^\/portal\/wish\/[\w-]+$/), as: OFFICE },
  { name: 'portal-check', path: '/portal/check', as: COUNTY },
  { name: 'library', path: '/library', as: OFFICE },
  { name: 'library-found', path: '/library?q=阵地', as: COUNTY },
  { name: 'library-nothing', path: '/library?q=查无此词', as: OFFICE },
  { name: 'library-visitor', path: '/library' },
  { name: 'library-categories', path: '/library/categories', as: OFFICE },
  { name: 'library-category', path: '/library/categories/edit?code=work.notice', as: OFFICE },
  { name: 'library-category-close', path: '/library/categories/close?code=work.notice', as: OFFICE, then: refused },
  { name: 'library-new', path: '/library/new', as: TOWNSHIP },
  { name: 'library-new-refused', path: '/library/new', as: TOWNSHIP, then: refused },
  { name: 'document-shared', path: shared('', '&state=issued'), as: OFFICE },
  { name: 'document-read', path: shared('/read', '&state=issued'), as: OFFICE },
  { name: 'document-report', path: shared('/report'), as: OFFICE },
  { name: 'document-edit', path: sharedAct('edit'), as: OFFICE },
  { name: 'document-issue', path: sharedAct('issue', '&state=draft'), as: OFFICE },
  { name: 'document-speaker', path: sharedAct('speaker', '&category=work.speech'), as: OFFICE },
  { name: 'document-paper', path: sharedAct('paper', '&state=issued'), as: OFFICE },
  { name: 'document-project', path: sharedAct('project', '&state=issued'), as: COUNTY },
  { name: 'library-entry', path: '/library/entry', as: OFFICE, then: refused },
  { name: 'library-title-only', path: from('/library?q=关于推进校外教育阵地建设的指导意见', /^\/d\/\d+$/), as: OFFICE },
  { name: 'document-withdraw', path: sharedAct('withdraw', '&state=issued'), as: OFFICE },
  { name: 'document-reported', path: from('/inbox', /^\/library\/report\//), as: COUNTY },
  { name: 'guarantee', path: '/guarantee', as: OFFICE },
  { name: 'guarantee-new', path: `/guarantee/new?year=${new Date().getFullYear() + 1}`, as: COUNTY },
  { name: 'guarantee-year', path: mechanisms(''), as: COUNTY },
  { name: 'guarantee-write', path: mechanisms('/point?point=agenda'), as: COUNTY },
  { name: 'guarantee-refused', path: mechanisms('/point?point=planning'), as: TOWNSHIP, then: refused },
  { name: 'guarantee-point', path: '/guarantee/point?point=assessed', as: OFFICE },
  { name: 'budget', path: '/budget', as: OFFICE },
  { name: 'budget-county', path: '/budget', as: COUNTY },
  { name: 'budget-new', path: '/budget/new', as: COUNTY, then: refused },
  { name: 'budget-line', path: from('/budget', /^\/budget\/\d+-\w+$/, ''), as: COUNTY },
  { name: 'revenue-new', path: '/revenue/new', as: COUNTY, then: refused },
  { name: 'should', path: '/should', as: OFFICE },
  { name: 'should-new', path: '/should/new', as: COUNTY, then: refused },
  { name: 'should-one', path: from('/should', /^\/should\/\d+-\w+$/, ''), as: COUNTY },
  { name: 'should-link', path: from('/should', /^\/should\/\d+-\w+$/, '/link'), as: COUNTY, then: refused },
  { name: 'guarantee-standards', path: '/guarantee-standard', as: OFFICE },
  { name: 'guarantee-standard-new', path: '/guarantee-standard/new', as: OFFICE },
  { name: 'plan-measures', path: '/plan/measures', as: OFFICE },
  { name: 'central', path: '/central', as: COUNTY },
  { name: 'central-task', path: from('/central', /^\/central\/\d+-\w+$/, ''), as: OFFICE },
  { name: 'central-new', path: '/central/new', as: OFFICE, then: refused },
  { name: 'survey', path: '/survey', as: OFFICE },
  { name: 'survey-county', path: '/survey', as: COUNTY },
  { name: 'survey-new', path: '/survey/new', as: OFFICE, then: refused },
  { name: 'survey-record', path: survey(RUNNING), as: OFFICE },
  { name: 'survey-census', path: survey(CENSUS), as: COUNTY },
  { name: 'survey-remind', path: survey(RUNNING, '/remind'), as: OFFICE },
  { name: 'survey-answer', path: sheet(RUNNING, ''), as: OFFICE },
  { name: 'survey-answer-base', path: sheet(CENSUS, ''), as: COUNTY },
  { name: 'poll', path: '/poll', as: OFFICE },
  { name: 'poll-record', path: from('/poll', /^\/poll\/\d+-\w+$/), as: OFFICE },
  { name: 'poll-new', path: '/poll/new', as: COUNTY, then: refused },
  { name: 'poll-said', path: async (page) => (await from('/poll', /^\/poll\/\d+-\w+$/, '?done=1')(page)).replace('/poll/', '/q/'), as: OFFICE },
  { name: 'research', path: '/research', as: OFFICE },
  { name: 'research-record', path: from('/research', /^\/research\/\d+-\w+$/), as: OFFICE },
  { name: 'research-new', path: '/research/new', as: COUNTY, then: refused },
  { name: 'signal', path: '/signal', as: OFFICE },
  { name: 'signal-county', path: '/signal', as: COUNTY },
  { name: 'signal-month', path: '/signal?month=2019-04', as: COUNTY },
  { name: 'signal-reported', path: '/signal/reported', as: COUNTY },
  { name: 'signal-own', path: '/signal/own', as: TOWNSHIP },
  { name: 'signal-own-refused', path: '/signal/own', as: TOWNSHIP, then: async (page) => {
    await page.locator('[name="mind"]').fill('六个');
    await refused(page);
  } },
  { name: 'signal-own-closed', path: '/signal/own?month=2019-03', as: TOWNSHIP },
  { name: 'activity-series', path: '/activity/series', as: COUNTY },
  { name: 'activity-bases', path: '/activity/bases', as: COUNTY },
  { name: 'activity-settings', path: '/activity/settings', as: OFFICE },

  { name: 'training', path: '/training', as: OFFICE },
  { name: 'training-plan', path: '/training/plan', as: COUNTY },
  { name: 'training-renewals', path: '/training/renewals', as: OFFICE },
  { name: 'training-skills', path: from('/training/skills', /^\/training\/skills\?.*team=/), as: COUNTY },
  { name: 'training-study', path: '/training/study', as: OFFICE },
  { name: 'training-words', path: '/training/words', as: OFFICE },
  { name: 'training-course', path: course(''), as: COUNTY },
  { name: 'training-course-new', path: '/training/new', as: COUNTY },
  { name: 'training-course-refused', path: '/training/new', as: COUNTY, then: refused },
  { name: 'training-course-attend', path: course('/attend'), as: COUNTY },
  { name: 'training-course-cancel', path: plannedCourse('/cancel'), as: COUNTY },
  { name: 'training-course-done', path: course('/done?act=correct'), as: COUNTY },
  { name: 'training-course-certificate', path: from(course(''), /\/certificate\?no=/), as: COUNTY },
  { name: 'trained-unknown', path: '/trained/none', status: 404 },
  { name: 'volunteers', path: '/volunteer', as: COUNTY },
  { name: 'volunteer', path: volunteer(''), as: COUNTY },
  { name: 'volunteer-new', path: '/volunteer/new', as: TOWNSHIP },
  { name: 'volunteer-refused', path: '/volunteer/new', as: TOWNSHIP, then: refused },
  { name: 'volunteer-find', path: '/volunteer/find', as: COUNTY },
  { name: 'volunteer-structure', path: '/volunteer/structure', as: COUNTY },
  { name: 'volunteer-certificate', path: volunteer('/certificate'), as: COUNTY },
  { name: 'hours', path: '/hours', as: COUNTY },
  { name: 'hours-new', path: '/hours/new', as: COUNTY },
  { name: 'hours-mine', path: '/me/hours', as: TOWNSHIP },

  { name: 'speeches', path: '/speech', as: OFFICE },
  { name: 'speech', path: speech(''), as: OFFICE },
  { name: 'speech-new', path: '/speech/new', as: OFFICE },
  { name: 'speech-edit', path: speech('/edit'), as: OFFICE },

  { name: 'tree', path: '/tree', as: OFFICE },
  { name: 'tree-found', path: '/tree?q=nj', as: OFFICE },
  { name: 'unit', path: from('/team?band=team.townships_none', /^\/unit\/\w+$/), as: OFFICE },
  { name: 'coverage', path: '/coverage', as: OFFICE },
  { name: 'units-import', path: '/unit/import', as: OFFICE },
  { name: 'unit-posts', path: '/unit/990203013/posts', as: OFFICE },
  { name: 'unit-offices', path: '/unit/9902/offices', as: OFFICE },
  { name: 'unit-office-call', path: '/unit/9902/do/call_office?row=clerk', as: OFFICE },
  ...['appoint', 'quota', 'party', 'leader', 'facts', 'second', 'found', 'rename', 'move', 'merge', 'split', 'close'].map((act) => ({
    name: `unit-${act}`, path: from('/team?band=team.townships_none', /^\/unit\/\w+$/, `/do/${act}`), as: OFFICE,
  })),

  { name: 'inbox', path: '/inbox', as: OFFICE },
  { name: 'inbox-below', path: '/inbox?below=1', as: OFFICE },
  { name: 'inbox-sent', path: '/inbox?sent=1', as: OFFICE },
  { name: 'handover', path: '/inbox/handover', as: OFFICE },
  { name: 'case', path: from('/inbox', /^\/flow\/\d+-/), as: OFFICE },
  { name: 'case-county', path: from('/inbox', /^\/flow\/\d+-/), as: COUNTY },
  { name: 'substitute', path: '/flow/substitute', as: OFFICE },
  { name: 'courses', path: '/courses', as: OFFICE },
  { name: 'course', path: '/courses/base.accreditation', as: OFFICE },
  { name: 'course-change', path: '/courses/base.accreditation/change', as: OFFICE },

  ...['base', 'team', 'project', 'reform', 'activity', 'volunteer'].map((kind) => ({ name: `import-${kind}`, path: `/import/${kind}`, as: OFFICE })),
  { name: 'import-preview', path: '/import/team', as: OFFICE, then: async (page) => {
    await page.locator('input[type="file"]').setInputFiles({ name: '团队.csv', mimeType: 'text/csv', buffer: Buffer.from('团队名称,所属单位,成立日期\n云上宣讲队,不存在镇,2019-13-01\n') });
    await send(page);
    await page.waitForURL(/\/batch\//);
  } },

  { name: 'me', path: '/me', as: OFFICE },
  { name: 'channels', path: '/channel', as: OFFICE },
  ...['mail', 'webhook', 'dingtalk', 'wecom', 'sms'].map((kind) => ({ name: `channel-${kind}`, path: `/channel/set?kind=${kind}`, as: OFFICE })),
  { name: 'channel-refused', path: '/channel/set?kind=sms', as: OFFICE, then: refused },
  { name: 'my-channel', path: '/me/channel', as: OFFICE },
  { name: 'my-second', path: '/me/second', as: OFFICE },
  { name: 'totp', path: '/me/second', as: OFFICE, then: async (page) => {
    await page.fill('#totp-old', PASSWORD);
    await page.click('#totp button[type=submit]');
    await page.locator('svg.qr').waitFor();
  } },
  { name: 'second', path: '/login/second', as: OFFICE },
  { name: 'account-rules', path: '/account/rules', as: OFFICE },
  { name: 'accounts', path: '/account', as: OFFICE },
  { name: 'account', path: from('/account', /^\/account\/(?!new|invite|rules)[^/?]+$/), as: OFFICE },
  { name: 'account-new', path: '/account/new', as: OFFICE },
  { name: 'accounts-invite', path: '/account/invite', as: OFFICE },
  { name: 'setup-next', path: '/setup/next', as: OFFICE },
  { name: 'setup-units', path: '/setup/units', as: OFFICE },
  { name: 'audit', path: '/audit', as: AUDITOR },
];

/** An office screen at 200 %: half as wide. */
export const ZOOMED = 640;

/** The widths of a small telephone (also an office screen at 400 %), of an office screen at 200 %, and of an office screen. */
export const widths = [320, ZOOMED, 1280];

/** The two languages. */
export const langs = ['zh', 'en'];
