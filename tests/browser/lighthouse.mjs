// Lighthouse on pages of a built site: accessibility, best practices and search engines must each give 100.
//
//   npm install --no-save lighthouse@12.8.2
//   node lighthouse.mjs SITE PAGE…      prints a line for each page, exit 1 if a score is under 100
import { chromium } from 'playwright-core';
import lighthouse from 'lighthouse';
import { FLAGS, freePort, serve } from './site.mjs';

const [site, ...pages] = process.argv.slice(2);
const CATEGORIES = ['accessibility', 'best-practices', 'seo'];
const { base, close } = await serve(site);
const port = await freePort();
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: [...FLAGS, `--remote-debugging-port=${port}`] });
let low = 0;
for (const address of pages) {
  const options = { port, onlyCategories: CATEGORIES, logLevel: 'error', output: 'json' };
  const { lhr } = await lighthouse(base + address, options);
  const scores = CATEGORIES.map((name) => Math.round(lhr.categories[name].score * 100));
  console.log(`lighthouse ${scores.join(' ')} ${address}`);
  for (const category of CATEGORIES) {
    for (const { id, weight } of lhr.categories[category].auditRefs) {
      const audit = lhr.audits[id];
      if (weight && audit.score !== null && audit.score < 1) console.log(`  ${category}: ${audit.title}`);
    }
  }
  low += scores.filter((score) => score < 100).length;
}
await browser.close();
close();
process.exit(low ? 1 : 0);
