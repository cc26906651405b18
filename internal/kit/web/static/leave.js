// Whoever leaves in a hurry leaves no entry for this page behind: the next page takes its place in the history. Without this file the
// link leads there all the same.
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
})();
