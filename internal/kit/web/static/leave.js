// Whoever leaves in a hurry leaves no entry for these pages behind. What is sent and which of them comes next takes the place of the page
// that is there, so that all of them are one entry of the history, and the next page elsewhere takes that place. Without this file the
// links and forms lead there all the same.
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

  document.addEventListener('click', function (e) {
    var link = e.target.closest && e.target.closest('a[href]');
    if (!link || link === a || link.origin !== window.location.origin || e.defaultPrevented || e.button || e.ctrlKey || e.metaKey || e.shiftKey || link.hash) return;
    e.preventDefault();
    window.location.replace(link.href);
  });

  if (!window.fetch || !window.FormData || !window.URLSearchParams) return;
  var busy = false;
  document.addEventListener('submit', function (e) {
    var form = e.target, button = e.submitter, to = form.getAttribute('action');
    if (e.defaultPrevented || form.method !== 'post' || /\/file$/.test(to)) return; // a file is shown by the browser itself
    e.preventDefault();
    if (busy) return;
    busy = true;
    var body = new FormData(form);
    if (button && button.name) body.append(button.name, button.value);
    if (form.enctype !== 'multipart/form-data') body = new URLSearchParams(body);
    window.fetch(to, { method: 'POST', body: body }).then(function (answer) {
      return answer.text().then(function (page) {
        window.history.replaceState(null, '', answer.url);
        document.open();
        document.write(page);
        document.close();
        window.scrollTo(0, 0);
      });
    }).catch(function () { // the browser says what is wrong with the line
      if (button && button.name) {
        var more = document.createElement('input');
        more.type = 'hidden';
        more.name = button.name;
        more.value = button.value;
        form.appendChild(more);
      }
      form.submit();
    });
  });
})();
