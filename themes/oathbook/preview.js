(function () {
  var d = document, me = d.currentScript, token = me.dataset.token, page = me.dataset.page;
  var socket, wait = 200, pending = [];
  function blocks(main) {
    var out = [], now = null;
    main.childNodes.forEach(function (node) {
      if (node.nodeType === 8 && node.data === 'block') { now = { mark: node, nodes: [] }; out.push(now); }
      else if (now) now.nodes.push(node);
    });
    return out;
  }
  function flash(node) {
    if (node.nodeType === 1 && node.animate && !matchMedia('(prefers-reduced-motion: reduce)').matches) {
      node.animate([{ backgroundColor: '#ffd54a66' }, { backgroundColor: 'transparent' }], 900);
    }
  }
  function text(node) { return node.outerHTML || node.data || ''; }
  // The blocks as the server sent them: open details and copy buttons are the reader's, no difference.
  var known = [];
  function read(html) {
    return blocks(new DOMParser().parseFromString(html, 'text/html').querySelector('main')).map(function (b) { return b.nodes.map(text).join(''); });
  }
  // Replaces blocks [at, at + remove) by new ones; everything else stays as it is: scroll, focus, open details.
  function splice(op) {
    var main = d.querySelector('main'), list = blocks(main), i;
    var next = list[op.at + op.remove], before = next ? next.mark : null;
    for (i = op.at; i < op.at + op.remove && i < list.length; i++) {
      list[i].nodes.forEach(function (n) { n.remove(); });
      list[i].mark.remove();
    }
    known.splice.apply(known, [op.at, op.remove].concat(op.html.map(function (html) {
      var t = d.createElement('template');
      t.innerHTML = html;
      return Array.prototype.map.call(t.content.childNodes, text).join('');
    })));
    op.html.forEach(function (html) {
      var t = d.createElement('template');
      t.innerHTML = html;
      var fresh = Array.prototype.slice.call(t.content.childNodes);
      main.insertBefore(d.createComment('block'), before);
      fresh.forEach(function (n) { main.insertBefore(n, before); flash(n); });
    });
    if (window.oathbookDress) window.oathbookDress(main);
  }
  var FRAME = ['title', '.nav ul', '.lead', '.here', '.here-top', '.proof', '.turn'];
  function same(a, b) { return a && b && a.outerHTML === b.outerHTML; }
  function load() {
    return fetch(location.pathname, { cache: 'no-store' }).then(function (r) { return r.text(); });
  }
  function refresh() {
    load().then(function (text) {
      var next = new DOMParser().parseFromString(text, 'text/html'), main = next.querySelector('main');
      FRAME.forEach(function (s) {
        var a = d.querySelector(s), b = next.querySelector(s);
        if (a && b && !same(a, b)) a.replaceWith(d.adoptNode(b));
      });
      var style = next.querySelector('link[rel=stylesheet]'), old = d.querySelector('link[rel=stylesheet]');
      if (style && old && style.getAttribute('href') !== old.getAttribute('href')) {
        var link = d.adoptNode(style);
        link.onload = function () { old.remove(); };
        old.after(link);
      }
      if (!main) return;
      var a = known, b = read(text), start = 0, end = 0;
      while (start < a.length && start < b.length && a[start] === b[start]) start++;
      while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
      if (start + end < Math.max(a.length, b.length)) {
        splice({ at: start, remove: a.length - start - end, html: b.slice(start, b.length - end) });
      }
    });
  }
  var host = d.createElement('div'), root = host.attachShadow({ mode: 'open' });
  d.documentElement.appendChild(host);
  var css = new CSSStyleSheet();
  css.replaceSync(':host{all:initial}*{box-sizing:border-box;font:14px/1.5 system-ui,sans-serif}.badge{position:fixed;inset:auto 1rem 1rem auto;z-index:99;border:0;border-radius:2rem;padding:.4rem .9rem;color:#fff;background:#116329;cursor:pointer}.bad{background:#b3261e}.off{background:#565e6c}.panel{position:fixed;inset:auto 1rem 3.6rem auto;z-index:99;width:min(44rem,92vw);max-height:60vh;overflow:auto;background:#fff;color:#1d2129;border:1px solid #9aa4b3;border-radius:.6rem;padding:.8rem 1rem;box-shadow:0 8px 30px #0003}.panel[hidden]{display:none}.one{border-top:1px solid #dfe3e8;padding:.5rem 0;display:block;width:100%;text-align:start;background:none;border-inline:0;border-bottom:0;cursor:pointer;color:inherit}pre{font:12px ui-monospace,monospace;background:#f6f7f9;padding:.4rem;overflow:auto;margin:.3rem 0}b{font-weight:650}');
  root.adoptedStyleSheets = [css];
  var badge = d.createElement('button'), panel = d.createElement('div');
  badge.className = 'badge';
  badge.textContent = '…';
  panel.className = 'panel';
  panel.hidden = true;
  badge.onclick = function () { panel.hidden = !panel.hidden; };
  root.append(panel, badge);
  function el(name, text) { var e = d.createElement(name); e.textContent = text; return e; }
  function open(file, line) {
    fetch('/__preview/open', { method: 'POST', headers: { 'content-type': 'application/json', 'x-oathbook-token': token }, body: JSON.stringify({ file: file, line: line }) });
  }
  function show(status) {
    badge.textContent = status.errors + status.warnings + status.notes ? status.errors + ' errors, ' + status.warnings + ' warnings' : 'no findings';
    badge.classList.toggle('bad', status.errors > 0);
    panel.textContent = '';
    panel.append(el('b', status.findings.length ? 'Findings' : 'Nothing is wrong.'));
    status.findings.sort(function (a, b) { return (b.url === page) - (a.url === page); }).forEach(function (f) {
      var one = el('button', '');
      one.className = 'one';
      one.append(el('b', f.severity + '[' + f.code + '] '), el('span', f.message), el('pre', f.place + '  ' + f.excerpt));
      if (f.help) one.append(el('span', f.help));
      one.onclick = function () { open(f.file, f.line); };
      panel.append(one);
    });
    d.title = d.title.replace(/^✗ /, '');
    if (status.errors) d.title = '✗ ' + d.title;
    // Findings of this page are shown without asking.
    if (status.findings.some(function (f) { return f.url === page && f.severity === 'error'; })) panel.hidden = false;
    else if (!status.findings.length) panel.hidden = true;
  }
  d.addEventListener('click', function (e) {
    if (!e.altKey) return;
    var main = d.querySelector('main'), node = e.target;
    while (node && node.parentNode !== main) node = node.parentNode;
    if (!node) return;
    e.preventDefault();
    blocks(main).forEach(function (b, i) {
      if (b.nodes.indexOf(node) >= 0) {
        fetch('/__preview/open', { method: 'POST', headers: { 'content-type': 'application/json', 'x-oathbook-token': token }, body: JSON.stringify({ page: page, block: i }) });
      }
    });
  }, true);
  function connect() {
    socket = new WebSocket('ws://' + location.host + '/__preview/ws');
    socket.onopen = function () { if (wait > 200) refresh(); wait = 200; };
    socket.onmessage = function (e) {
      var m = JSON.parse(e.data);
      if (m.type === 'patch' && m.page === page) {
        m.ops.forEach(splice);
        if (window.oathbookPatched) window.oathbookPatched(m);
      } else if (m.type === 'refresh') refresh();
      else if (m.type === 'status') show(m);
    };
    socket.onclose = function () {
      badge.textContent = 'the preview has stopped';
      badge.classList.add('off');
      setTimeout(connect, wait = Math.min(wait * 2, 5000));
    };
  }
  load().then(function (html) { known = read(html); connect(); });
})();
