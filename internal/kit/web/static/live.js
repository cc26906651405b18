// An open inbox says that new work has come, as soon as the server knows of it. The page works whole without this file.
(function () {
  'use strict';
  var line = document.getElementById('live'), source = null, seen = '';
  if (!line || !window.EventSource) return;

  function close() {
    if (source) source.close();
    source = null;
  }

  function keep(e) { seen = e.data; }

  function open() {
    if (source || document.hidden) return; // a telephone in a pocket does not listen
    source = new EventSource(seen ? '/inbox/live?seen=' + seen : line.getAttribute('data-live'));
    source.addEventListener('same', keep);
    source.addEventListener('new', function (e) {
      keep(e);
      line.hidden = false;
    });
    source.onerror = function () {
      var refused = source && source.readyState === 2;
      close();
      if (!refused) setTimeout(open, 5000);
    };
  }

  document.addEventListener('visibilitychange', function () { if (document.hidden) close(); else open(); });
  window.addEventListener('pagehide', close);
  setTimeout(open, 1500); // first what was asked for
})();
