// Whoever leaves in a hurry leaves no entry for these pages behind. What is sent and which of them comes next takes the place of the page
// that is there, so that all of them are one entry of the history, and the next page elsewhere takes that place. The browser's own way back
// leads out of them, too, and whoever comes forward again finds nothing that was typed: the pages have a step back of their own. Without
// this file the links and forms lead there all the same.
(function () {
  'use strict';
  var a = document.getElementById('leave');
  if (!a) return;
  function go(e) {
    e.preventDefault();
    document.documentElement.style.display = 'none';
    window.location.replace(a.href);
  }
  a.addEventListener('click', go);
  document.addEventListener('keydown', function (e) {
    if (e.key === 'Escape') go(e);
  });
  window.addEventListener('pagehide', function () { // a browser may keep the page to show it again as it was
    document.documentElement.textContent = '';
  });
  window.addEventListener('pageshow', function (e) {
    if (e.persisted) window.location.reload();
  });

  document.addEventListener('click', function (e) {
    var link = e.target.closest && e.target.closest('a[href]');
    if (!link || link === a || link.origin !== window.location.origin || e.defaultPrevented || e.button || e.ctrlKey || e.metaKey || e.shiftKey || link.hash) return;
    e.preventDefault();
    window.location.replace(link.href);
  });

  if (!window.fetch || !window.FormData || !window.URLSearchParams) return;
  var busy = false;

  // place writes a page over the one that is there, and leads to what is to be read first whoever does not see that it changed.
  function place(page) {
    document.open();
    document.write(page);
    document.close();
    window.scrollTo(0, 0);
    focus(document.querySelector('.errsum') || document.querySelector('[role=alert]:not([hidden])') || document.querySelector('h1'));
  }

  function focus(at) {
    if (!at) return;
    at.tabIndex = -1;
    at.focus();
  }

  // picture shows a photo below its button: a page of its own would be one more entry.
  function picture(form, data) {
    var reader = new FileReader(), img = form.querySelector('img') || document.createElement('img');
    reader.onload = function () {
      img.alt = form.textContent.trim();
      img.src = reader.result;
      form.appendChild(img);
    };
    reader.readAsDataURL(data);
  }

  document.addEventListener('submit', function (e) {
    var form = e.target, button = e.submitter;
    if (e.defaultPrevented || form.method !== 'post') return;
    e.preventDefault();
    if (busy) return;
    busy = true;
    var body = new FormData(form), cut = document.getElementById('cut');
    if (button && button.name) body.append(button.name, button.value);
    if (form.enctype !== 'multipart/form-data') body = new URLSearchParams(body);
    if (cut) cut.hidden = true;
    window.fetch(form.getAttribute('action'), { method: 'POST', body: body }).then(function (answer) {
      var kind = answer.headers.get('Content-Type') || '';
      if (answer.status >= 500) throw answer;
      if (/^text\/html/.test(kind)) return answer.text().then(place);
      busy = false;
      if (/^image\//.test(kind)) return answer.blob().then(function (data) { picture(form, data); });
      form.submit(); // a file that is saved: no page comes of it
    }).catch(function () { // what was typed stays; sent again it counts once
      busy = false;
      if (!cut) return;
      form.appendChild(cut);
      cut.hidden = false;
      focus(cut);
    });
  });
})();
