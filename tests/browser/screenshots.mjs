// Pictures of a built site's main templates, for the README and the handbook, and to look at.
//
//   node screenshots.mjs SITE OUT [PAGE=NAME[:dark][:phone]]…      writes OUT/NAME.png
import path from 'node:path';
import { chromium } from 'playwright-core';
import { FLAGS, serve } from './site.mjs';

const [site, out, ...wanted] = process.argv.slice(2);
const { base, close } = await serve(site);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
for (const one of wanted) {
  const [address, rest] = one.split('=');
  const [name, ...how] = rest.split(':');
  const context = await browser.newContext({
    colorScheme: how.includes('dark') ? 'dark' : 'light',
    viewport: how.includes('phone') ? { width: 375, height: 760 } : { width: 1366, height: 800 },
  });
  const page = await context.newPage();
  const [file, query] = address.split('?');
  await page.goto(base + file);
  if (query) {
    // As a reader who searches.
    await page.keyboard.press('/');
    await page.keyboard.type(query, { delay: 30 });
    await page.waitForSelector('.hits li');
  }
  await page.waitForTimeout(100);
  await page.screenshot({ path: path.join(out, `${name}.png`) });
  await context.close();
}
await browser.close();
close();
