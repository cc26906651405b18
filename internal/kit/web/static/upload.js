// Files of a form are sent in parts before the form itself: how far they are shows, and a line that breaks goes on from the last part, also
// when the page was closed and the same file is chosen again. The page works whole without this file.
(function () {
  'use strict';
  var form = document.querySelector('form[data-parts]'), PART = 1024 * 1024;
  if (!form || !window.FormData || !Blob.prototype.slice) return;
  var input = form.querySelector('input[type=file]'), end = form.querySelector('.end'), line = document.createElement('p'), bar = document.createElement('progress');
  var busy = false, files = [], sent = [], put = 0, tries = 0, timer = 0;
  if (!input || !end) return;
  line.className = 'mut';
  line.setAttribute('role', 'status');
  bar.max = 1;
  bar.setAttribute('aria-label', form.getAttribute('data-say-part').replace('#1', '1').replace('#2', '1'));

  function say(name, more) {
    line.textContent = form.getAttribute('data-say-' + name).replace('#1', put + 1).replace('#2', files.length) + (more || '');
  }

  // key names a file the same way whenever it is chosen again.
  function key(f) {
    var text = f.name + '|' + f.size + '|' + f.lastModified, out = '';
    for (var seed = 0; seed < 2; seed++) {
      var h = seed ? 0x811c9dc5 : 0x01000193;
      for (var i = 0; i < text.length; i++) h = Math.imul ? Math.imul(h ^ text.charCodeAt(i), 16777619 + 2 * seed) : ((h ^ text.charCodeAt(i)) * 31) | 0;
      out += ('0000000' + (h >>> 0).toString(16)).slice(-8);
    }
    return out;
  }

  function later() {
    if (!busy) return;
    say('cut');
    tries++;
    window.clearTimeout(timer);
    timer = window.setTimeout(function () { next(-1); }, Math.min(30, 2 * tries) * 1000);
  }

  // next sends the part of the present file that begins at a byte; -1 asks where to go on.
  function next(at) {
    var f = files[put], from = Math.max(0, at), x = new XMLHttpRequest();
    window.clearTimeout(timer);
    if (!f) return done();
    say('part', ' ' + Math.floor(from * 100 / f.size) + '%');
    bar.value = from / f.size;
    x.open('POST', form.getAttribute('data-parts') + '&key=' + key(f) + '&name=' + encodeURIComponent(f.name) + '&size=' + f.size + '&at=' + (at < 0 ? f.size : at));
    x.setRequestHeader('Accept', 'application/json');
    x.setRequestHeader('Content-Type', 'application/octet-stream');
    x.upload.onprogress = function (e) {
      if (at < 0 || !e.lengthComputable) return;
      var all = (from + Math.min(e.loaded, PART)) / f.size;
      bar.value = all;
      say('part', ' ' + Math.min(99, Math.floor(all * 100)) + '%');
    };
    x.onerror = x.onabort = later;
    x.onload = function () {
      var u = null;
      try { u = JSON.parse(x.responseText); } catch (e) { /* said below */ }
      if (x.status >= 500 || x.status === 429) return later();
      if (x.status >= 400 || !u || u.got === undefined) return plain(); // the form itself says what is wrong
      tries = 0;
      if (u.problem) return plain();
      if (u.ready) {
        sent.push(u.id);
        put++;
        return next(put < files.length ? -1 : 0);
      }
      next(u.got);
    };
    x.send(at < 0 ? null : f.slice(from, from + PART));
  }

  // plain sends the form as it would be without this file, so that what is wrong is said by its own page.
  function plain() {
    busy = false;
    form.submit();
  }

  function done() {
    say('ready');
    bar.value = 1;
    sent.forEach(function (id) {
      var h = document.createElement('input');
      h.type = 'hidden';
      h.name = 'sent';
      h.value = id;
      form.appendChild(h);
    });
    input.removeAttribute('name');
    form.submit();
  }

  form.addEventListener('submit', function (e) {
    if (!input.files || !input.files.length) return;
    for (var i = 0; i < input.files.length; i++) if (!input.files[i].size || input.files[i].size > (/zip=1/.test(form.getAttribute('data-parts')) ? 1024 : 50) * PART) return; // said by the page
    e.preventDefault();
    if (busy) return;
    busy = true;
    files = Array.prototype.slice.call(input.files);
    sent = [];
    put = 0;
    form.insertBefore(line, end);
    form.insertBefore(bar, end);
    next(-1);
  });
  window.addEventListener('online', function () { if (busy && tries) next(-1); });
})();
