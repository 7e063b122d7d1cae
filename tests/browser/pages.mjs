// Pages of a built site in Chromium: accessibility, content security policy, requests and weight.
//
//   node pages.mjs SITE PAGE…      PAGE: an address below SITE; prints a line for each, exit 1 if anything is wrong
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import zlib from 'node:zlib';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const [site, ...pages] = process.argv.slice(2);
const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'";
const TYPES = { html: 'text/html', css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml', png: 'image/png', json: 'application/json' };
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];

const server = http.createServer((request, response) => {
  const file = path.join(site, decodeURIComponent(new URL(request.url, 'http://x').pathname));
  if (!path.resolve(file).startsWith(path.resolve(site)) || !fs.existsSync(file) || fs.statSync(file).isDirectory()) {
    response.writeHead(404);
    return response.end();
  }
  response.writeHead(200, { 'content-type': TYPES[path.extname(file).slice(1)] ?? 'application/octet-stream', 'content-security-policy': POLICY });
  response.end(fs.readFileSync(file));
}).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const base = `http://127.0.0.1:${server.address().port}/`;

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
let wrong = 0;
const weights = [];
for (const address of pages) {
  for (const colorScheme of ['light', 'dark']) {
    for (const width of [1366, 375]) {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 }, bypassCSP: false });
      const page = await context.newPage();
      const requests = [], problems = [];
      page.on('request', (request) => requests.push(request.url()));
      page.on('console', (message) => { if (message.type() === 'error' && !/favicon/.test(message.location().url)) problems.push(message.text()); });
      page.on('pageerror', (error) => problems.push(String(error)));
      await page.goto(base + address);
      await page.waitForTimeout(50);
      const own = requests.filter((url) => !url.endsWith('favicon.ico'));
      if (colorScheme === 'light' && width === 1366) {
        const weight = own.map((url) => zlib.gzipSync(fs.readFileSync(path.join(site, decodeURIComponent(new URL(url).pathname)))).length).reduce((a, b) => a + b, 0);
        weights.push(weight);
        if (own.length > 5 && !address.startsWith('search')) problems.push(`${own.length} requests`);
      }
      // axe itself is put in through the debugger, which no policy stops.
      const session = await context.newCDPSession(page);
      await session.send('Runtime.evaluate', { expression: axe });
      const result = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
      for (const violation of result.violations) problems.push(`axe ${violation.id}: ${violation.nodes.length} × ${violation.nodes[0].html.slice(0, 110)}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (wide > 1) problems.push(`${wide} px wider than the screen`);
      for (const problem of problems) console.log(`${address} ${colorScheme} ${width}: ${problem}`);
      wrong += problems.length;
      await context.close();
    }
  }
}
await browser.close();
server.close();
weights.sort((a, b) => a - b);
console.log(`pages: ${pages.length} in light and dark at 1366 and 375 px: ${wrong} problems; median weight ${weights[weights.length >> 1]} bytes gzip`);
process.exit(wrong ? 1 : 0);
