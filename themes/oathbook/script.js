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
  if (d.querySelector('main')) dress(d.querySelector('main'));
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
  var find = d.querySelector('.find input');
  addEventListener('keydown', function (e) {
    var t = e.target, typing = /^(INPUT|TEXTAREA|SELECT)$/.test(t.tagName) || t.isContentEditable;
    if (find && ((e.key === '/' && !typing) || (e.key === 'k' && (e.ctrlKey || e.metaKey)))) {
      e.preventDefault();
      find.focus();
    } else if (!typing && !e.altKey && !e.ctrlKey && !e.metaKey && !e.shiftKey && (e.key === 'ArrowLeft' || e.key === 'ArrowRight')) {
      var link = d.querySelector('.turn a[rel=' + ((e.key === 'ArrowLeft') === (root.dir !== 'rtl') ? 'prev' : 'next') + ']');
      if (link) link.click();
    }
  });
})();
