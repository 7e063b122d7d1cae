// Bytes of a first query in a large book: pages put together from the sections of real books, so that words are as
// common as they are in life, and each with names of its own.
//
//   node search-size.mjs OATHBOOK PAGES BOOK…      BOOK: a folder with Markdown; exit 1 if the bar is missed
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import vm from 'node:vm';
import zlib from 'node:zlib';

const BAR = 150_000;
const [program, count, ...books] = process.argv.slice(2);
const sections = [];
for (const book of books) {
  for (const file of fs.readdirSync(book, { recursive: true }).filter((name) => name.endsWith('.md'))) {
    const text = fs.readFileSync(path.join(book, file), 'utf8').replace(/\{\{.*?\}\}/g, '').replace(/\]\([^)]*\)/g, '](README.md)');
    sections.push(...text.split(/^(?=## )/m).filter((part) => part.length > 200 && part.length < 8000));
  }
}
// A generator with a seed (mulberry32), so that each run makes the same book.
let seed = 7;
const random = () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'oathbook-search-size-'));
fs.mkdirSync(path.join(root, 'src'));
fs.writeFileSync(path.join(root, 'book.toml'), '[book]\ntitle = "Large"\n');
let summary = '';
for (let n = 0; n < +count; n++) {
  const parts = Array.from({ length: 3 }, () => sections[Math.floor(random() * sections.length)].replace(/^# /gm, '## '));
  fs.writeFileSync(path.join(root, 'src', `p${n}.md`), `# Page ${n} of unit_${n % 997}\n\nHere is \`setting_${n}\`.\n\n${parts.join('\n\n')}`);
  summary += `- [Page ${n}](p${n}.md)\n`;
}
fs.writeFileSync(path.join(root, 'src', 'SUMMARY.md'), summary);
const site = path.join(root, 'site');
try {
  execFileSync(program, ['build', root, '-d', site, '--quiet'], { stdio: ['ignore', 'ignore', 'ignore'] });
} catch { /* Findings: the links of quoted sections lead nowhere. */ }

// The site's own script, told to load its shards from the folder: what it loads is what a reader's browser would.
function ask(query) {
  let bytes = 0;
  const load = (name) => {
    const body = fs.readFileSync(path.join(site, name));
    bytes += zlib.gzipSync(body).length;
    return body.toString();
  };
  const window = {};
  const element = () => ({ dataset: {} });
  const document = {
    querySelector: () => null, getElementById: () => null, createElement: element, currentScript: { src: '' },
    head: { appendChild: (script) => { vm.runInContext(load(script.src), context); script.onload(); } },
  };
  const context = vm.createContext({ window, document, URLSearchParams, location: { search: '' }, URL });
  Object.defineProperty(context, 'oathbookSearch', { get: () => window.oathbookSearch, set: (value) => { window.oathbookSearch = value; } });
  vm.runInContext(load('search/meta.js'), context);
  vm.runInContext(load(fs.readdirSync(site).find((name) => /^search-.*\.js$/.test(name))), context);
  let found = 0;
  window.oathbookSearch.search(query, (rows) => { found = rows.length; });
  return { bytes, found };
}

const queries = ['ownership', 'lifetime elision', 'unit_77', 'setting_4711', 'how to return an error', 'closur', 'drop chekc', 'the', 'mem::forget', 'send and sync'];
const rows = queries.map((query) => ({ query, ...ask(query) }));
for (const { query, bytes, found } of rows) console.log(`${String(bytes).padStart(8)} bytes, ${String(found).padStart(2)} results: ${query}`);
const sorted = rows.map((row) => row.bytes).sort((a, b) => a - b);
const shown = fs.readdirSync(path.join(site, 'search')).length;
console.log(`first query at ${count} pages: median ${(sorted[sorted.length >> 1] / 1000).toFixed(1)} kB, most ${(sorted.at(-1) / 1000).toFixed(1)} kB gzip with the script (${shown} files in the index)`);
fs.rmSync(root, { recursive: true, force: true });
process.exit(sorted.at(-1) <= BAR ? 0 : 1);
