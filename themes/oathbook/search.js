(function () {
  var S = window.oathbookSearch, d = document;
  if (!S) return;
  var terms = {}, rows = {}, waiting = {};
  function load(name, then) {
    if (waiting[name]) return waiting[name].push(then);
    waiting[name] = [then];
    var s = d.createElement('script');
    s.src = 'search/' + name + '.js';
    s.onload = s.onerror = function () {
      var all = waiting[name];
      waiting[name] = { push: function (f) { f(); } };
      all.forEach(function (f) { f(); });
    };
    d.head.appendChild(s);
  }
  S.terms = function (n, text) { terms[n] = text.split('\n'); };
  S.rows = function (n, list) { rows[n] = list; };
  function shards(prefix) {
    var out = [], f = S.firsts;
    for (var i = 0; i < f.length; i++) {
      var next = f[i + 1];
      if ((next === undefined || next >= prefix) && (f[i] <= prefix || f[i].indexOf(prefix) === 0)) out.push(i);
    }
    return out.slice(0, 3);
  }
  function near(a, b) { // one letter more, less, other, or two swapped
    if (Math.abs(a.length - b.length) > 1) return false;
    var i = 0, x = a.length - 1, y = b.length - 1;
    while (i <= x && i <= y && a[i] === b[i]) i++;
    while (x >= i && y >= i && a[x] === b[y]) { x--; y--; }
    return (x - i < 1 && y - i < 1) || (x - i === 1 && y - i === 1 && a[i] === b[y] && a[x] === b[i]);
  }
  function words(q) {
    var out = [];
    q.toLowerCase().split(/[^\p{L}\p{N}_\-.\/:]+/u).forEach(function (w) {
      w = w.replace(/^[_\-.\/:]+|[_\-.\/:]+$/g, '');
      if (/[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/.test(w) && w.length > 2) {
        for (var i = 0; i + 2 <= w.length; i++) out.push(w.substr(i, 2));
      } else if (w) out.push(w);
    });
    return out.slice(0, 8);
  }
  function collect(word, last, score) {
    var hits = 0, fuzzy = [];
    shards(word).forEach(function (n) {
      (terms[n] || []).forEach(function (line) {
        var t = line.slice(0, line.indexOf(' ')), w = 0;
        if (t === word) w = 1;
        else if (t.indexOf(word) === 0) w = (last ? 0.6 : 0.35) * word.length / t.length;
        else if (word.length > 3 && near(t, word)) fuzzy.push(line);
        if (w) { hits++; add(line, w, score); }
      });
    });
    if (!hits) fuzzy.slice(0, 5).forEach(function (line) { add(line, 0.4, score); });
  }
  function add(line, weight, score) {
    var at = 0, re = /([0-9a-z]+)([A-J])(\d)/g, m, rest = line.slice(line.indexOf(' ') + 1);
    while ((m = re.exec(rest))) {
      at += parseInt(m[1], 36);
      var s = weight * ((m[2].charCodeAt(0) - 65) * 10 + +m[3]);
      if (!(score[at] > s)) score[at] = s;
    }
  }
  function search(q, done) {
    var list = words(q), names = {};
    list.forEach(function (w) { shards(w).forEach(function (n) { names['t-' + n] = 1; }); });
    names = Object.keys(names);
    var left = names.length, total = {};
    if (!left) return done([]);
    names.forEach(function (name) { load(name, function () { if (!--left) rank(); }); });
    function rank() {
      list.forEach(function (w, i) {
        var score = {};
        collect(w, i === list.length - 1, score);
        for (var k in score) { total[k] = total[k] || [0, 0]; total[k][0] += score[k]; total[k][1]++; }
      });
      var ids = Object.keys(total).sort(function (a, b) {
        return total[b][0] * total[b][1] - total[a][0] * total[a][1] || a - b;
      }).slice(0, 15), chunks = {}, wait;
      ids.forEach(function (id) { chunks['d-' + Math.floor(id / S.chunk)] = 1; });
      chunks = Object.keys(chunks);
      wait = chunks.length;
      if (!wait) return done([]);
      chunks.forEach(function (name) {
        load(name, function () {
          if (!--wait) done(ids.map(function (id) { return (rows[Math.floor(id / S.chunk)] || [])[id % S.chunk]; }).filter(Boolean));
        });
      });
    }
  }
  S.search = search;
  var input = d.querySelector('.query'), results = d.querySelector('.results'), state = d.querySelector('.state'), turn = 0;
  if (!input) return;
  function show() {
    var mine = ++turn, q = input.value.trim();
    if (!q) { results.textContent = state.textContent = ''; return; }
    search(q, function (found) {
      if (mine !== turn) return;
      results.textContent = '';
      state.textContent = found.length ? '' : 'Nothing found for “' + q + '”.';
      found.forEach(function (row) {
        var li = d.createElement('li'), a = d.createElement('a'), p = d.createElement('p');
        a.href = row[2];
        a.textContent = row[1] && row[1] !== row[0] ? row[0] + ' › ' + row[1] : row[0];
        p.textContent = row[3];
        li.append(a, p);
        results.append(li);
      });
    });
  }
  input.value = new URLSearchParams(location.search).get('q') || '';
  input.oninput = show;
  show();
})();
