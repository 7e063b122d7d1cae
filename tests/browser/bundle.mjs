// The handbook's runbooks in one file, opened from the disk as on a phone without a network: nothing is asked for, a runbook
// is found and followed, and each is printed on one sheet.
//
//   node bundle.mjs FILE      prints a line for each problem, exit 1 if there is one
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { FLAGS } from './site.mjs';

const file = `file://${process.argv[2]}`;
const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
let wrong = 0;
const expect = (what, holds) => {
  if (holds) return;
  wrong++;
  console.log(what);
};

async function open(options) {
  const context = await browser.newContext(options);
  await context.setOffline(true);
  const page = await context.newPage();
  page.on('request', (request) => expect(`asks ${request.url()}`, request.url().split('#')[0] === file || request.url().startsWith('data:')));
  page.on('console', (message) => expect(`console: ${message.text()}`, message.type() !== 'error'));
  page.on('pageerror', (error) => expect(String(error), false));
  await page.goto(file);
  return page;
}
const shown = (page) => page.locator('h1:visible').allTextContents();

// Each page on its own, as wide as the screen, by the rules of accessibility.
for (const colorScheme of ['light', 'dark']) for (const width of [375, 1366]) {
  const page = await open({ colorScheme, viewport: { width, height: 800 } });
  const links = await page.locator('.front ul a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  expect('the front lists no runbooks', links.length > 5);
  for (const link of ['', ...links]) {
    await page.evaluate((to) => { location.hash = to; }, link);
    const where = `${link} ${colorScheme} ${width}`;
    expect(`${where}: not one page is shown`, (await shown(page)).length === 1);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(`${where}: ${wide} px wider than the screen`, wide < 2);
    if (!(await page.evaluate(() => !!window.axe))) {
      const session = await page.context().newCDPSession(page);
      await session.send('Runtime.evaluate', { expression: axe });
    }
    const result = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
    for (const violation of result.violations) expect(`${where}: axe ${violation.id}: ${violation.nodes[0].html.slice(0, 110)}`, false);
  }
  await page.context().close();
}

// A reader with a phone: searches, with a typo, opens the runbook, ticks its steps, follows a link and comes back.
const page = await open({ viewport: { width: 375, height: 800 } });
await page.keyboard.press('/');
await page.keyboard.type('relase deploy');
await page.waitForSelector('.hits li');
const found = await page.locator('.hits a').allTextContents();
expect(`the search finds ${found[0]}`, found[0].startsWith('Deploy a release'));
await page.keyboard.press('ArrowDown');
await page.keyboard.press('Enter');
await page.waitForFunction(() => location.hash === '#deploy-a-release');
expect('the runbook is not shown', (await shown(page)).join() === 'Deploy a release');
const steps = page.locator('.sheet:has(:target) .tick input');
expect('its steps have no boxes', (await steps.count()) === 12);
for (const step of await steps.all()) await step.check();
expect('a box is not ticked', (await page.locator('.sheet:has(:target) .tick :checked').count()) === 12);
await page.locator('.sheet:has(:target) a', { hasText: 'Roll back a release' }).click();
expect('a link to another runbook leads nowhere', (await shown(page)).join() === 'Roll back a release');
await page.goBack();
expect('the way back is lost', (await shown(page)).join() === 'Deploy a release');
expect('the ticks are lost', (await steps.first().isChecked()));
await page.context().close();

// What is not in the file says so.
const away = await open({ viewport: { width: 375, height: 800 } });
await away.evaluate(() => { location.hash = '#the-database-is-unavailable'; });
await away.locator('.sheet:has(:target) .away').first().click();
expect('a link out of the file does not say so', (await shown(away)).join() === 'Not in this file');

// On paper: each runbook on one sheet, the long ones on both of its sides; index pages and the page of nine faults take what they need.
const long = ['#recovery-of-the-search-service', '#faults-that-must-show'];
const pages = (pdf) => (pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g) ?? []).length;
const print = () => away.pdf({ format: 'A4', preferCSSPageSize: true });
const links = await away.locator('.front ul a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
let single = 0;
let sum = 0;
for (const link of links) {
  await away.evaluate((to) => { location.hash = to; }, link);
  const count = pages(await print());
  expect(`${link} is printed on ${count} pages`, count <= 2 || long.includes(link));
  single += count === 1;
  sum += count;
}
await away.goto(file);
const all = pages(await print());
// The list at the front takes a page, or two.
expect(`the whole is printed on ${all} pages, its parts on ${sum}`, all === sum + 1 || all === sum + 2);
console.log(`figure: ${single} of ${links.length} pages of the bundle are printed on one page`);
await away.context().close();

// Without scripts links lead on, and where a browser does not know how to show one page, all are shown.
const bare = await open({ javaScriptEnabled: false, viewport: { width: 375, height: 800 } });
await bare.locator('.front ul a', { hasText: 'Restart after a crash' }).click();
expect('without scripts: the runbook is not shown', (await bare.locator('h1:visible').allTextContents()).join() === 'Restart after a crash');
await bare.context().close();

await browser.close();
console.log(`bundle: light and dark at 375 and 1366 px, from the disk, without scripts, on paper: ${wrong} problems`);
process.exit(wrong ? 1 : 0);
