// What a page shows to whoever reads it, in plain values: judging is left to
// the caller. It stands on the engine, in the same isolated world, and changes
// nothing.
(() => {
'use strict';
const t = globalThis.__touchstone;
if (!t || t.survey) return;
const {tidy, visible, shown, select, name, stage, about, address, classes} = t.kit;

// ---- has anything changed since the last look? ----

let stale = true, stirred = performance.now(), stirs = 0, shifted = 0;
const stir = () => { stale = true; stirred = performance.now(); stirs++ };
const shift = () => { shifted++ };
// What a field notes of itself moves nothing about it.
const shifts = m => m.type !== 'attributes' || !/^(input|select|textarea|option)$/.test(m.target.localName);
// Nor is it read here what a script notes at a field for itself, or what is typed
// or chosen; what the page makes of that is a change of its own.
const noted = m => m.type === 'attributes' && m.attributeName.startsWith('data-') && !shifts(m);
new MutationObserver(list => { if (!list.every(noted)) stir(); if (list.some(shifts)) shift() }).observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
for (const e of ['toggle', 'hashchange', 'popstate', 'load']) addEventListener(e, () => { stir(); shift() }, true);
addEventListener('change', e => { if (!/^(input|select|textarea)$/.test(e.target.localName) || /^(checkbox|radio)$/.test(e.target.type)) { stir(); shift() } }, true);
for (const e of ['scroll', 'resize', 'animationstart', 'animationend', 'transitionend']) addEventListener(e, shift, true);

// quiet waits until nothing has changed for a while, no longer than ms: a view
// that a script draws has no other end.
const quiet = async ms => {
  for (const end = performance.now() + ms; performance.now() < end && performance.now() - stirred < 100;) await new Promise(done => setTimeout(done, 20));
};

// What a picture of the page would show, in few words: two that are alike show
// the same. Empty where nobody can tell: where something moves by itself, or
// would change without a word.
const look = () => {
  if (document.readyState !== 'complete' || document.fonts.status !== 'loaded' || document.getAnimations().length) return '';
  if (t.shadows() || select('iframe,frame,object,embed,canvas,video,marquee').length || [...document.images].some(i => !i.complete)) return '';
  const fields = select('input,select,textarea').map(e => `${e.checked} ${e.selectedIndex} ${e.value}`).join('\n');
  let sum = 0;
  for (let i = 0; i < fields.length; i++) sum = sum * 31 + fields.charCodeAt(i) | 0;
  return [performance.timeOrigin, stirs, shifted, innerWidth, innerHeight, scrollX, scrollY, sum].join(' ');
};

// ---- where things stand ----

const FRAME = 'header,nav,footer,aside,[role=banner],[role=navigation],[role=contentinfo],[role=complementary]';
// The header area: the page's own header, or the uppermost 160 pixels.
const header = e => {
  if (e.closest('main,[role=main],article,footer,dialog,[role=dialog]')) return false;
  return !!e.closest('header,[role=banner]') || e.getBoundingClientRect().bottom + scrollY <= 160;
};
const plain = (e, most) => tidy(e.getAttribute('aria-label') || e.textContent || e.value || e.title || e.querySelector?.('img')?.alt).slice(0, most);

// The text of the page without what frames it.
const core = e => {
  if (e.nodeType === 3) return e.data;
  if (e.nodeType !== 1 || /^(script|style|noscript|template)$/.test(e.localName) || e.matches(FRAME)) return '';
  return e.querySelector(FRAME) ? [...e.childNodes].map(core).join('\n') : e.innerText || '';
};
const main = () => {
  const m = select('main,[role=main]').find(visible);
  return (m ? m.innerText : core(document.body)).trim();
};

// ---- questions, and items of a list ----

const questions = () => {
  const asked = new Set(), topics = new Set();
  const add = (q, answer) => { q = tidy(q).slice(0, 200); if (q && tidy(answer).length > 15) (q.endsWith('?') ? asked : topics).add(q) };
  for (const d of select('details')) { const s = d.querySelector('summary'); if (s && visible(s)) add(s.textContent, d.textContent.slice(s.textContent.length)) }
  for (const dt of select('dt')) if (visible(dt) && /\?\s*$/.test(dt.textContent)) add(dt.textContent, dt.nextElementSibling?.textContent);
  for (const h of select('h2,h3,h4,h5,h6,[aria-expanded]')) if (visible(h) && /\?\s*$/.test(h.textContent)) {
    const box = document.getElementById(h.getAttribute('aria-controls') || h.querySelector('[aria-controls]')?.getAttribute('aria-controls') || '');
    add(h.textContent, (box || h.nextElementSibling || h.parentElement.nextElementSibling)?.textContent);
  }
  return {asked: [...asked], topics: topics.size};
};

// The largest group of alike children that each hold a link and a picture, a
// price or a heading.
const LISTED = /result|product|item|grid|list|card|tile|treffer|produkt/i;
const MONEY = /[€£$]|\b(eur|gbp|usd|chf)\b/i;
const items = () => {
  const root = select('main,[role=main]').find(visible) || document.body;
  const groups = new Map();
  for (const a of root.querySelectorAll('a[href]')) {
    if (!visible(a) || a.closest('nav,header,footer')) continue;
    for (let c = a, n = 0; c.parentElement && c !== root && n < 6; c = c.parentElement, n++) {
      const p = c.parentElement;
      if (!/^(ul|ol|tbody)$/.test(p.localName) && !/^(article)$/.test(c.localName) && !LISTED.test(classes(c) + ' ' + classes(p))) continue;
      if (!(MONEY.test(c.textContent) || c.querySelector('img,svg,h2,h3,h4'))) continue;
      if (!groups.has(p)) groups.set(p, new Map());
      const kind = c.localName + '.' + c.className;
      const g = groups.get(p);
      if (!g.has(kind)) g.set(kind, new Set());
      g.get(kind).add(c);
    }
  }
  let most = 0;
  for (const g of groups.values()) for (const s of g.values()) most = Math.max(most, s.size);
  return most;
};

// ---- addresses and numbers ----

const NUMBER = /(?:\+|\(?0|\b1[- ])[\d\s().\/-]{6,}\d/;
const phones = () => {
  const out = [], w = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n; (n = w.nextNode()) && out.length < 30;) {
    const m = NUMBER.exec(n.data), e = n.parentElement;
    if (!m || /^(script|style|noscript|template)$/.test(e.localName) || !visible(e)) continue;
    const box = e.closest('p,li,dd,td,address,div,section,header,footer,body');
    const all = tidy(box.textContent), at = all.indexOf(tidy(m[0]));
    const before = at > 0 ? all.slice(Math.max(0, at - 60), at) : '';
    out.push({number: tidy(m[0]), before: tidy((before || tidy(box.previousElementSibling?.textContent).slice(-60))), header: header(e)});
  }
  return out;
};
const structured = () => {
  const found = {emails: [], asked: 0};
  const walk = (x, depth) => {
    if (!x || typeof x !== 'object' || depth > 8) return;
    if (x['@type'] === 'FAQPage' && Array.isArray(x.mainEntity)) found.asked += x.mainEntity.length;
    for (const [k, y] of Object.entries(x)) if (k === 'email' && typeof y === 'string') found.emails.push(y.replace(/^mailto:/i, '')); else walk(y, depth + 1);
  };
  for (const s of document.querySelectorAll('script[type="application/ld+json"]')) { try { walk(JSON.parse(s.textContent), 0) } catch {} }
  return found;
};

// survey gives what the page shows, or null when nothing has changed since it
// was last asked.
const survey = () => {
  if (!stale || !document.body) return null;
  stale = false;
  const from = performance.now(), q = questions(), s = structured();
  const controls = select('a[href],area[href],button,summary,[role=button],[role=link],input[type=submit],input[type=button]').slice(0, 800).filter(visible).slice(0, 400)
    .map(e => ({text: plain(e, 100), link: address(e), header: header(e)}));
  const inputs = select('input').filter(e => /^(text|search|)$/.test(e.type) && visible(e))
    .map(e => ({about: about(e).slice(0, 200), search: e.type === 'search' || e.getAttribute('role') === 'searchbox' || !!e.closest('[role=search],search'), frame: !!e.closest(FRAME) || header(e) && !!document.querySelector('main,[role=main]')}));
  const boxes = select('input[type=checkbox],[role=checkbox],[role=switch]').filter(shown)
    .map(e => ({key: e.name || e.id || '', label: (name(e) || tidy(e.parentElement?.textContent)).slice(0, 300), ticked: e.localName === 'input' ? e.checked : e.getAttribute('aria-checked') === 'true'}));
  return {
    language: document.documentElement.lang, title: tidy(document.title).slice(0, 200),
    headings: select('h1').filter(visible).map(h => tidy(h.textContent).slice(0, 200)).slice(0, 5),
    ...stage(), text: (document.body.innerText || '').slice(0, 40000), main: main().slice(0, 40000),
    controls, inputs, boxes, phones: phones(), emails: s.emails.slice(0, 10),
    messages: select('textarea').filter(e => visible(e) && (e.form || e.closest('[role=form]'))).length,
    asked: q.asked.slice(0, 200), topics: q.topics, structured: s.asked, items: items(), took: performance.now() - from,
  };
};

Object.assign(t, {survey, quiet, look, shifted: () => shifted});
})();
