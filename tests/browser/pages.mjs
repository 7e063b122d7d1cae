// Pages of a built site in Chromium: accessibility, content security policy and requests; then the same site with
// scripts off and from the disk, and the weight of every page.
//
//   node pages.mjs SITE PAGE…      PAGE: an address below SITE; prints a line for each problem, exit 1 if there is one
//   node pages.mjs --any SITE PAGE…      the same for a site that is not the handbook: the pages alone, nothing is searched
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { FLAGS, serve } from './site.mjs';

const any = process.argv[2] === '--any';
const [site, ...pages] = process.argv.slice(any ? 3 : 2);
const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const { base, close } = await serve(site);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
const SCREENS = ['light', 'dark'].flatMap((colorScheme) => [1366, 375].map((width) => ({ colorScheme, viewport: { width, height: 800 } })));
let wrong = 0;
const expect = (what, holds) => {
  if (holds) return;
  wrong++;
  console.log(what);
};

// What axe finds, what the policy stops, what is wider than the screen.
async function look(address, screen) {
  const context = await browser.newContext(screen);
  const page = await context.newPage();
  const requests = [], problems = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => { if (message.type() === 'error') problems.push(message.text()); });
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.goto(base + address);
  await page.waitForTimeout(50);
  if (requests.length > 5 && !address.startsWith('search')) problems.push(`${requests.length} requests`);
  for (const url of requests.filter((url) => !url.startsWith(base) && !url.startsWith('data:'))) problems.push(`asks ${url}`);
  // axe itself is put in through the debugger, which no policy stops.
  const session = await context.newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: axe });
  const result = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  for (const violation of result.violations) problems.push(`axe ${violation.id}: ${violation.nodes.length} × ${violation.nodes[0].html.slice(0, 110)}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (wide > 1) problems.push(`${wide} px wider than the screen`);
  for (const problem of problems) expect(`${address} ${screen.colorScheme} ${screen.viewport.width}: ${problem}`, false);
  await context.close();
}

// Without scripts a phone's drawer opens, tabs turn and the search form leads somewhere.
async function withoutScripts() {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 375, height: 800 } });
  const page = await context.newPage();
  await page.goto(base + pages[0]);
  expect('no scripts: the text is not shown', await page.locator('main').isVisible());
  expect('no scripts: the drawer is open before it is asked for', !(await page.locator('#nav').isVisible()));
  await page.click('.menu');
  expect('no scripts: the drawer does not open', await page.locator('#nav a').first().isVisible());
  await page.keyboard.press('Escape');
  await page.goto(base + (pages.find((address) => address.includes('write-blocks')) ?? pages[0]));
  const tab = page.locator('.tabs > label').nth(1);
  if (await tab.count()) {
    await tab.click();
    expect('no scripts: a tab does not turn', await page.locator('.tabs > .panel').nth(1).isVisible());
  }
  await page.fill('.find input', 'anchor');
  await page.press('.find input', 'Enter');
  await page.waitForURL(/search\.html\?q=anchor/);
  expect('no scripts: the search page leads nowhere', await page.locator('noscript a, main a').first().isVisible());
  await context.close();
}

// From the disk, as when the network is down: style, links and search.
async function fromTheDisk() {
  const context = await browser.newContext({ viewport: { width: 1366, height: 800 } });
  const page = await context.newPage();
  await page.goto(`file://${path.resolve(site)}/${pages[0]}`);
  expect('from disk: no style', await page.evaluate(() => getComputedStyle(document.querySelector('.columns')).display === 'grid'));
  await page.keyboard.press('/');
  await page.keyboard.type('anchor');
  await page.waitForSelector('.hits li', { timeout: 5000 });
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.protocol === 'file:' && !url.pathname.endsWith(pages[0]), { timeout: 5000 });
  expect('from disk: a result does not open', await page.locator('main h1').first().isVisible());
  await page.goto(`file://${path.resolve(site)}/search.html?q=anchor`);
  await page.waitForSelector('.results li', { timeout: 5000 });
  await context.close();
}

// What a first visit loads of every page, gzip: the page, its style sheets and its scripts.
function weigh() {
  const size = (file) => zlib.gzipSync(fs.readFileSync(file)).length;
  const sizes = new Map();
  const known = (file) => sizes.get(file) ?? sizes.set(file, size(file)).get(file);
  const all = fs.readdirSync(site, { recursive: true }).filter((name) => name.endsWith('.html') && name !== 'print.html');
  const total = (list) => list.reduce((sum, file) => sum + known(file), 0);
  const weights = [], styles = new Set(), always = new Set(), prints = new Set();
  for (const name of all) {
    const html = fs.readFileSync(path.join(site, name), 'utf8');
    const of = (pattern) => [...html.matchAll(pattern)].map((found) => path.join(site, path.dirname(name), found[1]));
    const css = of(/<link rel="stylesheet" href="([^"]+)"/g), scripts = of(/<script src="([^"]+)"/g);
    of(/<link rel="stylesheet" media="print" href="([^"]+)"/g).forEach((file) => prints.add(file));
    if (!css.length) continue; // a redirect
    css.forEach((file) => styles.add(file));
    scripts.forEach((file) => always.add(file));
    weights.push([known(path.join(site, name)) + total(css) + total(scripts), name]);
  }
  weights.sort((a, b) => a[0] - b[0]);
  const demand = fs.readdirSync(site).map((name) => path.join(site, name)).filter((file) => file.endsWith('.js') && !always.has(file));
  const figures = { median: weights[weights.length >> 1][0], css: total([...styles]), always: total([...always]), demand: total(demand) };
  console.log(`weight of ${weights.length} pages, gzip, first visit: median ${figures.median} bytes, most ${weights.at(-1)[0]} (${weights.at(-1)[1]}); style ${figures.css}, of paper alone ${total([...prints])}, scripts ${figures.always} always and ${figures.demand} on demand`);
  expect('the median page is over 10 kB', figures.median <= 10_000);
  expect('the style is over 6 kB', figures.css <= 6_000);
  expect('the style of paper is over 1 kB', total([...prints]) <= 1_000);
  expect('the scripts of every page are over 4 kB', figures.always <= 4_000);
  expect('the scripts on demand are over 6 kB', figures.demand <= 6_000);
}

for (const address of pages) for (const screen of SCREENS) await look(address, screen);
if (!any) {
  await withoutScripts();
  await fromTheDisk();
}
await browser.close();
close();
const more = any ? '' : ', without scripts, from the disk';
console.log(`pages: ${pages.length} in light and dark at 1366 and 375 px${more}: ${wrong} problems`);
if (!any) weigh();
process.exit(wrong ? 1 : 0);
