// A box in which words are looked for says while one types what there is. The form works whole without this file.
(function () {
  'use strict';
  var box = document.getElementById('suggest'), input, list, said, timer = 0, asked = '', last = null;
  if (!box || !window.JSON) return;
  input = document.getElementById(box.getAttribute('data-for'));
  list = box.querySelector('ul');
  said = box.querySelector('[role=status]');

  function show(all) {
    list.textContent = '';
    all.forEach(function (x) {
      var a = document.createElement('a');
      a.href = x.href;
      a.textContent = x.text;
      list.appendChild(document.createElement('li')).appendChild(a);
    });
    list.hidden = !all.length;
    said.textContent = all.length ? box.getAttribute('data-say').replace('#1', all.length) : '';
  }

  function ask() {
    var text = input.value.replace(/^\s+|\s+$/g, ''), x;
    if (text === asked) return;
    asked = text;
    if (last) last.abort();
    last = null;
    if (text.length < 2) return show([]);
    x = last = new XMLHttpRequest();
    x.open('GET', box.getAttribute('data-from') + '?q=' + encodeURIComponent(text));
    x.onload = function () {
      var all = [];
      if (x !== last) return; // more was typed meanwhile
      try { if (x.status === 200) all = JSON.parse(x.responseText).list; } catch (e) { /* nothing is shown */ }
      show(all);
    };
    x.send();
  }

  function soon(e) {
    window.clearTimeout(timer);
    if (!e.isComposing) timer = window.setTimeout(ask, 150);
  }

  input.addEventListener('input', soon);
  input.addEventListener('compositionend', soon);
  document.addEventListener('keydown', function (e) {
    var links = list.querySelectorAll('a'), i = Array.prototype.indexOf.call(links, document.activeElement), inBox = document.activeElement === input;
    if (i < 0 && !inBox) return;
    if (e.key === 'Escape') { // nor does what was asked before open them again
      window.clearTimeout(timer);
      if (last) last.abort();
      last = null;
      if (!list.hidden) input.focus();
      return show([]);
    }
    if (list.hidden) return;
    if (e.key !== 'ArrowDown' && e.key !== 'ArrowUp' || inBox && e.key === 'ArrowUp') return;
    e.preventDefault();
    i += e.key === 'ArrowDown' ? 1 : -1;
    (i < 0 ? input : links[Math.min(i, links.length - 1)]).focus();
  });
})();
