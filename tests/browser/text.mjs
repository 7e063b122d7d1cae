// Widths of the words in diagrams, as the pictures state them against Chromium's own measure.
//
//   node text.mjs REGULAR.ttf BOLD.ttf PICTURE.svg…      prints the worst line; exit 1 if one is off by a pixel or more
//
// The fonts are those that travel in the binary, so that the machine's own do not matter.
import fs from 'node:fs';
import { chromium } from 'playwright-core';

const [regular, bold, ...pictures] = process.argv.slice(2);
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
const MOST = 1;

const face = (file, weight) =>
  `@font-face{font-family:"Liberation Sans";font-weight:${weight};src:url(data:font/ttf;base64,${fs.readFileSync(file, 'base64')})}`;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
const page = await browser.newPage();
let lines = 0, worst = 0, where = '', sum = 0;
for (const picture of pictures) {
  const svg = fs.readFileSync(picture, 'utf8');
  await page.setContent(`<!doctype html><style>${face(regular, 400)}${face(bold, 700)}</style>${svg}`);
  const found = await page.evaluate(async () => {
    await Promise.all([400, 700].map((weight) => document.fonts.load(`${weight} 14px "Liberation Sans"`)));
    return [...document.querySelectorAll('text[textLength]')].map((text) => {
      const said = Number(text.getAttribute('textLength'));
      text.removeAttribute('textLength');
      text.removeAttribute('lengthAdjust');
      return [text.textContent, said, text.getComputedTextLength()];
    });
  });
  if (found.length === 0) throw new Error(`${picture} has no words`);
  for (const [text, said, measured] of found) {
    const off = Math.abs(said - measured);
    lines += 1;
    sum += off;
    if (off > worst) [worst, where] = [off, `"${text}" in ${picture}: ${said} said, ${measured} measured`];
  }
}
await browser.close();
console.log(`text: ${lines} lines in ${pictures.length} pictures, ${(sum / lines).toFixed(3)} px off in the mean, worst ${worst.toFixed(3)} px ${where}`);
process.exit(worst < MOST ? 0 : 1);
