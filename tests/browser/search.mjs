// oathbook's search against Pagefind's, on the same pages and queries: mean reciprocal rank of the first right page
// among the first ten, and bytes of a first query.
//
//   npm install --no-save pagefind@1.6.0      to have something to compare with
//   node search.mjs QUERIES BOOK=SITE…        SITE: a built site
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { chromium } from 'playwright-core';
import { FLAGS, serve } from './site.mjs';

const [queries, ...sites] = process.argv.slice(2);
const here = path.dirname(new URL(import.meta.url).pathname);
const pagefind = path.join(here, 'node_modules', '.bin', 'pagefind');
const rows = fs.readFileSync(queries, 'utf8').split('\n').filter((line) => line && !line.startsWith('#')).map((line) => line.split('\t'));

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
const ranks = { oathbook: [], pagefind: [] };
const missed = [];
for (const entry of sites) {
  const [book, site] = entry.split('=');
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'oathbook-search-'));
  fs.cpSync(site, root, { recursive: true });
  // What is no page of the book itself would only be in the way of either engine.
  const rest = ['print.html', '404.html', 'contents.html'];
  const withPagefind = fs.existsSync(pagefind);
  if (withPagefind) {
    const pages = path.join(root, 'pf');
    fs.cpSync(site, pages, { recursive: true, filter: (file) => !rest.includes(path.basename(file)) && path.basename(file) !== 'search.html' });
    execFileSync(pagefind, ['--site', pages, '--root-selector', 'main', '--output-path', path.join(root, 'pagefind')], { stdio: 'ignore' });
  }
  let bytes = 0;
  const weigh = (file, body) => { if (!file.endsWith('.html')) bytes += zlib.gzipSync(body).length; };
  const { base, close } = await serve(root, { policy: null, loaded: weigh });
  const page = await browser.newPage();
  await page.goto(`${base}search.html`);
  const bare = bytes;
  let first = null;
  for (const [, query, wanted] of rows.filter(([name]) => name === book)) {
    const accepted = wanted.split(' ').map((name) => `${name}.html`);
    const rank = (urls) => {
      const seen = [...new Set(urls.map((url) => url.split('#')[0].replace(/^\/?(pf\/)?/, '').replace(/^index\.html$/, 'hello.html')))].slice(0, 10);
      const at = seen.findIndex((url) => accepted.includes(url) || accepted.includes(url.replace(/\/index\.html$/, '.html')));
      return [at < 0 ? 0 : 1 / (at + 1), seen];
    };
    const ours = await page.evaluate((q) => new Promise((done) => window.oathbookSearch.search(q, (found) => done(found.map((row) => row[2])))), query);
    if (first === null) first = bytes - bare;
    const [one, seen] = rank(ours);
    ranks.oathbook.push(one);
    let two = null;
    if (withPagefind) {
      const urls = await page.evaluate(async (q) => {
        window.pf ??= await import('/pagefind/pagefind.js');
        const found = await window.pf.search(q);
        return Promise.all(found.results.slice(0, 10).map(async (result) => (await result.data()).url));
      }, query);
      [two] = rank(urls);
      ranks.pagefind.push(two);
    }
    if (one < 1) missed.push(`${book} "${query}": oathbook ${one.toFixed(2)}${two === null ? '' : ` pagefind ${two.toFixed(2)}`}  ${seen.slice(0, 4).join(' ')}`);
  }
  console.log(`${book}: first query ${(first / 1000).toFixed(1)} kB gzip beside the page`);
  await page.close();
  close();
  fs.rmSync(root, { recursive: true, force: true });
}
await browser.close();
const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;
if (process.env.VERBOSE) console.log(missed.join('\n'));
const ours = mean(ranks.oathbook);
if (ranks.pagefind.length) {
  const theirs = mean(ranks.pagefind);
  console.log(`search, ${rows.length} queries: mean reciprocal rank oathbook ${ours.toFixed(3)}, Pagefind ${theirs.toFixed(3)}`);
  process.exit(ours >= theirs ? 0 : 1);
}
console.log(`search, ${rows.length} queries: mean reciprocal rank ${ours.toFixed(3)} (Pagefind is not installed)`);
