// Asks the browser for a passkey: to make one, to sign in with one, or as the second step. Where the browser cannot, the page says so by
// itself and every other way stays open.
(function () {
  'use strict';
  var boxes = document.querySelectorAll('[data-passkey]');
  if (!boxes.length || !window.PublicKeyCredential || !navigator.credentials || !window.fetch || !window.Promise) return;

  function bytes(text) {
    var raw = window.atob(text.replace(/-/g, '+').replace(/_/g, '/')), out = new Uint8Array(raw.length);
    for (var i = 0; i < raw.length; i++) out[i] = raw.charCodeAt(i);
    return out.buffer;
  }

  function text(buffer) {
    var b = new Uint8Array(buffer), raw = '';
    for (var i = 0; i < b.length; i++) raw += String.fromCharCode(b[i]);
    return window.btoa(raw).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  }

  function ids(list) {
    (list || []).forEach(function (c) { c.id = bytes(c.id); });
  }

  // answer writes what the browser signed as the server reads it.
  function answer(c) {
    var r = c.response, out = { clientDataJSON: text(r.clientDataJSON) };
    if (r.attestationObject) {
      out.attestationObject = text(r.attestationObject);
      if (r.getTransports) out.transports = r.getTransports();
    } else {
      out.authenticatorData = text(r.authenticatorData);
      out.signature = text(r.signature);
      if (r.userHandle) out.userHandle = text(r.userHandle);
    }
    return JSON.stringify({ id: c.id, rawId: text(c.rawId), type: c.type, response: out, clientExtensionResults: {} });
  }

  function said(problem) {
    return (problem.fields && problem.fields.length && problem.fields[0].detail) || problem.detail || problem.title;
  }

  Array.prototype.forEach.call(boxes, function (box) {
    var form = box, line = box.querySelector('[role=status]'), hidden = box.querySelector('input'), button = box.querySelector('p');
    while (form && form.tagName !== 'FORM') form = form.parentNode;
    if (!form) return;
    button.hidden = false;
    line.textContent = '';
    form.addEventListener('submit', function (e) {
      var old = form.querySelector('[name=old]'), told = '';
      if (!hidden.disabled) return; // signed: the form goes as any other
      e.preventDefault();
      line.textContent = box.getAttribute('data-say-wait');
      window.fetch(box.getAttribute('data-passkey'), { method: 'POST', credentials: 'same-origin', headers: { 'Accept': 'application/json', 'Content-Type': 'application/json' },
        body: old ? JSON.stringify({ old: old.value }) : '{}' }).then(function (r) {
        return r.json().then(function (o) {
          if (r.ok) return o.publicKey;
          told = said(o);
          throw new Error(told);
        });
      }).then(function (k) {
        k.challenge = bytes(k.challenge);
        ids(k.excludeCredentials);
        ids(k.allowCredentials);
        if (!k.user) return navigator.credentials.get({ publicKey: k });
        k.user.id = bytes(k.user.id);
        return navigator.credentials.create({ publicKey: k });
      }).then(function (c) {
        hidden.value = answer(c);
        hidden.disabled = false;
        if (old) old.removeAttribute('name'); // it was checked when this began
        form.submit();
      })['catch'](function () { line.textContent = told || box.getAttribute('data-say-none'); });
    });
  });
})();
