// The library: a document is shared, read, found, reported, decided about and withdrawn by the people who do it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { as, each, newPage, world } from './app.mjs';
import { docx } from './docx.mjs';

const OFFICE = 'chenyulan';
const COUNTY = 'zhouwenqin';
const TOWN = 'liangshuiwang';
const NEIGHBOUR = 'caihuiqin';

each(before, after);

/** What the library answers to a search: the titles. */
const found = (account, words) =>
  as(account, async (page) => {
    await page.goto(`/library?q=${encodeURIComponent(words)}`);
    return page.locator('.found b').allInnerTexts();
  });

const TITLE = '竹乡少年宫夏令营工作汇报';
const MIDDLE = '竹编师傅手把手地教';
const PARAGRAPHS = [
  ...Array.from({ length: 60 }, (_, i) => `第${i + 1}天，营员们早起出操，上午学手艺，下午走访老党员，晚上写日记。五老志愿者全程陪着。`),
  `最受欢迎的是竹编课，${MIDDLE}，孩子们编出了第一只篮子。`,
  ...Array.from({ length: 60 }, (_, i) => `第${i + 1}组的小结：学会了合作，学会了照顾别人，也学会了自己洗衣服。`),
  '夏令营到此圆满结束。',
];

// L9 L21 L24 L25 L26 L27 L29 L30 R75 R123: by telephone, without script, from the file to its withdrawal.
test('a document is shared, found by two characters of its middle, reported, decided about and gone', async () => {
  let path;
  await as(
    TOWN,
    async (page) => {
      await page.goto('/library');
      await page.locator('main a', { hasText: '共享文件' }).first().click();
      await page.locator('input[name="file"]').setInputFiles({ name: `${TITLE}Word文件下载.txt`, mimeType: 'text/plain', buffer: Buffer.from([TITLE, ...PARAGRAPHS].join('\n')) });
      await page.locator('select[name="category"]').selectOption('work.summary');
      await page.locator('main button', { hasText: '存成草稿' }).click();
      assert.equal(await page.locator('h1').innerText(), TITLE, 'the noise of the name is gone');
      path = new URL(page.url()).pathname;
      assert.match(path, /^\/d\/\d{8}$/);
      assert.deepEqual(await found(COUNTY, MIDDLE), [TITLE], 'whoever enters for the town sees its drafts');
      assert.deepEqual(await found(NEIGHBOUR, MIDDLE), [], 'others do not');
      await page.locator('main a', { hasText: '发布' }).first().click();
      await page.locator('main button', { hasText: '发布' }).click();
      assert.equal(new URL(page.url()).pathname, path);
      await page.locator('summary', { hasText: '展开阅读全文' }).click();
      assert.ok(await page.getByText(MIDDLE).isVisible(), 'the text is read at 360 px without a download');
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, 'nothing reaches over the edge');
    },
    { javaScriptEnabled: false, viewport: { width: 360, height: 740 } },
  );
  assert.deepEqual(await found(NEIGHBOUR, '竹编'), [TITLE], 'any two characters of the middle find it');
  assert.deepEqual(await found('', '竹编'), [], 'it is not for visitors');
  await as(NEIGHBOUR, async (page) => {
    await page.goto(path);
    assert.match(await page.locator('.said').innerText(), /分享/);
    assert.ok(!(await page.locator('.said').innerText()).includes('梁水旺'), 'the sharer is masked to outsiders');
    const [file] = await Promise.all([page.waitForEvent('download'), page.locator('main a', { hasText: '下载' }).first().click()]);
    assert.equal(file.suggestedFilename(), `${TITLE}.txt`);
    await page.locator('main a', { hasText: '举报' }).click();
    await page.locator('main button', { hasText: '交给上级核对' }).click();
    assert.match(await page.title(), /^错误/);
    await page.locator('label', { hasText: '内容有误' }).click();
    await page.locator('textarea[name="words"]').fill('第三段的天数对不上');
    await page.locator('main button', { hasText: '交给上级核对' }).click();
    assert.match(await page.locator('h1').innerText(), /举报已收到/);
  });
  await as(COUNTY, async (page) => {
    await page.goto('/inbox');
    await page.locator('.todo a', { hasText: TITLE }).first().click();
    await page.locator('label', { hasText: '撤下' }).click();
    await page.locator('textarea[name="why"]').fill('天数确实写错了，改好再发');
    await page.locator('main button', { hasText: '作出决定' }).click();
    assert.match(await page.locator('main').innerText(), /已撤下/);
  });
  assert.deepEqual(await found(NEIGHBOUR, '竹编'), [], 'withdrawn, it is not found');
  await as(NEIGHBOUR, async (page) => {
    assert.equal((await page.goto(path)).status(), 404);
    assert.equal((await page.goto(`${path}/file`)).status(), 404);
  });
  await as(TOWN, async (page) => {
    await page.goto('/inbox');
    await page.locator('.todo a', { hasText: TITLE }).first().click();
    assert.match(await page.locator('main').innerText(), /天数确实写错了/);
  });
});

// L7 L10 L11 L18 L20: a Word document of nine pages comes in parts over a line that breaks, and is read page by page where LibreOffice is.
test('a Word document of nine pages is sent over a line that breaks, and read as pages', async () => {
  const pages = Array.from({ length: 9 }, (_, i) => `第${i + 1}章 茶山支教手记\n第${i + 1}天，王奶奶教孩子们采明前茶。`);
  let path;
  await as(COUNTY, async (page) => {
    let parts = 0;
    await page.route('**/library/part*', (route) => (++parts === 3 ? route.abort() : route.continue()));
    await page.goto('/library');
    await page.locator('main a', { hasText: '共享文件' }).first().click();
    await page.locator('input[name="file"]').setInputFiles({ name: '茶山支教手记.docx', mimeType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', buffer: docx(pages, 2_500_000) });
    await page.locator('select[name="category"]').selectOption('work.summary');
    await page.locator('main button', { hasText: '存成草稿' }).click();
    await page.locator('[role=status]', { hasText: '线路断了' }).waitFor();
    assert.ok((await page.locator('progress').getAttribute('value')) > 0, 'how far it has come is shown');
    await page.waitForURL(/\/d\/\d+$/);
    path = new URL(page.url()).pathname;
    assert.ok(parts >= 5, `${parts} parts`);
    await page.locator('main a', { hasText: '发布' }).first().click();
    await page.locator('main button', { hasText: '发布' }).click();
    if (process.env.STRICT || (await page.locator('#pages').count())) {
      for (let i = 0; !(await page.locator('#pages figure').count()); i++) {
        assert.ok(i < 300, 'the pages do not come');
        await page.locator('#pages a', { hasText: '看排好了没有' }).click();
      }
      assert.equal(await page.locator('#pages figure').count(), 5);
      assert.match(await page.locator('.meta').innerText(), /9页/);
      assert.match(await page.locator('#pages').innerText(), /第5页，共9页/);
      assert.ok(await page.locator('#pages img').first().evaluate((img) => img.decode().then(() => img.naturalWidth > 0)), 'the picture of the first page is there');
      assert.match(await page.locator('#pages svg').nth(1).textContent(), /第 ?2 ?天，王奶奶教孩子们采明前茶/, 'its text can be selected');
    } else {
      assert.match(await page.locator('#text').innerText(), /未按原版式排版/);
    }
  });
  assert.deepEqual(await found(NEIGHBOUR, '明前'), ['茶山支教手记'], 'two characters of its middle find it');
});

// R123 and what members make of a document: sent for review by the town, approved by the county, issued, kept, rated and commented on.
test('lecture material is approved before it is issued, and members say what they think', async () => {
  let path;
  await as(TOWN, async (page) => {
    await page.goto('/library');
    await page.locator('main a', { hasText: '共享文件' }).first().click();
    await page.locator('input[name="file"]').setInputFiles({ name: '老渡口的故事宣讲稿.txt', mimeType: 'text/plain', buffer: Buffer.from('老渡口的故事宣讲稿\n孩子们，老渡口有一位摆渡爷爷。') });
    await page.locator('select[name="category"]').selectOption('teach.lecture');
    await page.locator('main button', { hasText: '存成草稿' }).click();
    await page.waitForURL(/\/d\/\d+$/);
    path = new URL(page.url()).pathname;
    assert.equal(await page.locator('main a.btn', { hasText: /^发布/ }).count(), 0, 'it cannot be issued unseen');
    await page.locator('main a', { hasText: '送审' }).click();
    await page.locator('textarea[name="note"]').fill('下周五要讲');
    await page.locator('main button', { hasText: '送审' }).click();
    assert.match(await page.locator('main').innerText(), /送审中/);
  });
  await as(COUNTY, async (page) => {
    await page.goto('/inbox');
    await page.locator('.todo a', { hasText: '老渡口的故事宣讲稿' }).first().click();
    await page.locator('main button', { hasText: '审定通过' }).first().click();
    await page.goto(path);
    assert.match(await page.locator('main').innerText(), /周文琴审定/);
  });
  await as(TOWN, async (page) => {
    await page.goto(path);
    await page.locator('main a', { hasText: '发布' }).first().click();
    await page.locator('main button', { hasText: '发布' }).click();
  });
  await as(NEIGHBOUR, async (page) => {
    await page.goto(path);
    await page.locator('main button', { hasText: '收藏' }).click();
    await page.locator('main a', { hasText: '评分' }).click();
    await page.locator('main label', { hasText: '非常有用' }).click();
    await page.locator('main button', { hasText: '评分' }).click();
    await page.locator('main a', { hasText: '写评论' }).click();
    await page.locator('textarea[name="words"]').fill('有问题打13912345678');
    await page.locator('main button', { hasText: '发表' }).click();
    assert.equal(await page.locator('textarea[name="words"]').inputValue(), '有问题打13912345678', 'what was typed is kept');
    await page.locator('textarea[name="words"]').fill('我们这里也讲这个故事');
    await page.locator('main button', { hasText: '发表' }).click();
    assert.match(await page.locator('#said').innerText(), /1人评分，平均5\.0分[^]*我们这里也讲这个故事/);
    await page.goto('/library?kept=1');
    assert.deepEqual(await page.locator('.found b').allInnerTexts(), ['老渡口的故事宣讲稿']);
  });
});

// L7 L10 L11 L19 L20: a PDF of nine pages is read as pages, five at a time, and its text is found.
test('a PDF is read page by page', async () => {
  const blank = await world.browser.newPage(); // a page of ours forbids styles of its own
  await blank.setContent(Array.from({ length: 9 }, (_, i) => `<h1 style="break-before:${i ? 'page' : 'auto'}">第${i + 1}章</h1><p>水乡龙舟队的训练日记，第${i + 1}天练划桨。</p>`).join(''));
  const pdf = await blank.pdf({ format: 'A4' });
  await blank.close();
  await as(COUNTY, async (page) => {
    await page.goto('/library');
    await page.locator('main a', { hasText: '共享文件' }).first().click();
    await page.locator('input[name="file"]').setInputFiles({ name: '龙舟队训练日记.pdf', mimeType: 'application/pdf', buffer: pdf });
    await page.locator('main button', { hasText: '存成草稿' }).click();
    await page.locator('#pages img').first().waitFor();
    assert.equal(await page.locator('#pages img').count(), 5);
    assert.equal(await page.locator('#pages img').nth(4).getAttribute('alt'), '龙舟队训练日记，第5页');
    assert.ok(await page.locator('#pages img').first().evaluate((img) => img.decode().then(() => img.naturalWidth > 600)), 'the first page is a picture');
    await page.locator('#pages a', { hasText: '看第6至9页' }).click();
    assert.equal(await page.locator('figure').count(), 4);
    assert.match(await page.locator('figcaption').last().innerText(), /第9页，共9页/);
  });
  assert.deepEqual(await found(COUNTY, '龙舟队的训练'), ['龙舟队训练日记']);
});

// L26 L31 L33: related documents are of the same matter, and a text that is nearly another is said to be.
test('a copy is told to whoever shares it, and related documents lead to each other', async () => {
  const share = async (page, name, text) => {
    await page.goto('/library');
    await page.locator('main a', { hasText: '共享文件' }).first().click();
    await page.locator('input[name="file"]').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
    await page.locator('main button', { hasText: '存成草稿' }).click();
    await page.locator('main a', { hasText: '发布' }).first().click();
    await page.locator('main button', { hasText: '发布' }).click();
  };
  const text = Array.from({ length: 12 }, (_, i) => `第${i + 1}节，气象科普基地的讲解员带着孩子们认识风向标、雨量筒和百叶箱，记录每天的气温。`).join('\n');
  await as(OFFICE, async (page) => {
    await share(page, '气象科普活动方案.txt', text);
    await share(page, '气象科普活动方案（改）.txt', `${text}\n末了加一句：注意防雷。`);
    assert.match(await page.locator('.side').innerText(), /相同/);
    await page.locator('.side .rel a', { hasText: '气象科普活动方案' }).first().click();
    assert.equal(await page.locator('h1').innerText(), '气象科普活动方案');
  });
});

// L7 L34 R75: visitors find what is public, and nothing else.
test('a visitor reads what is public', async () => {
  await as('', async (page) => {
    await page.goto('/library');
    const titles = await page.locator('.found b').allInnerTexts();
    assert.ok(titles.includes('五老志愿者守则') && !titles.includes('在全市关工委工作会议上的讲话'), titles.join());
    await page.locator('.found a', { hasText: '五老志愿者守则' }).click();
    assert.match(await page.locator('.full').first().innerText(), /热爱祖国/);
    assert.match(await page.locator('.crumbs').innerText(), /规章制度/);
  });
});

// L33: while one types, titles that hold it or sound like it are named; by keys and without script nothing is lost.
test('the box of the library says while one types what there is', async () => {
  await as(OFFICE, async (page) => {
    await page.goto('/library');
    await page.locator('#lq').pressSequentially('zhiyuanzheshou');
    await page.locator('#suggest a', { hasText: '五老志愿者守则' }).waitFor();
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('#suggest a').count(), 0, 'Escape puts them away');
    await page.locator('#lq').fill('志愿者守');
    await page.locator('#suggest a').first().waitFor();
    assert.match(await page.locator('#suggest [role=status]').innerText(), /下面列出1条/);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/d\/\d{8}$/);
    assert.equal(await page.locator('h1').innerText(), '五老志愿者守则');
  });
  await as(
    OFFICE,
    async (page) => {
      await page.goto('/library');
      await page.locator('#lq').fill('志愿者守则');
      await page.keyboard.press('Enter');
      await page.waitForURL(/[?&]q=/);
      assert.deepEqual(await page.locator('.found b').first().innerText(), '五老志愿者守则');
      assert.ok(!(await page.locator('#suggest ul').isVisible()));
    },
    { width: 360, script: false },
  );
});
