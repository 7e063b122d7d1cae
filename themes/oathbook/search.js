(function () {
  var S = window.oathbookSearch, d = document;
  if (!S) return;
  var terms = {}, rows = {}, waiting = {}, form = d.querySelector('.find'), root = (form && form.dataset.root) || '';
  function load(name, then) {
    if (S.whole) return then();
    if (waiting[name]) return waiting[name].push(then);
    waiting[name] = [then];
    var s = d.createElement('script');
    s.src = root + 'search/' + name + '.js';
    s.onload = s.onerror = function () {
      var all = waiting[name];
      waiting[name] = { push: function (f) { f(); } };
      all.forEach(function (f) { f(); });
    };
    d.head.appendChild(s);
  }
  var starts = [], from = 0;
  S.pages.split(',').forEach(function (n) { if (n) { starts.push(from); from += parseInt(n, 36); } });
  function pageOf(record) {
    var low = 0, high = starts.length - 1;
    while (low < high) {
      var mid = (low + high + 1) >> 1;
      if (starts[mid] <= record) low = mid; else high = mid - 1;
    }
    return low;
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
  // A typo may lie in another shard than the word it means: those that its first letters reach are asked too.
  function around(word) {
    return word.length > 3 ? shards(word.slice(0, 3)).concat(shards(word)).filter(function (n, i, all) { return all.indexOf(n) === i; }) : shards(word);
  }
  function near(a, b) { // one letter more, less, other, or two swapped
    if (Math.abs(a.length - b.length) > 1) return false;
    var i = 0, x = a.length - 1, y = b.length - 1;
    while (i <= x && i <= y && a[i] === b[i]) i++;
    while (x >= i && y >= i && a[x] === b[y]) { x--; y--; }
    return (x - i < 1 && y - i < 1) || (x - i === 1 && y - i === 1 && a[i] === b[y] && a[x] === b[i]);
  }
  // The part that a word's forms share; the index was made with the same rules.
  function stem(w) {
    if (w.length < 4 || !/^[a-z]+$/.test(w)) return w;
    if (/ies$/.test(w)) w = w.slice(0, -3);
    else if (/(sses|xes|ches|shes|zes)$/.test(w)) w = w.slice(0, -2);
    else if (/s$/.test(w) && !/(ss|us|is)$/.test(w)) w = w.slice(0, -1);
    var m = /^(.{3,}?)(ing|ed)$/.exec(w);
    if (m && /[aeiouy]/.test(m[1])) w = m[1].replace(/([^lsze])\1$/, '$1');
    return (w.length > 4 && /y$/.test(w)) || (w.length > 3 && /e$/.test(w)) ? w.slice(0, -1) : w;
  }
  function words(q) {
    var out = [];
    q.toLowerCase().split(/[^\p{L}\p{N}_\-.\/:]+/u).forEach(function (w) {
      w = w.replace(/^[_\-.\/:]+|[_\-.\/:]+$/g, '');
      if (/[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/.test(w) && w.length > 2) {
        for (var i = 0; i + 2 <= w.length; i++) out.push(w.substr(i, 2));
      } else if (w) out.push(stem(w));
    });
    return out.slice(0, 8);
  }
  function lines(list) {
    return list.reduce(function (all, n) { return all.concat(terms[n] || []); }, []);
  }
  function term(line) { return line.slice(0, line.indexOf(' ')); }
  function known(word) { return lines(shards(word)).filter(function (line) { return line.indexOf(word) === 0; }); }
  function collect(word, last, score) {
    var found = known(word);
    found.forEach(function (line) {
      var t = term(line);
      add(line, t === word ? 1 : (last ? 0.6 : 0.35) * word.length / t.length, score);
    });
    // Someone who is still typing has written more than the stem.
    if (!found.length && last && word.length > 4) (terms[shards(word)[0]] || []).forEach(function (line) {
      var t = term(line);
      if (t.length > 3 && word.indexOf(t) === 0 && word.length - t.length < 4) { found.push(line); add(line, 0.5, score); }
    });
    if (!found.length && word.length > 3) {
      lines(around(word)).filter(function (line) { return near(term(line), word); }).slice(0, 5).forEach(function (line) { add(line, 0.4, score); });
    }
  }
  function add(line, weight, score) {
    var at = 0, re = /([0-9a-z]+)([A-T])(\d)/g, m, rest = line.slice(line.indexOf(' ') + 1);
    while ((m = re.exec(rest))) {
      at += parseInt(m[1], 36);
      var tens = m[2].charCodeAt(0) - 65, s = weight * ((tens % 10) * 10 + +m[3]);
      if (!score[at] || s > score[at][0]) score[at] = [s, tens > 9 && weight > 0.5 ? 1 : 0];
    }
  }
  function loadAll(of, list, then) {
    var names = {}, left;
    list.forEach(function (w) { of(w).forEach(function (n) { names['t-' + n] = 1; }); });
    names = Object.keys(names);
    left = names.length;
    if (!left) then();
    names.forEach(function (name) { load(name, function () { if (!--left) then(); }); });
  }
  function search(q, done) {
    var list = words(q), total = {};
    if (!list.length) return done([]);
    // Only a word that is found nowhere can be a typo, which may lie in other shards.
    loadAll(shards, list, function () {
      loadAll(around, list.filter(function (w) { return !known(w).length; }), rank);
    });
    function rank() {
      list.forEach(function (w, i) {
        var score = {};
        collect(w, i === list.length - 1, score);
        for (var k in score) {
          var t = total[k] = total[k] || [0, 0, 0];
          t[0] += score[k][0];
          t[1]++;
          t[2] += score[k][1];
        }
      });
      // Records of one page lend each other a little: a page about a thing beats one that names it once.
      var best = {}, sum = {}, k, rank1 = {};
      for (k in total) {
        rank1[k] = total[k][0] * total[k][1] * (list.length > 1 && total[k][2] >= list.length ? 1.35 : 1);
        var p = pageOf(+k);
        sum[p] = (sum[p] || 0) + rank1[k];
        if (!(best[p] > rank1[k])) best[p] = rank1[k];
      }
      for (k in rank1) rank1[k] += 0.12 * Math.min(sum[pageOf(+k)] - rank1[k], 3 * best[pageOf(+k)]);
      var ids = Object.keys(total).sort(function (a, b) { return rank1[b] - rank1[a] || a - b; }).slice(0, 15), chunks = {}, wait;
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
  // Results as the reader types: a list below the field, or the page's own.
  function row(found, at) {
    var li = d.createElement('li'), a = d.createElement('a'), p = d.createElement('p');
    // A file's name may look like a scheme.
    a.href = (root || './') + found[2];
    a.textContent = found[1] && found[1] !== found[0] ? found[0] + ' › ' + found[1] : found[0];
    p.textContent = found[3];
    li.id = 'hit-' + at;
    li.append(a, p);
    return li;
  }
  function attach(input, list, most, show) {
    var turn = 0;
    input.addEventListener('input', ask);
    function ask() {
      var mine = ++turn, q = input.value.trim();
      if (!q) { list.textContent = ''; return show(null, q); }
      search(q, function (found) {
        if (mine !== turn) return;
        list.textContent = '';
        found.slice(0, most).forEach(function (one, at) { list.append(row(one, at)); });
        show(found.length, q);
      });
    }
    ask();
  }
  var page = d.querySelector('.query'), state = d.querySelector('.state');
  if (page) {
    page.value = new URLSearchParams(location.search).get('q') || page.value;
    attach(page, d.querySelector('.results'), 15, function (count, q) {
      state.textContent = count === 0 ? 'Nothing found for “' + q + '”.' : '';
    });
  }
  var input = form && form.querySelector('input');
  if (!input) return;
  var box = d.createElement('div'), list = d.createElement('ul'), none = d.createElement('p'), now = -1;
  box.className = 'hits';
  box.hidden = true;
  list.id = 'hits';
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', 'Results');
  none.setAttribute('role', 'status');
  box.append(list, none);
  form.append(box);
  [['role', 'combobox'], ['aria-controls', 'hits'], ['aria-expanded', 'false'], ['aria-autocomplete', 'list']].forEach(function (pair) { input.setAttribute(pair[0], pair[1]); });
  function open(yes) {
    box.hidden = !yes;
    input.setAttribute('aria-expanded', String(!!yes));
  }
  function mark(at) {
    var all = list.children;
    if (all[now]) all[now].setAttribute('aria-selected', 'false');
    now = all.length ? (at + all.length) % all.length : -1;
    if (all[now]) {
      all[now].setAttribute('aria-selected', 'true');
      all[now].scrollIntoView({ block: 'nearest' });
      input.setAttribute('aria-activedescendant', all[now].id);
    } else input.removeAttribute('aria-activedescendant');
  }
  attach(input, list, 8, function (count, q) {
    Array.prototype.forEach.call(list.children, function (li) {
      li.setAttribute('role', 'option');
      li.setAttribute('aria-selected', 'false');
      li.firstChild.tabIndex = -1;
    });
    list.hidden = !count;
    none.textContent = count === 0 ? 'Nothing found for “' + q + '”.' : '';
    now = -1;
    input.removeAttribute('aria-activedescendant');
    open(count !== null && d.activeElement === input);
  });
  input.addEventListener('keydown', function (e) {
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      e.preventDefault();
      open(input.value.trim());
      mark(now < 0 && e.key === 'ArrowUp' ? -1 : now + (e.key === 'ArrowDown' ? 1 : -1));
    } else if (e.key === 'Enter' && list.children[now]) {
      e.preventDefault();
      list.children[now].firstChild.click();
    } else if (e.key === 'Escape') {
      open(false);
      input.blur();
    }
  });
  list.addEventListener('click', function (e) {
    var li = e.target.closest('li');
    if (li && e.target.tagName !== 'A') li.firstChild.click();
  });
  d.addEventListener('pointerdown', function (e) { if (!form.contains(e.target)) open(false); });
})();
