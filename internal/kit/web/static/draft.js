// A long form on a telephone: what was typed stays when the network drops, and is sent once it is back; its photos follow.
// A page works whole without this file. docs/decisions/0012-one-script.md says what may be kept and for how long.
(function () {
  'use strict';
  var START = 'xinhuo.draft.', DAYS = 7, SIDE = 1600, LARGE = 400 * 1024;
  var store, form = document.querySelector('form[data-keep]'), line = document.getElementById('follow');
  try { store = window.localStorage; store.getItem(START); } catch (e) { return; }

  function forget(other) {
    for (var i = store.length - 1; i >= 0; i--) {
      var name = store.key(i);
      if (name.indexOf(START) === 0 && other(name)) store.removeItem(name);
    }
  }

  // photos hands the browser's own store of photos that are not sent yet to act, then calls done(ok).
  function photos(act, done) {
    var r, ok = false, t;
    try { r = window.indexedDB.open(START + 'photos', 1); } catch (e) { return done(false); }
    r.onupgradeneeded = function () { r.result.createObjectStore('photo', { keyPath: 'id' }); };
    r.onblocked = r.onerror = function () { done(false); };
    r.onsuccess = function () {
      var d = r.result;
      d.onversionchange = function () { d.close(); };
      try { t = d.transaction('photo', 'readwrite'); act(t.objectStore('photo')); } catch (e) { d.close(); return done(false); }
      t.oncomplete = function () { ok = true; d.close(); done(true); };
      t.onerror = t.onabort = function () { if (!ok) { ok = true; d.close(); done(false); } };
    };
  }

  function listed(found) {
    var all = [];
    photos(function (o) { o.openCursor().onsuccess = function (e) { var c = e.target.result; if (c) { all.push(c.value); c['continue'](); } }; }, function (ok) { found(ok ? all : []); });
  }

  function drop(which, done) {
    listed(function (all) {
      photos(function (o) { all.filter(which).forEach(function (p) { o['delete'](p.id); }); }, done || function () {});
    });
  }

  function filled(text, n, m) { return text.replace('#1', n).replace('#2', m); }

  // A shared telephone: at sign-out nothing typed stays behind, and no photo.
  Array.prototype.forEach.call(document.querySelectorAll('form[action="/logout"]'), function (f) {
    f.addEventListener('submit', function () {
      forget(function () { return true; });
      try { window.indexedDB.deleteDatabase(START + 'photos'); } catch (e) { /* there is none */ }
    });
  });

  // follow sends the photos of reports that are confirmed, one after the other, each once however often the line is cut.
  function follow() {
    var tries = 0, timer = 0, busy = false, all = [];

    function tell(name, n, m) {
      line.textContent = filled(line.getAttribute('data-say-' + name), n, m);
      line.hidden = false;
    }

    function add(tag, text, to) {
      var el = document.createElement(tag);
      el.textContent = text;
      if (to) el.href = to;
      line.appendChild(document.createTextNode(' '));
      return line.appendChild(el);
    }

    function next() {
      var left = all.filter(function (p) { return !p.sent && !p.why; }), refused = all.filter(function (p) { return p.why; });
      var sent = all.length - left.length - refused.length;
      if (left.length) {
        tell('sends', sent, all.length);
        return post(left[0], sent);
      }
      if (!all.length) return;
      line.textContent = '';
      line.hidden = false;
      if (sent) add('span', filled(line.getAttribute('data-say-sent'), sent, all.length));
      if (sent) add('a', line.getAttribute('data-say-see'), all[0].to.replace(/\/[^/]+$/, ''));
      refused.forEach(function (p) {
        line.className = 'note w';
        add('p', filled(line.getAttribute('data-say-refused'), p.name, p.why));
        add('a', line.getAttribute('data-say-add'), p.to.replace(/[^/]+$/, 'photo'));
      });
      var end = function (then) { drop(function (p) { return p.to; }, then); };
      if (!refused.length) return end();
      var b = add('button', line.getAttribute('data-say-close'));
      b.type = 'button';
      b.className = 'btn q';
      b.addEventListener('click', function () { end(function () { line.hidden = true; }); });
    }

    function settle(p, why) {
      p.sent = !why;
      p.why = why;
      p.blob = null;
      tries = 0;
      photos(function (o) { o.put(p); }, function () { busy = false; next(); });
    }

    function post(p, sent) {
      var data = new FormData(), x = new XMLHttpRequest();
      busy = true;
      data.append('_key', p.id);
      data.append('alt', p.alt);
      if (p.minors) data.append('photo_minors', p.minors);
      data.append('photo', p.blob, p.name);
      x.open('POST', p.to);
      x.timeout = 300000;
      x.onerror = x.onabort = x.ontimeout = function () {
        busy = false;
        tell('waits', sent, all.length);
        timer = window.setTimeout(again, Math.min(60, 5 * ++tries) * 1000);
      };
      x.onload = function () {
        var words = '';
        if (x.status >= 500 || x.status === 409 || x.status === 429 || /\/login(\?|$)/.test(x.responseURL || '')) return x.onerror();
        if (x.status < 300) return settle(p, '');
        try { words = JSON.parse(x.responseText).text; } catch (e) { /* an error page */ }
        settle(p, words || line.getAttribute('data-say-gone'));
      };
      x.send(data);
    }

    function again() {
      window.clearTimeout(timer);
      if (!busy && navigator.onLine !== false) next();
    }

    var mine = line.getAttribute('data-follow');
    drop(function (p) { return p.who !== mine || Date.now() - p.at > DAYS * 864e5; }, function () {
      listed(function (found) {
        all = found.filter(function (p) { return p.to; });
        next();
      });
    });
    window.addEventListener('online', again);
  }

  if (line && window.FormData && window.XMLHttpRequest) follow();
  if (!form || !window.FormData || !window.XMLHttpRequest) return;

  var mine = START + form.getAttribute('data-keep') + '.';
  var draft = form.getAttribute('data-draft'), put = ''; // the server's own draft that is opened; where to put by instead of sending
  var slot = mine + form.getAttribute('action') + (draft ? '#' + draft : '');
  var key = form.elements._key, fresh = key.value, asked = fresh, waits = false, busy = false, tries = 0;
  var after = form.getAttribute('data-follow'); // where photos go that follow, beside the page after the form
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

  function pictures(act) {
    Array.prototype.forEach.call(form.elements, function (el) { if (el.type === 'file') act(el); });
  }

  // chosen says how many photos wait for this form to be sent.
  function chosen() {
    listed(function (all) {
      var n = all.filter(function (p) { return p.key === asked && !p.to; }).length;
      pictures(function (el) {
        var p = document.getElementById(el.id + '-held') || document.createElement('p');
        p.id = el.id + '-held';
        p.className = 'note';
        p.textContent = filled(form.getAttribute('data-say-held'), n);
        p.hidden = !n;
        el.parentNode.appendChild(p);
      });
    });
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
    chosen();
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
    chosen();
    say(was.sent ? 'unsure' : 'kept');
    var off = document.createElement('button');
    off.type = 'button';
    off.className = 'btn q';
    off.textContent = form.getAttribute('data-say-drop');
    off.addEventListener('click', function () {
      store.removeItem(slot);
      form.reset();
      key.value = asked = fresh;
      said.hidden = true;
      form.insertBefore(said, end);
      drop(function (p) { return !p.to; }, chosen);
    });
    said.appendChild(document.createTextNode(' '));
    said.appendChild(off);
  }

  // shrink makes a telephone's large picture small before it is sent; what cannot be read goes as it is.
  function shrink(file, done) {
    var asIs = function () { done(file); };
    if (file.size < LARGE && /^image\/(jpeg|png|webp)$/.test(file.type) || !/^image\//.test(file.type) || !window.createImageBitmap || !HTMLCanvasElement.prototype.toBlob) return asIs();
    try {
      window.createImageBitmap(file, { imageOrientation: 'from-image' }).then(function (b) {
        var by = Math.min(1, SIDE / Math.max(b.width, b.height)), c = document.createElement('canvas');
        c.width = Math.round(b.width * by);
        c.height = Math.round(b.height * by);
        c.getContext('2d').drawImage(b, 0, 0, c.width, c.height);
        c.toBlob(function (out) { done(out && (out.size < file.size || !/^image\/(jpeg|png|webp)$/.test(file.type)) ? out : file); }, 'image/jpeg', 0.85);
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

  // hold puts the chosen photos by, to be sent once the report is confirmed; where the browser cannot, they go with it.
  function hold(done) {
    var list = [], left = 1, large = Number(form.getAttribute('data-max'));
    function one() {
      if (--left) return;
      if (!list.length) return done();
      photos(function (o) { list.forEach(function (p) { o.put(p); }); }, function (ok) {
        if (ok) pictures(function (el) { el.value = ''; });
        if (ok) chosen();
        done();
      });
    }
    if (!after || !window.indexedDB) return done();
    pictures(function (el) {
      Array.prototype.forEach.call(el.files, function (file, i) {
        left++;
        shrink(file, function (small) {
          var p = { id: asked + '.' + Date.now().toString(36) + '.' + i, who: form.getAttribute('data-keep'), key: asked, name: file.name, blob: small, at: Date.now(), to: '', why: '' };
          if (small.size > large) { p.blob = null; p.why = form.getAttribute('data-say-large'); }
          list.push(p);
          one();
        });
      });
    });
    one();
  }

  // release lets the photos go after the report, to an address beside the page that confirms it.
  function release(to, done) {
    var minors = form.elements.photo_minors, title = form.elements.title;
    to = to.replace(/[?#].*$/, '').replace(/^https?:\/\/[^/]+/, '').replace(/[^/]+$/, after);
    listed(function (all) {
      photos(function (o) {
        all.forEach(function (p) {
          if (p.key !== asked || p.to) return;
          p.to = to;
          p.alt = title ? title.value : '';
          p.minors = minors ? minors.value : '';
          o.put(p);
        });
      }, done);
    });
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
    keep(!put);
    form.insertBefore(said, end);
    say('sends');
    hold(function () { pack(deliver); });
  }

  function deliver(data) {
    var x = new XMLHttpRequest(), body = data;
    if (form.enctype !== 'multipart/form-data') {
      var words = [];
      data.forEach(function (v, k) { words.push(encodeURIComponent(k) + '=' + encodeURIComponent(v)); });
      body = words.join('&');
    }
    x.open('POST', put || form.action);
    if (typeof body === 'string') x.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
    x.upload.onprogress = function (e) { if (e.lengthComputable) say('sends', ' ' + Math.floor(e.loaded * 100 / e.total) + '%'); };
    x.onerror = x.onabort = later;
    x.onload = function () {
      if (x.status >= 500) return later();
      busy = false;
      var to = x.responseURL || '', login = /\/login(\?|$)/.test(to);
      if (x.status < 400 && to && to.split('#')[0] !== (put || form.action)) {
        if (login) { location.href = to; return; }
        store.removeItem(slot);
        if (after && !put) release(to, function () { location.href = to; });
        else location.href = to;
        return;
      }
      document.open(); // the same form with what has to be changed
      document.write(x.responseText);
      document.close();
    };
    x.send(body);
  }

  restore();
  form.addEventListener('input', function () { keep(); });
  form.addEventListener('change', function () { keep(); });
  form.addEventListener('click', function (e) { // comes before submit, also for the return key
    if (e.target.type === 'submit' && !busy) put = e.target.hasAttribute('formaction') ? e.target.formAction : '';
  });
  form.addEventListener('submit', function (e) {
    e.preventDefault();
    if (busy) return;
    send();
  });
  window.addEventListener('online', again);
})();
