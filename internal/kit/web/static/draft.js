// A long form on a telephone: what was typed stays when the network drops, and is sent once it is back.
// A page works whole without this file. docs/decisions/0012-one-script.md says what may be kept and for how long.
(function () {
  'use strict';
  var START = 'xinhuo.draft.', DAYS = 7, SIDE = 1600, LARGE = 400 * 1024;
  var store, form = document.querySelector('form[data-keep]');
  try { store = window.localStorage; store.getItem(START); } catch (e) { return; }

  function forget(other) {
    for (var i = store.length - 1; i >= 0; i--) {
      var name = store.key(i);
      if (name.indexOf(START) === 0 && other(name)) store.removeItem(name);
    }
  }

  // A shared telephone: at sign-out nothing typed stays behind.
  Array.prototype.forEach.call(document.querySelectorAll('form[action="/logout"]'), function (f) {
    f.addEventListener('submit', function () { forget(function () { return true; }); });
  });
  if (!form || !window.FormData || !window.XMLHttpRequest) return;

  var mine = START + form.getAttribute('data-keep') + '.';
  var slot = mine + form.getAttribute('action');
  var key = form.elements._key, fresh = key.value, asked = fresh, waits = false, busy = false, tries = 0;
  var said = document.createElement('p');
  said.className = 'note';
  said.setAttribute('role', 'status');
  said.hidden = true;
  var end = form.querySelector('.end');
  form.insertBefore(said, end);

  function say(name, more) {
    said.textContent = form.getAttribute('data-say-' + name) + (more || '');
    said.hidden = false;
  }

  function kept(el) {
    return el.name && el.name !== '_key' && el.type !== 'hidden' && el.type !== 'password' && el.type !== 'file' &&
      el.type !== 'submit' && el.type !== 'button' && !el.hasAttribute('data-sealed');
  }

  function each(act) { Array.prototype.forEach.call(form.elements, function (el) { if (kept(el)) act(el); }); }

  function keep(sent) {
    var list = [];
    each(function (el) {
      if (el.type === 'checkbox' || el.type === 'radio') { if (el.checked) list.push([el.name, el.value]); } else list.push([el.name, el.value]);
    });
    try { store.setItem(slot, JSON.stringify({ at: Date.now(), key: asked, sent: !!sent, list: list })); } catch (e) { /* full: the page goes on without */ }
  }

  function restore() {
    var was;
    forget(function (name) { // of another account, or too old
      if (name.indexOf(mine) !== 0) return true;
      try { return Date.now() - JSON.parse(store.getItem(name)).at > DAYS * 864e5; } catch (e) { return true; }
    });
    if (document.querySelector('.errsum')) { keep(); return; } // the server answers with what was typed
    try { was = JSON.parse(store.getItem(slot)); } catch (e) { return; }
    if (!was) return;
    each(function (el) {
      var found = was.list.filter(function (p) { return p[0] === el.name; });
      if (el.type === 'checkbox' || el.type === 'radio') el.checked = found.some(function (p) { return p[1] === el.value; });
      else if (found.length) el.value = found[0][1];
    });
    key.value = asked = was.key; // sent before and not answered: it still counts once
    form.insertBefore(said, form.firstChild);
    say(was.sent ? 'unsure' : 'kept');
    var drop = document.createElement('button');
    drop.type = 'button';
    drop.className = 'btn q';
    drop.textContent = form.getAttribute('data-say-drop');
    drop.addEventListener('click', function () { store.removeItem(slot); form.reset(); key.value = asked = fresh; said.hidden = true; form.insertBefore(said, end); });
    said.appendChild(document.createTextNode(' '));
    said.appendChild(drop);
  }

  // shrink makes a telephone's large picture small before it is sent; what cannot be read goes as it is.
  function shrink(file, done) {
    var asIs = function () { done(file); };
    if (file.size < LARGE || !/^image\//.test(file.type) || !window.createImageBitmap || !HTMLCanvasElement.prototype.toBlob) return asIs();
    try {
      window.createImageBitmap(file, { imageOrientation: 'from-image' }).then(function (b) {
        var by = Math.min(1, SIDE / Math.max(b.width, b.height)), c = document.createElement('canvas');
        c.width = Math.round(b.width * by);
        c.height = Math.round(b.height * by);
        c.getContext('2d').drawImage(b, 0, 0, c.width, c.height);
        c.toBlob(function (out) { done(out && out.size < file.size ? out : file); }, 'image/jpeg', 0.85);
      }).catch(asIs);
    } catch (e) { asIs(); }
  }

  function pack(done) {
    var data = new FormData(), left = 1;
    function one() { if (--left === 0) done(data); }
    Array.prototype.forEach.call(form.elements, function (el) {
      if (!el.name || el.disabled) return;
      if (el.type === 'file') {
        Array.prototype.forEach.call(el.files, function (file) {
          left++;
          shrink(file, function (small) { data.append(el.name, small, file.name); one(); });
        });
      } else if (el.type === 'checkbox' || el.type === 'radio') {
        if (el.checked) data.append(el.name, el.value);
      } else if (el.type !== 'submit' && el.type !== 'button') data.append(el.name, el.value);
    });
    one();
  }

  function later() {
    busy = false;
    waits = true;
    say('waits');
    tries++;
    window.setTimeout(again, Math.min(60, 5 * tries) * 1000);
  }

  function again() { if (waits && !busy && navigator.onLine !== false) send(); }

  function send() {
    waits = false;
    busy = true;
    keep(true);
    form.insertBefore(said, end);
    say('sends');
    pack(function (data) {
      var x = new XMLHttpRequest(), body = data;
      if (form.enctype !== 'multipart/form-data') {
        var words = [];
        data.forEach(function (v, k) { words.push(encodeURIComponent(k) + '=' + encodeURIComponent(v)); });
        body = words.join('&');
      }
      x.open('POST', form.action);
      if (typeof body === 'string') x.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
      x.upload.onprogress = function (e) { if (e.lengthComputable) say('sends', ' ' + Math.floor(e.loaded * 100 / e.total) + '%'); };
      x.onerror = x.onabort = later;
      x.onload = function () {
        if (x.status >= 500) return later();
        busy = false;
        var to = x.responseURL || '', login = /\/login(\?|$)/.test(to);
        if (x.status < 400 && to && to.split('#')[0] !== form.action) {
          if (!login) store.removeItem(slot);
          location.href = to;
          return;
        }
        document.open(); // the same form with what has to be changed
        document.write(x.responseText);
        document.close();
      };
      x.send(body);
    });
  }

  restore();
  form.addEventListener('input', function () { keep(); });
  form.addEventListener('change', function () { keep(); });
  form.addEventListener('submit', function (e) {
    e.preventDefault();
    if (!busy) send();
  });
  window.addEventListener('online', again);
})();
