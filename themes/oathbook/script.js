(function () {
  var d = document, root = d.documentElement;
  var each = function (list, f) { Array.prototype.forEach.call(list, f); };
  // Sections that moved: a map of old fragments to new addresses.
  var moved = d.querySelector('[data-moved]');
  if (moved && location.hash) {
    try {
      var to = JSON.parse(moved.dataset.moved || '{}')[location.hash];
      if (to) location.replace(to);
      else if (moved.dataset.to) location.replace(moved.dataset.to.split('#')[0] + location.hash);
    } catch (e) {}
  }
  // Light or dark.
  var theme = d.querySelector('button.theme');
  if (theme) {
    theme.hidden = false;
    theme.onclick = function () {
      var dark = getComputedStyle(root).colorScheme === 'dark' || (!root.dataset.theme && matchMedia('(prefers-color-scheme: dark)').matches);
      root.dataset.theme = dark ? 'light' : 'dark';
      try { localStorage.theme = root.dataset.theme; } catch (e) {}
    };
  }
  // Copy buttons: prompts and hidden lines stay behind.
  function dress(scope) {
    each(scope.querySelectorAll('pre > code:only-child'), dressOne);
  }
  function dressOne(code) {
    var pre = code.parentNode, button = d.createElement('button');
    button.className = 'copy';
    button.setAttribute('aria-label', 'Copy');
    button.onclick = function () {
      var copy = code.cloneNode(true);
      each(copy.querySelectorAll('.p,.boring'), function (e) { e.remove(); });
      navigator.clipboard.writeText(copy.textContent).then(function () {
        button.classList.add('done');
        setTimeout(function () { button.classList.remove('done'); }, 1200);
      });
    };
    pre.appendChild(button);
    if (code.querySelector('.boring')) {
      var eye = d.createElement('button');
      eye.className = 'eye';
      eye.setAttribute('aria-label', 'Show hidden lines');
      eye.onclick = function () { pre.classList.toggle('all'); };
      pre.appendChild(eye);
    }
  }
  // Tabs of one name are chosen together, on this page and the next ones.
  function choose(name) {
    each(d.querySelectorAll('.tabs > label'), function (label) {
      if (label.textContent === name && label.control) label.control.checked = true;
    });
  }
  d.addEventListener('change', function (e) {
    var tab = e.target.closest('.tabs') && e.target.labels[0];
    if (!tab) return;
    var top = tab.getBoundingClientRect().top;
    choose(tab.textContent);
    scrollBy(0, tab.getBoundingClientRect().top - top);
    try { localStorage.tab = tab.textContent; } catch (e) {}
  });
  // How long ago a date was; the date itself stays.
  function ago(time) {
    var days = Math.floor((Date.now() - Date.parse(time.getAttribute('datetime'))) / 864e5), format = window.Intl && Intl.RelativeTimeFormat;
    if (!(days >= 0) || !format || time.title) return;
    var part = days < 60 ? [days, 'day'] : days < 730 ? [Math.floor(days / 30.4), 'month'] : [Math.floor(days / 365.25), 'year'];
    time.title = time.textContent;
    time.after(' (' + new format(root.lang, { numeric: 'auto' }).format(-part[0], part[1]) + ')');
  }
  if (d.querySelector('main')) {
    dress(d.querySelector('main'));
    try { if (localStorage.tab) choose(localStorage.tab); } catch (e) {}
    each(d.querySelectorAll('.proof time[datetime]'), ago);
  }
  window.oathbookDress = dress;
  // Which section is being read, where the browser does not say itself.
  var links = d.querySelectorAll('.here a');
  if (links.length && !(window.CSS && CSS.supports('scroll-target-group', 'auto')) && window.IntersectionObserver) {
    var seen = new IntersectionObserver(function (entries) {
      entries.forEach(function (e) {
        if (e.isIntersecting) each(links, function (a) { a.classList.toggle('now', a.hash === '#' + e.target.id); });
      });
    }, { rootMargin: '0px 0px -70% 0px' });
    each(d.querySelectorAll('main :is(h2,h3)[id]'), function (h) { seen.observe(h); });
  }
  // Keep the navigation's scroll position from page to page.
  var nav = d.getElementById('nav');
  if (nav) {
    try {
      var at = sessionStorage.nav;
      if (at) nav.scrollTop = +at;
      addEventListener('pagehide', function () { sessionStorage.nav = nav.scrollTop; });
    } catch (e) {}
    var current = nav.querySelector('[aria-current]');
    if (current) {
      var box = current.getBoundingClientRect(), frame = nav.getBoundingClientRect();
      if (box.top < frame.top || box.bottom > frame.bottom) nav.scrollTop += box.top - frame.top - frame.height / 3;
    }
  }
  // The search script comes with the first key that is about to search.
  var form = d.querySelector('.find'), find = form && form.querySelector('input'), asked;
  function script(src, then) {
    var s = d.createElement('script');
    s.src = form.dataset.root + src;
    s.onload = then;
    d.head.appendChild(s);
  }
  function load() {
    if (!asked && !window.oathbookSearch) script('search/meta.js', function () { script(form.dataset.script); });
    asked = true;
  }
  if (find) {
    find.onfocus = load;
    if (d.querySelector('.query')) load();
  }
  function help() {
    var box = d.createElement('dialog'), keys = d.createElement('dl');
    box.className = 'keys';
    box.setAttribute('aria-label', 'Keyboard');
    (find ? [['/ or Ctrl K', 'search'], ['↑ ↓ Enter', 'choose a result']] : []).concat([['← →', 'previous and next page'], ['?', 'these keys'], ['Esc', 'close']]).forEach(function (row) {
      var dt = d.createElement('dt'), dd = d.createElement('dd');
      dt.textContent = row[0];
      dd.textContent = row[1];
      keys.append(dt, dd);
    });
    box.append(keys);
    box.onclose = function () { box.remove(); };
    box.onclick = function () { box.close(); };
    d.body.append(box);
    box.showModal();
  }
  addEventListener('keydown', function (e) {
    var t = e.target, typing = /^(INPUT|TEXTAREA|SELECT)$/.test(t.tagName) || t.isContentEditable;
    if (find && ((e.key === '/' && !typing) || (e.key === 'k' && (e.ctrlKey || e.metaKey)))) {
      e.preventDefault();
      find.focus();
    } else if (e.key === '?' && !typing && !d.querySelector('dialog[open]')) {
      help();
    } else if (!typing && !e.altKey && !e.ctrlKey && !e.metaKey && !e.shiftKey && (e.key === 'ArrowLeft' || e.key === 'ArrowRight')) {
      var link = d.querySelector('.turn a[rel=' + ((e.key === 'ArrowLeft') === (root.dir !== 'rtl') ? 'prev' : 'next') + ']');
      if (link) link.click();
    }
  });
})();
