// What the scripts share: a built site over HTTP on loopback, with the strictest policy it must live under.
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';

export const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'";
const TYPES = { html: 'text/html; charset=utf-8', css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml', png: 'image/png', json: 'application/json', txt: 'text/plain', xml: 'application/xml', wasm: 'application/wasm' };

// `base` is the address of the site's root; `loaded(file, body)` is told of every answer.
export async function serve(root, { policy = POLICY, loaded = () => {} } = {}) {
  const server = http.createServer((request, response) => {
    const file = path.join(root, decodeURIComponent(new URL(request.url, 'http://x').pathname));
    if (!path.resolve(file).startsWith(path.resolve(root)) || !fs.existsSync(file) || fs.statSync(file).isDirectory()) {
      response.writeHead(404);
      return response.end();
    }
    const body = fs.readFileSync(file);
    loaded(file, body);
    const headers = { 'content-type': TYPES[path.extname(file).slice(1)] ?? 'application/octet-stream' };
    if (policy) headers['content-security-policy'] = policy;
    response.writeHead(200, headers);
    response.end(body);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return { base: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

export async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
