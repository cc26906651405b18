// Reads the text of a page aloud, paragraph by paragraph, with a voice that the device itself has: a voice that speaks through somebody's
// server would send out what is read. Without this file, or without such a voice, nothing of it is on the page.
(function () {
  'use strict';
  var box = document.getElementById('aloud'), synth = window.speechSynthesis, list = [], at = 0, turn = 0, state = '', start, stop;
  if (!box || !synth || !window.SpeechSynthesisUtterance) return;
  var names = { zh: ['zh', 'cmn', 'zho', 'chi'], en: ['en', 'eng'] };

  function langOf(el) {
    for (; el; el = el.parentElement) if (el.lang) return el.lang;
    return 'zh-CN';
  }

  // The voice for a language: that of the place first, for zh-CN no Cantonese.
  function voiceFor(lang) {
    var all = synth.getVoices() || [], found = null, i, v, code;
    for (i = 0; i < all.length; i++) {
      v = all[i];
      code = String(v.lang).toLowerCase().replace(/_/g, '-');
      if (v.localService === false || (names[lang.slice(0, 2)] || []).indexOf(code.split('-')[0]) < 0) continue;
      if (code === lang.toLowerCase()) return v;
      if (!found && !/-(hk|mo)\b/.test(code)) found = v;
    }
    return found;
  }

  // What is read: title, headings, paragraphs, in sentences, so that a pause goes on where it stopped.
  function gather() {
    var els = document.querySelectorAll('main h1, main .full h2, main .full h3, main .full p, main .full li'), out = [], i, lang, voice;
    for (i = 0; i < els.length; i++) {
      lang = langOf(els[i]);
      if (/[\u4e00-\u9fff]/.test(els[i].textContent) && lang.slice(0, 2) !== 'zh') lang = 'zh-CN'; // a Chinese title on an English page
      voice = voiceFor(lang);
      if (!voice) continue;
      (els[i].textContent.replace(/\s+/g, ' ').match(/[^。！？；!?;]{1,160}[。！？；!?;”’）]*/g) || []).forEach(function (text) {
        if (text.replace(/\s/g, '')) out.push({ el: els[i], text: text, lang: lang, voice: voice });
      });
    }
    return out;
  }

  function mark(el) {
    var old = document.querySelector('.aloud');
    if (old === el) return;
    if (old) old.classList.remove('aloud');
    if (!el) return;
    el.classList.add('aloud');
    if (el.scrollIntoView) el.scrollIntoView({ block: 'nearest' });
  }

  function show(now) {
    state = now;
    start.textContent = box.getAttribute('data-say-' + (now === 'reads' ? 'pause' : now === 'waits' ? 'on' : 'start'));
    stop.hidden = !now;
  }

  function quiet() {
    turn++; // what still ends is not ours any more
    synth.cancel();
  }

  function end() {
    quiet();
    at = 0;
    mark(null);
    if (document.activeElement === stop) start.focus();
    show('');
  }

  function next() {
    var x = list[at], mine = ++turn, u;
    if (!x) return end();
    mark(x.el);
    u = new window.SpeechSynthesisUtterance(x.text);
    u.lang = x.lang;
    u.voice = x.voice;
    u.rate = 0.9;
    u.onend = function () { if (mine === turn) { at++; next(); } };
    u.onerror = function () { if (mine === turn) end(); };
    synth.speak(u);
  }

  // Pausing is stopping and beginning the sentence again: many telephones do not go on after a pause of their own.
  function press() {
    if (state === 'reads') {
      quiet();
      return show('waits');
    }
    if (!state) list = gather();
    show('reads');
    next();
  }

  function button(does) {
    var b = document.createElement('button');
    b.type = 'button';
    b.className = 'btn alt';
    b.addEventListener('click', does);
    return box.appendChild(b);
  }

  function offer() {
    if (start || !gather().some(function (x) { return x.el.tagName !== 'H1'; })) return;
    start = button(press);
    stop = button(end);
    stop.textContent = box.getAttribute('data-say-stop');
    show('');
    box.hidden = false;
  }

  window.addEventListener('pagehide', function () { if (state) end(); });
  if (synth.addEventListener) synth.addEventListener('voiceschanged', offer);
  else synth.onvoiceschanged = offer;
  offer();
})();
