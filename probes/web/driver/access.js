// What of a page keeps people out who see it badly, hear it read or use no
// mouse, as far as a program can tell, in plain values. It stands on the engine,
// in the same isolated world, and changes nothing.
(() => {
'use strict';
const t = globalThis.__touchstone;
if (!t || t.access) return;
const {tidy, visible, shown, select, name, scope, isField, touched, disabled} = t.kit;

let stale = true;
const stir = () => { stale = true };
new MutationObserver(stir).observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
for (const e of ['input', 'change', 'toggle']) addEventListener(e, stir, true);

const up = e => e.assignedSlot || e.parentElement || e.getRootNode().host || null;
const snippet = e => {
  let s = '<' + e.localName;
  for (const a of ['id', 'class', 'name', 'type', 'role', 'aria-label', 'autocomplete']) if (e.getAttribute(a)) s += ` ${a}="${tidy(e.getAttribute(a)).slice(0, 40)}"`;
  return s + '>';
};

// ---- the part of the page that the task needs ----

// The forms that were used; where none was, the main part of the page.
const parts = () => {
  const used = [...new Set(select('input,select,textarea').filter(e => touched.has(e)).map(scope))];
  return used.length ? {used: true, list: used} : {used: false, list: []};
};
const AROUND = 'header,nav,footer,aside,[role=banner],[role=navigation],[role=contentinfo],[role=complementary]';
const needed = (e, p) => p.used
  ? p.list.some(s => s.contains(e) || e.form === s || [...(e.labels || [])].some(l => s.contains(l)) || e.localName === 'label' && e.control && s.contains(e.control))
  : !e.closest(AROUND);

// ---- contrast: WCAG 2.2, relative luminance and contrast ratio ----

let pen = null;
const inks = new Map();
// The browser itself knows every way of writing a colour.
const rgba = colour => {
  if (!inks.has(colour)) {
    pen ||= new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = '#000'; pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    inks.set(colour, [r, g, b, a / 255]);
  }
  return inks.get(colour);
};
const over = (a, b) => { // a on b, each with its own transparency
  const alpha = a[3] + b[3] * (1 - a[3]);
  return alpha ? [0, 1, 2].map(i => (a[i] * a[3] + b[i] * b[3] * (1 - a[3])) / alpha).concat(alpha) : [0, 0, 0, 0];
};
const luminance = c => c.slice(0, 3).map(x => (x /= 255) <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4).reduce((s, x, i) => s + x * [0.2126, 0.7152, 0.0722][i], 0);
const ratio = (a, b) => { const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05) };

// What of an element's style is asked for often, once a look.
let styles = new Map();
const style = e => {
  let s = styles.get(e);
  if (!s) {
    const c = getComputedStyle(e);
    s = {
      ground: rgba(c.backgroundColor), image: c.backgroundImage !== 'none', opacity: parseFloat(c.opacity),
      strange: c.filter !== 'none' || c.mixBlendMode !== 'normal' || c.backgroundClip === 'text',
      clipped: /inset\((50|100)%/.test(c.clipPath) || c.clip !== 'auto' && /absolute|fixed/.test(c.position) && /rect\((0|1)px,? (0|1)px,? (0|1)px,? (0|1)px\)/.test(c.clip) || c.overflow === 'hidden' && e.getBoundingClientRect().width <= 1,
    };
    styles.set(e, s);
  }
  return s;
};

const REPLACED = /^(img|video|canvas|svg|picture|iframe|object|embed)$/;
// The colours of a text and of what lies behind it, or null where a picture
// does: ink on the backgrounds of all that surrounds it, each group of them as
// transparent as it is.
const colours = (e, ink, box) => {
  const x = box.left + box.width / 2, y = box.top + box.height / 2;
  const chain = [];
  for (let n = e; n; n = up(n)) chain.push(n);
  // What lies under the text without surrounding it has to be plain, too.
  if (x >= 0 && y >= 0 && x < innerWidth && y < innerHeight)
    for (const under of document.elementsFromPoint(x, y)) {
      if (under === e) continue;
      const s = style(under), inside = chain.includes(under);
      if (inside && s.ground[3] === 1) break;
      if (!inside && !e.contains(under) && (REPLACED.test(under.localName) || s.image || s.ground[3] > 0)) return null;
    }
  let front = ink, back = [0, 0, 0, 0];
  for (const n of chain) {
    const {ground, image, opacity, strange} = style(n);
    if (strange || image && back[3] < 1) return null;
    if (ground[3] > 0) { front = over(front, ground); back = over(back, ground) }
    if (opacity < 1) { front = [...front.slice(0, 3), front[3] * opacity]; back = [...back.slice(0, 3), back[3] * opacity] }
  }
  const paper = [255, 255, 255, 1];
  return [over(front, paper), over(back, paper)];
};
const MUTE = /^(script|style|noscript|template|option|optgroup|title|svg|select)$/;
const MOST = 400; // texts of a page
const texts = () => {
  const found = new Map(), add = (e, of) => { if (found.size < MOST && !found.has(e) && visible(e)) found.set(e, getComputedStyle(e, of).color) };
  for (const e of select('input,textarea,select')) {
    if (/^(hidden|checkbox|radio|range|color|file|image)$/.test(e.type)) continue;
    if (e.localName === 'select' || e.value) add(e); else if (e.placeholder) add(e, '::placeholder');
  }
  const walk = root => {
    const w = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, n => n.nodeType === 1 && MUTE.test(n.localName) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    for (let n = w.nextNode(); n && found.size < MOST; n = w.nextNode()) {
      if (n.nodeType === 1) { if (n.shadowRoot) walk(n.shadowRoot) } else if (n.parentElement && n.data.trim()) add(n.parentElement);
    }
  };
  walk(document.body);
  return found;
};
const seen = (e, box) => box.width > 1 && box.height > 1 && box.right > 0 && box.bottom + scrollY > 0 && !hiddenByClip(e);
const hiddenByClip = e => {
  for (let n = e, i = 0; n && i < 3; n = up(n), i++) if (style(n).clipped) return true;
  return false;
};

// ---- the keyboard's way ----

const STOPS = 'a[href],area[href],button,input,select,textarea,summary,iframe,[tabindex],[contenteditable]';
const stops = root => {
  const groups = new Set();
  const list = [...root.querySelectorAll(STOPS)].filter(e => e.tabIndex >= 0 && e.type !== 'hidden' && !disabled(e) && e.checkVisibility({visibilityProperty: true}));
  const order = [...list.filter(e => e.tabIndex > 0).sort((a, b) => a.tabIndex - b.tabIndex), ...list.filter(e => e.tabIndex === 0)];
  return order.filter(e => { if (e.type !== 'radio' || !e.name) return true; if (groups.has(e.name)) return false; groups.add(e.name); return true });
};
const unseen = e => {
  const r = e.getBoundingClientRect();
  return r.width <= 1 || r.height <= 1 || r.right <= 0 || r.bottom + scrollY <= 0 || !e.checkVisibility({opacityProperty: true}) || hiddenByClip(e);
};
// Back is up in the same column, or against the writing within a line.
const goesBack = (a, b, rtl) => {
  const p = a.getBoundingClientRect(), q = b.getBoundingClientRect();
  const level = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > Math.min(p.height, q.height) / 2;
  if (level) return rtl ? q.left >= p.right - 2 : q.right <= p.left + 2;
  return q.bottom <= p.top + 2 && (rtl ? q.right > p.left + 2 : q.left < p.right - 2);
};

// ---- all together ----

const CONTROLS = 'a[href],button,input:not([type=hidden]),select,textarea,summary,[role=button],[role=link],[role=textbox],[role=combobox],[role=checkbox],[role=radio],[role=switch],[role=tab],[role=menuitem],[role=slider],[role=spinbutton],[role=searchbox]';
const NATIVE = /^(a|area|button|input|select|textarea|option|summary|label|details|video|audio|iframe|body|html|form|dialog)$/;
const WIDGET = /^(button|link|checkbox|radio|switch|tab|menuitem|combobox|textbox|searchbox|slider|spinbutton|option)$/;

const access = () => {
  if (!stale || !document.body) return null;
  stale = false;
  styles = new Map();
  const from = performance.now(), part = parts(), faults = [], counted = new Map();
  const fault = (check, e, words) => {
    const where = snippet(e), key = check + where;
    counted.set(key, (counted.get(key) || 0) + 1);
    faults.push({check, where, nth: counted.get(key), words, task: needed(e, part)});
  };
  const lang = document.documentElement.getAttribute('lang') || document.documentElement.getAttribute('xml:lang') || '';
  if (self === top && !/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(lang.trim())) faults.push({check: 'language', where: '<html>', nth: 1, words: lang ? `${JSON.stringify(lang.slice(0, 20))} is no language` : 'the page does not say its language', task: true});

  const controls = select(CONTROLS).filter(e => shown(e)).slice(0, 800);
  for (const e of controls) {
    if (e.closest('[aria-hidden=true]')) continue;
    const n = name(e);
    if (!n) { fault('names', e, 'it has no name to be read out'); continue }
    if (isField(e) && !/^(checkbox|radio)$/.test(e.type) && !e.labels?.length && !e.hasAttribute('aria-label') && !e.hasAttribute('aria-labelledby') && !e.title && n === tidy(e.placeholder)) fault('placeholders', e, 'its only label goes as soon as something is typed');
    if (/^(a|button)$/.test(e.localName) || e.matches('[role=button],[role=link]'))
      for (const img of e.querySelectorAll('img:not([alt]):not([role=presentation]):not([role=none]):not([aria-hidden=true]):not([aria-label])')) if (visible(img)) fault('alternatives', img, 'a picture in a link or button, without words in its place');
  }
  for (const e of select('[onclick],[role]').filter(visible).slice(0, 400)) {
    const r = (e.getAttribute('role') || '').trim().split(/\s+/)[0], native = NATIVE.test(e.localName) && (e.localName !== 'a' || e.hasAttribute('href'));
    if (e.hasAttribute('onclick') && !r && !native && !e.querySelector(CONTROLS)) fault('roles', e, 'it can be clicked and has no role');
    else if (WIDGET.test(r) && !native && e.tabIndex < 0 && !e.hasAttribute('tabindex') && !e.closest('[aria-activedescendant],[role=listbox],[role=menu],[role=radiogroup],[role=tablist]') && !disabled(e)) fault('roles', e, `it is a ${r} that the keyboard cannot reach`);
  }

  let looked = 0;
  for (const [e, colour] of texts()) {
    const box = e.getBoundingClientRect();
    if (disabled(e) || e.localName === 'label' && e.control && disabled(e.control) || !seen(e, box)) continue;
    const s = getComputedStyle(e), size = parseFloat(s.fontSize), ink = rgba(colour);
    if (size === 0 || ink[3] === 0 && rgba(s.webkitTextFillColor)[3] === 0) continue;
    const pair = colours(e, ink, box);
    if (!pair) continue;
    looked++;
    const least = size >= 24 || size >= 18.66 && parseInt(s.fontWeight, 10) >= 700 ? 3 : 4.5, is = ratio(...pair);
    if (is < least - 0.005) fault('contrast', e, `${JSON.stringify(tidy(/^(input|textarea)$/.test(e.localName) ? (e.value ? 'what is typed' : e.placeholder) : e.innerText).slice(0, 40))} has a contrast of ${is.toFixed(2)}, not ${least}`);
  }

  const rtl = getComputedStyle(document.documentElement).direction === 'rtl';
  for (const e of select('[tabindex]')) if (e.tabIndex > 0 && visible(e) && !disabled(e)) fault('focus', e, `tabindex ${e.tabIndex} takes it out of the page's order`);
  for (const e of stops(document)) {
    if (e.closest('[aria-hidden=true]')) fault('focus', e, 'the keyboard stops at it, and it is hidden from being read out');
    else if (unseen(e) && !(e.localName === 'a' && (e.getAttribute('href') || '').startsWith('#')) && ![...(e.labels || [])].some(visible) && !(e.localName === 'iframe')) fault('focus', e, 'the keyboard stops at it, and nobody sees it');
  }
  for (const root of part.used ? part.list : select('form').filter(visible)) {
    const list = stops(root).filter(e => e.tabIndex === 0 && !unseen(e));
    for (let i = 1; i < list.length; i++) if (!list[i - 1].contains(list[i]) && goesBack(list[i - 1], list[i], rtl)) fault('focus', list[i], `the keyboard goes back to it from ${snippet(list[i - 1])}`);
  }

  const wrong = select('[aria-invalid=true]').filter(shown);
  for (const e of wrong) {
    const said = ['aria-describedby', 'aria-errormessage'].flatMap(a => (e.getAttribute(a) || '').split(/\s+/)).filter(Boolean).map(id => e.getRootNode().getElementById?.(id)).some(x => x && visible(x) && tidy(x.textContent));
    if (!said) fault('errors', e, 'it is marked as wrong, and refers to no words that say why');
  }

  const targets = controls.filter(e => !disabled(e) && !(e.localName === 'a' && getComputedStyle(e).display === 'inline' && tidy(up(e)?.textContent).length > tidy(e.textContent).length + 3)).map(e => [e, e.getBoundingClientRect()]).filter(([e, r]) => seen(e, r));
  const small = targets.filter(([e, r]) => (r.width < 23.5 || r.height < 23.5) && !(/^(checkbox|radio)$/.test(e.type) && getComputedStyle(e).appearance !== 'none'));
  const tiny = new Set(small.map(([e]) => e));
  for (const [e, r] of small) {
    const x = r.left + r.width / 2, y = r.top + r.height / 2;
    const near = targets.some(([o, q]) => {
      if (q.left > x + 24 || q.right < x - 24 || q.top > y + 24 || q.bottom < y - 24) return false;
      if (o === e || o.contains(e) || e.contains(o) || o.labels && [...o.labels].some(l => l.contains(e))) return false;
      if (tiny.has(o)) return Math.hypot(x - q.left - q.width / 2, y - q.top - q.height / 2) < 24;
      return Math.hypot(Math.max(q.left - x, 0, x - q.right), Math.max(q.top - y, 0, y - q.bottom)) < 12;
    });
    if (near) fault('targets', e, `it is ${Math.round(r.width)} × ${Math.round(r.height)} pixels, with another one close by`);
  }

  const fields = select('input,textarea').filter(e => isField(e) && shown(e) && !/^(checkbox|radio|file|range|color)$/.test(e.type)).slice(0, 200).map(e => ({
    where: snippet(e), type: e.localName === 'textarea' ? 'textarea' : e.type, autocomplete: e.getAttribute('autocomplete') ?? e.form?.getAttribute('autocomplete') ?? '', own: e.hasAttribute('autocomplete'),
    about: [e.name, e.id, e.getAttribute('aria-label'), e.placeholder, ...[...(e.labels || [])].map(l => l.textContent)].map(s => tidy(s || '')).filter(Boolean).join(' ').slice(0, 300), task: needed(e, part),
  }));
  styles = new Map();
  t.mine?.(from, performance.now());
  return {used: part.used, faults: faults.slice(0, 300), fields, controls: controls.length, texts: looked, invalid: wrong.length, took: performance.now() - from};
};

// ---- axe-core, where it was put into this world ----

const axed = async () => {
  const part = parts(), from = t.lending ?? performance.now();
  const r = await globalThis.axe.run(document, {resultTypes: ['violations'], elementRef: true, iframes: false, runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}});
  t.mine?.(from, performance.now());
  return {
    version: r.testEngine.version, used: part.used, took: performance.now() - from,
    violations: r.violations.map(v => ({id: v.id, impact: v.impact || 'minor', help: v.help, nodes: v.nodes.slice(0, 50).map(n => ({target: n.target.flat().join(' ').slice(0, 200), summary: tidy(n.failureSummary).slice(0, 300), task: !!n.element && (n.element.localName === 'html' && self === top || needed(n.element, part))}))})),
  };
};

// ---- a walk with the keyboard ----

let walked = [];
const fields = () => { const p = parts(); return p.used ? stops(p.list[p.list.length - 1]) : [] };
// walk begins at the first stop of the form that was used last, and says how
// many there are in the document.
const walk = () => {
  const first = fields()[0];
  walked = [];
  if (!first) return 0;
  first.focus({preventScroll: true});
  return stops(document).length;
};
const here = () => { let e = document.activeElement; while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement; return e };
// walkStep notes where the keyboard stands: 'on', 'out' of the page, or 'round'
// where it has been before.
const walkStep = () => {
  const e = here();
  if (!e || e === document.body || e === document.documentElement) return 'out';
  if (walked.includes(e) && e.localName !== 'iframe') return 'round';
  walked.push(e);
  return 'on';
};
// trapped tells of stops that the walk went round without, where no dialog
// holds the keyboard for good reason.
const trapped = () => {
  const last = walked.at(-1);
  if (!last || last.closest('dialog,[role=dialog],[role=alertdialog],[aria-modal=true]') || last.localName === 'iframe') return '';
  const missed = stops(document).filter(e => !unseen(e) && !e.closest('[inert],[aria-hidden=true]') && !walked.includes(e) && e.localName !== 'iframe');
  return missed.length ? snippet(last) : '';
};

Object.assign(t, {access, axed, walk, walkStep, trapped});
})();
