// What a form answers to a wrong value, in plain values: judging is left to the
// caller. It stands on the engine, in the same isolated world, and changes
// nothing.
(() => {
'use strict';
const t = globalThis.__touchstone;
if (!t || t.draft) return;
const {tidy, visible, shown, select, name, about, scope, inScope, isField, secret, disabled, classes} = t.kit;

const key = e => [e.localName, e.type, e.name || e.id || tidy(name(e)).toLowerCase(), /^(radio|checkbox)$/.test(e.type) ? e.value : ''].join(' ');
const value = e => /^(radio|checkbox)$/.test(e.type) ? String(e.checked) : e.value;
const entry = e => ({
  ref: t.ref(e), key: key(e), tag: e.localName, type: e.type || '', about: tidy(about(e)).slice(0, 300), label: tidy(name(e)).slice(0, 120),
  required: e.required || e.getAttribute('aria-required') === 'true' || /[*＊]|\(required\)|pflichtfeld|必須/i.test([...(e.labels || [])].map(l => l.textContent).join(' ')),
  shown: shown(e), secret: secret(e), value: secret(e) || e.type === 'file' ? '' : value(e),
});
const entries = s => inScope(s).filter(isField);

// What somebody can read, block by block; the words of controls are not news.
const QUIET = 'script,style,noscript,template,option,button,[role=button],textarea,title';
const blocks = () => {
  const found = new Map();
  const walk = root => {
    const w = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let n = w.nextNode(); n; n = w.nextNode()) {
      if (n.nodeType === 1) { if (n.shadowRoot) walk(n.shadowRoot); continue }
      const e = n.parentElement || n.getRootNode().host;
      if (!n.data.trim() || !e || found.has(e) || e.closest(QUIET) || !visible(e)) continue;
      found.set(e, tidy(e.innerText).slice(0, 200));
    }
  };
  if (document.body) walk(document.body);
  return [...found].filter(([, text]) => text);
};

const words = () => [...new Set(blocks().map(([, text]) => text))].slice(0, 800);

// What has changed since the last draft in this document.
let fresh = null;
const changes = new MutationObserver(list => { for (const m of list) { fresh.add(m.target.nodeType === 3 ? m.target.parentElement : m.target); for (const n of m.addedNodes) fresh.add(n.nodeType === 3 ? n.parentElement : n) } });
const isFresh = x => {
  for (let e = x, n = 0; e && n < 3; e = e.parentElement, n++) if (fresh.has(e)) return true;
  return false;
};

// The form round the element that was found last, as it stands before a trial.
let bubbles = [];
const watched = new WeakSet();
const draft = () => {
  const e = t.last(), s = scope(e.closest('label')?.control || e), meant = e.closest('button,[role=button],input[type=submit],input[type=image]');
  bubbles = [];
  fresh = new WeakSet();
  changes.observe(document, {subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['class', 'style', 'hidden']});
  if (!watched.has(s)) s.addEventListener('invalid', ev => { const of = ev.target; setTimeout(() => bubbles.push([of, ev.defaultPrevented])) }, true);
  watched.add(s);
  const sends = (s.elements ? [...s.elements] : [...s.querySelectorAll('button,input')]).filter(b => (b.localName === 'button' && b.type === 'submit' || /^(submit|image)$/.test(b.type) && b.localName === 'input') && visible(b));
  if (meant && visible(meant)) sends.unshift(meant);
  // Without a form, or one without such a button: the first that follows its last field.
  const last = entries(s).filter(shown).at(-1) || e, follows = b => last.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING;
  if (!sends.length) sends.push(...[...s.querySelectorAll('button,[role=button]')].filter(b => visible(b) && name(b) && follows(b)).slice(0, 1));
  return {
    fields: entries(s).map(entry), said: words(), address: location.href,
    sends: sends.map(b => ({ref: t.ref(b), name: tidy(name(b)).slice(0, 120), disabled: disabled(b)})),
  };
};

const again = wanted => {
  const all = select('input,select,textarea').filter(isField);
  return all.find(e => t.ref(e) === wanted.ref && key(e) === wanted.key) || all.find(e => key(e) === wanted.key) || null;
};
const union = rects => rects.filter(r => r.width || r.height).reduce((a, b) => ({left: Math.min(a.left, b.left), top: Math.min(a.top, b.top), right: Math.max(a.right, b.right), bottom: Math.max(a.bottom, b.bottom)}),
  {left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity});
const place = e => union([e, ...(e.labels || [])].map(x => x.getBoundingClientRect()));
const gap = (a, b) => Math.hypot(Math.max(0, a.left - b.right, b.left - a.right), Math.max(0, a.top - b.bottom, b.top - a.bottom));
const ids = (e, attribute) => (e.getAttribute(attribute) || '').split(/\s+/).filter(Boolean).map(id => e.getRootNode().getElementById?.(id)).filter(Boolean);
const ERROR = /error|invalid|fehler|warn|alert|danger|erreur|feil|\bfel\b|fout/i;

// What stands there now that the page did not say at first, and how the field and
// its neighbours are. old is what an earlier trial had brought. wanted is null in
// a page whose frame holds the field.
const answer = (wanted, said, old) => {
  const e = wanted && again(wanted), before = new Set(said), earlier = new Set(old);
  const out = {there: !!e && shown(e), news: [], values: {}, address: location.href, status: performance.getEntriesByType('navigation')[0]?.responseStatus || 0};
  const tied = e ? [...ids(e, 'aria-describedby'), ...ids(e, 'aria-errormessage'), ...ids(e, 'aria-labelledby'), ...(e.labels || [])] : [];
  const at = out.there ? place(e) : null, others = e ? entries(scope(e)).filter(o => o !== e && shown(o)) : [];
  for (const [x, text] of blocks()) {
    if (before.has(text)) continue;
    const links = [x, ...x.querySelectorAll('a')].concat(x.closest('a') || []).filter(a => a.localName === 'a' && a.hash);
    const box = x.getBoundingClientRect();
    let fixed = false, marked = false;
    for (let p = x, n = 0; p && p.nodeType === 1 && n < 6; p = p.parentElement, n++) {
      fixed ||= getComputedStyle(p).position === 'fixed';
      marked ||= n < 4 && (/^(alert|status|alertdialog)$/.test(p.getAttribute('role') || '') || p.hasAttribute('aria-live') || ERROR.test(classes(p) + ' ' + (p.id || '')));
    }
    const distance = at && !fixed ? gap(at, box) : -1;
    out.news.push({
      text, distance, marked, old: fresh !== null && earlier.has(text) && !isFresh(x), heading: !!x.closest('h1,h2'),
      nearest: at !== null && others.every(o => gap(place(o), box) >= distance - 1),
      tied: tied.some(d => d === x || d.contains(x) || x.contains(d) && d.localName !== 'label') || !!e && links.some(a => e.id && a.hash === '#' + CSS.escape(e.id) || a.hash === '#' + e.id),
    });
  }
  if (!e) return out;
  const bubble = bubbles.filter(([of]) => of === e).at(-1);
  const first = bubbles.find(([, prevented]) => !prevented);
  Object.assign(out, {
    invalid: e.getAttribute('aria-invalid') === 'true', ref: t.ref(e), value: secret(e) ? '' : value(e),
    // The browser shows its bubble at the first field only.
    bubble: bubble && !bubble[1] && first[0] === e ? e.validationMessage : '', custom: e.validity.customError,
    elsewhere: !!first && first[0] !== e,
    focus: document.activeElement === e || tied.includes(document.activeElement) || !!document.activeElement?.querySelector?.(`a[href="#${CSS.escape(e.id)}"]`),
  });
  for (const o of entries(scope(e))) if (o !== e && !secret(o) && o.type !== 'file') out.values[key(o)] = value(o);
  return out;
};

Object.assign(t, {draft, answer, words});
})();
