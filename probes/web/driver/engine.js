// The locating engine. It runs in an isolated world of every document: it
// finds elements by what a person would call them, waits in the page until
// they can be used, and answers with plain values. It changes nothing but
// focus, scroll position and, for secrets, how typed characters are shown.
(() => {
'use strict';
if (globalThis.__touchstone) return;

const tidy = s => (s || '').replace(/\s+/g, ' ').trim();
const lower = s => s.toLocaleLowerCase();
const sleep = ms => new Promise(done => setTimeout(done, ms));
// A frame, or a tenth of a second where none is drawn.
const frame = () => new Promise(done => { requestAnimationFrame(done); setTimeout(done, 100) });

// A form's own properties: a field named "action" or "method" hides them.
const own = (f, property) => Object.getOwnPropertyDescriptor(HTMLFormElement.prototype, property).get.call(f);
// The address of a link, absolute. In SVG it is an object.
// The names that a page's author gave an element in its class. What frameworks of
// utilities write there to say how it looks, and when (disabled:opacity-50,
// aria-invalid:ring-2, group-[.selected]:underline, items-center, size-4), names nothing.
const LOOKS = /[:[\]/]|^(items|justify|content|place|self)-(start|end|center|baseline|stretch|between|around|evenly|normal|none)$|^select-(none|text|all|auto)$|^transform(-\w+)?$|^size-(\d+|px|full|auto|min|max|fit)$|^order-(\d+|first|last|none)$|^list-(none|disc|decimal|inside|outside)$/;
const classes = e => { const c = e.getAttribute('class'); return c ? c.split(/\s+/).filter(n => n && !LOOKS.test(n)).join(' ') : '' };
const address = a => typeof a.href === 'string' ? a.href : a.href?.baseVal ? new URL(a.href.baseVal, document.baseURI).href : '';

// ---- what an element is ----

const INPUT = {
  button: 'button', submit: 'button', reset: 'button', image: 'button', checkbox: 'checkbox', radio: 'radio',
  number: 'spinbutton', range: 'slider', search: 'searchbox', file: '', hidden: '', color: '', date: '', time: '', month: '', week: '', 'datetime-local': '',
};
const TAG = {
  button: 'button', summary: 'button', textarea: 'textbox', option: 'option', img: 'img', dialog: 'dialog', nav: 'navigation', main: 'main',
  form: 'form', table: 'table', tr: 'row', td: 'cell', th: 'columnheader', li: 'listitem', ul: 'list', ol: 'list', article: 'article',
  h1: 'heading', h2: 'heading', h3: 'heading', h4: 'heading', h5: 'heading', h6: 'heading', fieldset: 'group', details: 'group',
  progress: 'progressbar', aside: 'complementary', output: 'status', p: 'paragraph',
};
const role = e => {
  const given = (e.getAttribute('role') || '').trim().split(/\s+/)[0];
  if (given) return given;
  const tag = e.localName;
  if (tag === 'a' || tag === 'area') return e.hasAttribute('href') ? 'link' : '';
  if (tag === 'input') {
    if (e.list && !(e.type in INPUT)) return 'combobox';
    return e.type in INPUT ? INPUT[e.type] : 'textbox';
  }
  if (tag === 'select') return e.multiple || e.size > 1 ? 'listbox' : 'combobox';
  return TAG[tag] || (e.isContentEditable && e.hasAttribute('contenteditable') ? 'textbox' : '');
};
const implicit = r => Object.keys(TAG).filter(t => TAG[t] === r);
const selector = r => {
  const own = `[role~="${CSS.escape(r)}"]`, tags = implicit(r);
  switch (r) {
    case 'link': tags.push('a[href]', 'area[href]'); break;
    case 'button': tags.push('input'); break;
    case 'combobox': case 'listbox': tags.push('select', 'input'); break;
    case 'textbox': tags.push('input', '[contenteditable]'); break;
    case 'checkbox': case 'radio': case 'spinbutton': case 'slider': case 'searchbox': tags.push('input'); break;
  }
  return [own, ...tags].join(',');
};

// An element without a box of its own (display: contents, or all in it floats)
// is seen by what is in it.
const boxless = e => getComputedStyle(e).display === 'contents';
const visible = e => {
  const through = !e.checkVisibility({visibilityProperty: true});
  if (through && !(boxless(e) && e.isConnected && getComputedStyle(e).visibility === 'visible')) return false;
  const r = e.getBoundingClientRect();
  if (r.width > 0 && r.height > 0) return true;
  if (!through && getComputedStyle(e).overflow !== 'visible') return false;
  if (through && [...e.childNodes].some(n => n.nodeType === 3 && tidy(n.data)) && rects(e).length > 0) return true;
  return [...e.children].some(visible);
};
// The boxes in which an element is drawn, the whole of it first.
const rects = e => {
  const b = e.getBoundingClientRect();
  if (b.width > 0 && b.height > 0) return [b, ...e.getClientRects()];
  const range = document.createRange();
  range.selectNodeContents(e);
  return [...range.getClientRects()].filter(r => r.width > 0 && r.height > 0);
};
// What a page holds ready out of sight: transparent, folded to nothing, beside
// the page, or out of use under a dialog.
const aside = e => {
  if (!e.checkVisibility({opacityProperty: true}) && !boxless(e)) return true;
  const b = rects(e)[0];
  if (!b || b.right + scrollX <= 0 || b.bottom + scrollY <= 0) return true;
  for (let p = e; p; p = p.parentElement || p.getRootNode().host) {
    if (p.inert || p.getAttribute('aria-hidden') === 'true') return true;
    if (p !== e && (p.clientHeight === 0 || p.clientWidth === 0) && getComputedStyle(p).overflow !== 'visible' && getComputedStyle(p).display !== 'inline') return true;
  }
  return false;
};

// The name that assistive technology would announce, near enough to the
// accessible-name computation: labelled-by, label, alternative text, content,
// title, placeholder.
const inner = e => {
  let s = '';
  for (const n of (e.shadowRoot || e).childNodes) {
    if (n.nodeType === 3) { s += n.data; continue }
    if (n.nodeType !== 1 || n.getAttribute('aria-hidden') === 'true' || !n.checkVisibility({visibilityProperty: true}) && !boxless(n)) continue;
    if (n.localName === 'slot') s += n.assignedNodes({flatten: true}).map(a => a.nodeType === 3 ? a.data : inner(a)).join(' ');
    else if (n.getAttribute('aria-label')) s += ' ' + n.getAttribute('aria-label') + ' ';
    else if (n.localName === 'img') s += ' ' + n.alt + ' ';
    else if (/^(input|select|textarea|script|style)$/.test(n.localName)) continue;
    else if (n.localName === 'svg') s += ' ' + (n.querySelector('title')?.textContent || '') + ' ';
    else s += getComputedStyle(n).display === 'inline' ? inner(n) : ' ' + inner(n) + ' ';
  }
  return s;
};
const name = e => {
  const by = e.getAttribute('aria-labelledby');
  if (by) {
    const s = tidy(by.split(/\s+/).map(id => { const x = e.getRootNode().getElementById?.(id); return x ? x.getAttribute('aria-label') || inner(x) || x.textContent : '' }).join(' '));
    if (s) return s;
  }
  let s = tidy(e.getAttribute('aria-label'));
  if (s) return s;
  if (e.labels && e.labels.length) { s = tidy([...e.labels].map(inner).join(' ')); if (s) return s }
  if (e.localName === 'img' || e.localName === 'area' || e.type === 'image') { s = tidy(e.alt); if (s) return s }
  if (e.namespaceURI?.endsWith('svg')) { s = tidy([...e.children].find(c => c.localName === 'title')?.textContent); if (s) return s }
  if (e.localName === 'fieldset') { s = tidy(e.querySelector('legend')?.textContent); if (s) return s }
  if (e.localName === 'input' && /^(submit|button|reset)$/.test(e.type)) return tidy(e.value) || {submit: 'Submit', reset: 'Reset'}[e.type] || '';
  if (!/^(input|select|textarea|form|table|main|nav)$/.test(e.localName)) { s = tidy(inner(e)); if (s) return s }
  return tidy(e.title) || tidy(e.placeholder);
};

// The opening tag without its values: enough to tell two elements apart.
const snippet = e => {
  let s = '<' + e.localName;
  for (const a of ['id', 'class', 'name', 'type', 'href', 'role', 'aria-label'])
    if (e.getAttribute(a)) s += ` ${a}="${tidy(e.getAttribute(a)).slice(0, 40)}"`;
  return s + '>';
};
const describe = e => {
  const n = tidy(name(e)).slice(0, 60), r = role(e);
  return (r ? r + ' ' : '') + (n ? JSON.stringify(n) + ' ' : '') + snippet(e);
};

// ---- finding ----

function* roots(r) {
  yield r;
  for (const e of r.querySelectorAll('*')) if (e.shadowRoot) yield* roots(e.shadowRoot);
}
// Going through all elements is the dear part: what was found is kept while
// the document has as many of them, and no longer than a moment, since nothing
// tells of a shadow root that comes to an element.
const MOMENT = 200, elements = document.getElementsByTagName('*');
let trees = null, counted = 0, walked = 0;
const select = css => {
  const now = performance.now();
  if (!trees || elements.length !== counted || now - walked > MOMENT) { trees = [...roots(document)]; counted = elements.length; walked = now }
  return trees.length === 1 ? [...document.querySelectorAll(css)] : trees.flatMap(r => [...r.querySelectorAll(css)]);
};

// How many shadow roots the document has.
const shadows = () => { select('html'); return trees.length - 1 };

const fits = (has, want, exact) => {
  has = tidy(has); want = tidy(want);
  // A label's star and colon are decoration.
  return exact ? has === want || has.replace(/\s*[*:]+$/, '') === want : lower(has).includes(lower(want));
};

// Whether an element's name could hold words, without making it: only for those
// that are named by nothing but their own text.
const mayHold = words => e => {
  if (e.shadowRoot || e.labels?.length || e.hasAttribute('aria-labelledby') || e.hasAttribute('aria-label') || e.title || e.alt || e.value || e.placeholder || e.querySelector('[aria-label],[alt],svg,slot')) return true;
  const s = lower(e.textContent);
  return words.every(w => s.includes(w));
};

// The innermost elements that show a text.
const showing = (want, exact) => {
  const found = [];
  const holds = e => {
    if (/^(script|style|noscript|template|head)$/.test(e.localName)) return false;
    if (e.localName === 'input') return /^(submit|button|reset)$/.test(e.type) && fits(e.value, want, exact);
    return lower(tidy(e.textContent)).includes(lower(tidy(want)));
  };
  const walk = e => {
    if (!holds(e)) return false;
    let deeper = false;
    for (const c of e.children) if (walk(c)) deeper = true;
    if (!deeper && e.localName !== 'html' && (e.localName === 'input' || fits(e.innerText ?? e.textContent, want, exact))) { found.push(e); return true }
    return deeper;
  };
  for (const r of roots(document)) for (const c of r.children) walk(c);
  for (const e of select('input[type=submit],input[type=button],input[type=reset]')) if (fits(e.value, want, exact) && !found.includes(e)) found.push(e);
  return found;
};

const FIELDS = 'input:not([type=hidden]),select,textarea,[contenteditable],[role=textbox],[role=combobox],[role=checkbox],[role=radio],[role=switch],[role=spinbutton],[role=searchbox]';
// Elements by number, so that what a survey saw can be used without a name.
const numbers = new WeakMap(), numbered = new Map();
const ref = e => {
  if (!numbers.has(e)) { numbers.set(e, numbered.size + 1); numbered.set(numbered.size + 1, new WeakRef(e)) }
  return numbers.get(e);
};
// The options of a list that a script has drawn, best first: what is called
// so, then what only holds the words.
const options = want => {
  const list = select('[role=option],[role=menuitemradio],[role=menuitem],[role=treeitem],[role=listbox] li,[role=menu] li,[class*=option],[class*=item]').filter(e => visible(e) && e.localName !== 'option' && (e.matches('[role],li') || /option|item/.test(classes(e))));
  const exact = list.filter(e => fits(name(e) || e.innerText, want, true) || e.dataset?.value === want);
  const some = exact.length ? exact : list.filter(e => fits(name(e) || e.innerText, want, false));
  return some.filter(e => !some.some(x => x !== e && e.contains(x))).slice(0, 1);
};
const candidates = q => {
  if (q.ref) { const e = numbered.get(q.ref)?.deref(); return e?.isConnected ? [e] : [] }
  if (q.css) return select(q.css);
  if (q.testid) return select('[data-testid],[data-test-id],[data-test],[data-qa],[data-cy]').filter(e => ['data-testid', 'data-test-id', 'data-test', 'data-qa', 'data-cy'].some(a => e.getAttribute(a) === q.testid));
  if (q.label) return select(FIELDS).filter(e => !/^(submit|button|reset|image)$/.test(e.type) && fits(name(e), q.label, q.exact));
  if (q.text) return showing(q.text, q.exact);
  if (q.option) return options(q.option);
  const may = q.name ? mayHold(lower(tidy(q.name)).split(' ')) : () => true;
  return select(selector(q.role)).filter(e => role(e) === q.role && (!q.name || may(e) && fits(name(e), q.name, q.exact)));
};
// Of what can be seen, what lies aside counts only where nothing else fits.
const all = q => {
  const seen = candidates(q).filter(visible);
  if (seen.length < 2) return seen;
  const plain = seen.filter(e => !aside(e));
  return plain.length ? plain : seen;
};

// The plainest locator that finds e alone, null when none does: what a person
// would call it first, then its place among its like.
const locate = e => {
  const r = role(e), n = tidy(name(e)).slice(0, 120), ways = [];
  if (r && n) ways.push({role: r, name: n, exact: true});
  if (n && e.matches(FIELDS)) ways.push({label: n, exact: true});
  for (const a of ['data-testid', 'data-test-id', 'data-test', 'data-qa', 'data-cy']) if (e.getAttribute(a)) ways.push({testid: e.getAttribute(a)});
  for (const q of ways) if (all(q).length === 1 && all(q)[0] === e) return q;
  if (ways.length) { const nth = all(ways[0]).indexOf(e) + 1; if (nth > 0) return {...ways[0], nth} }
  for (const css of [e.id && '#' + CSS.escape(e.id), e.getAttribute('name') && `${e.localName}[name="${CSS.escape(e.getAttribute('name'))}"]`])
    if (css && all({css}).length === 1) return {css};
  return null;
};

// What a person would see instead of what was looked for.
const instead = q => {
  let like = [];
  if (q.role) like = all({role: q.role});
  else if (q.label) like = select(FIELDS).filter(visible);
  if (like.length) {
    const words = lower(q.name || q.label || '').split(/\s+/).filter(Boolean);
    const near = e => words.filter(w => lower(name(e)).includes(w)).length;
    const names = [...new Set(like.map(e => [near(e), tidy(name(e)).slice(0, 50)]).sort((a, b) => b[0] - a[0]).map(x => x[1]).filter(Boolean))];
    if (names.length) return `${q.role || 'fields'}: ${names.slice(0, 6).map(n => JSON.stringify(n)).join(', ')}${names.length > 6 ? ' …' : ''}`;
  }
  const said = [...new Set(select('[role=alert],[aria-invalid=true],.error,.errors').filter(visible).map(e => tidy(e.innerText).slice(0, 80)).filter(Boolean))];
  const head = tidy(document.querySelector('h1')?.innerText).slice(0, 80);
  return `the page ${JSON.stringify(tidy(document.title).slice(0, 80))}` + (head ? ` headed ${JSON.stringify(head)}` : '') + (said.length ? ` saying ${JSON.stringify(said[0])}` : '');
};

// ---- waiting ----

const hit = (x, y) => {
  let h = document.elementFromPoint(x, y);
  while (h && h.shadowRoot) { const n = h.shadowRoot.elementFromPoint(x, y); if (!n || n === h) break; h = n }
  return h;
};
const up = n => n.assignedSlot || n.parentNode || n.host;
const within = (h, e) => { for (; h; h = up(h)) if (h === e) return true; return false };
const PRESSED = 'a[href],area[href],button,input,select,textarea,summary,label,[role=button],[role=link],[role=menuitem],[role=option],[role=radio],[role=checkbox],[role=tab],[role=switch]';
const pressable = h => { for (; h; h = up(h)) if (h.nodeType === 1 && h.matches(PRESSED)) return h; return null };
// Whether a press on h is one on e: on what is in it but for controls of their
// own, on its label, on the button that it stands in.
const receives = (h, e) => {
  const by = pressable(h), of = pressable(e);
  if (within(h, e)) return of !== e || by === e || within(e, by) || e.control === by || by.localName === 'label' && by.control === e;
  if (!by) return false;
  return by === of || by.localName === 'label' && (by.control === e || by.control === of && !!of) || !!of && of.localName === 'label' && of.control === by;
};
// The outermost box that floats above the page and holds h, but not e.
const floating = (h, e) => {
  let out = null;
  for (; h && h !== document && !within(e, h); h = up(h)) {
    if (h.nodeType === 1 && (/^(fixed|sticky|absolute)$/.test(getComputedStyle(h).position) || h.matches('dialog,[role=dialog],[role=alertdialog],[aria-modal=true]'))) out = h;
  }
  return out;
};
const outside = ([x, y]) => x < 0 || y < 0 || x >= innerWidth || y >= innerHeight;
const middle = b => [b.x + b.width / 2, b.y + b.height / 2];

// A point of e that a press would reach, or what lies there instead. The
// middle first, then whatever is free: a badge or a bubble may lie on it.
const spot = e => {
  const boxes = rects(e), points = boxes.map(middle);
  for (const n of e.childNodes) if (n.nodeType === 3 && tidy(n.data)) { const r = document.createRange(); r.selectNodeContents(n); points.push(...[...r.getClientRects()].map(middle)) }
  for (const b of boxes.slice(0, 1)) for (const j of [.5, .2, .8]) for (const i of [.5, .2, .8]) points.push([b.x + b.width * i, b.y + b.height * j]);
  let first;
  for (const p of points) {
    if (outside(p)) continue;
    const h = hit(...p);
    if (h && receives(h, e)) return {point: p};
    first ||= h;
  }
  return {over: first};
};
// While still, what would scroll the page ends the search with MOVES.
const MOVES = {};
let still = false;
// What scrolls e into view: itself, or for want of a box what is in it.
const bring = (e, block) => {
  if (still) throw MOVES;
  const b = boxless(e) ? [...e.children].find(visible) || e.parentElement : e;
  b.scrollIntoView({block, inline: 'center', behavior: 'instant'});
};

// Where e can be clicked, or why it cannot. From within a frame nobody can say
// whether the frame itself is in view: see through.
const clickable = async (e, since, n) => {
  let a = rects(e)[0];
  if (!a) return {why: 'it without a size'};
  if (outside([a.left, a.top]) || outside([a.right - 1, a.bottom - 1])) { bring(e, 'center'); a = rects(e)[0] }
  const moving = document.getAnimations().filter(m => {
    const t = m.effect && m.effect.target;
    return t && m.playState === 'running' && (t === e || t.contains(e)) && m.effect.getComputedTiming().endTime < 5000;
  });
  // On a busy machine two frames may pass without a step of an animation: one
  // that ends soon is waited for. What never stands still is clicked once it
  // stays under the pointer from one frame to the next.
  const long = since('moving') > 1000;
  if (moving.length && !long) return {why: 'it moving', kind: 'moving'};
  if (document.readyState !== 'complete' || document.getAnimations().length) await frame();
  const b = rects(e)[0];
  if (!e.isConnected || !a || !b) return {why: 'an element that was replaced'};
  if (Math.abs(a.x - b.x) + Math.abs(a.y - b.y) + Math.abs(a.width - b.width) > (long ? Math.min(b.width, b.height) / 3 : .5)) return {why: 'it moving', kind: 'moving'};
  const at = spot(e);
  if (at.point) return at;
  if (!at.over) return {why: 'it outside the window'};
  // From under a header or footer that stays in place a page can be scrolled.
  const veil = floating(at.over, e), v = veil?.getBoundingClientRect();
  if (n < 4 && v && v.width * v.height < .7 * innerWidth * innerHeight) {
    const from = [scrollX, scrollY];
    for (const block of ['center', 'end', 'start']) { bring(e, block); const again = spot(e); if (again.point) return again }
    scrollTo({left: from[0], top: from[1], behavior: 'instant'});
  }
  if (getComputedStyle(e).pointerEvents === 'none') return {why: 'it deaf to the mouse'};
  return covered(at.over, veil);
};
const covered = (over, veil) => ({why: 'it covered by ' + describe(over), kind: 'covered', by: veil ? describe(over) : ''});

// A field under a dialog, or under a sheet over much of the window: nobody
// would get at it.
const veiled = e => {
  const a = rects(e)[0];
  if (!a) return null;
  if (outside(middle(a))) bring(e, 'center');
  const at = middle(rects(e)[0] || a), over = outside(at) ? null : hit(...at);
  if (!over || receives(over, e)) return null;
  const veil = floating(over, e), v = veil?.getBoundingClientRect();
  if (!veil || getComputedStyle(veil).position === 'absolute' || v.width * v.height < .25 * innerWidth * innerHeight && !veil.matches('dialog,[role=dialog],[aria-modal=true]')) return null;
  return covered(over, veil);
};

const disabled = e => e.matches(':disabled') || e.closest('[aria-disabled=true]') !== null || e.closest('[inert]') !== null;
// A script that is deferred has not run before DOMContentLoaded: a click
// before that meets a dead button.
const unready = () => performance.now() < (self === top ? 3000 : 1000) &&
  (document.readyState === 'loading' || !performance.getEntriesByType('navigation')[0]?.domContentLoadedEventEnd);

const custom = e => e.matches('[role=combobox],[role=listbox],[aria-haspopup]') || /select|dropdown/.test(classes(e));
const look = async (q, need, since, n) => {
  if (need !== 'seen' && unready()) return {why: 'the page still loading'};
  const c = all(q);
  if (c.length === 0) {
    if (q.ref && !numbered.get(q.ref)?.deref()?.isConnected) return {why: 'an element that is not there any more', none: true, kind: 'gone'};
    const hidden = candidates(q).length;
    return {why: hidden ? 'it hidden' : '', none: true, kind: hidden ? '' : 'none'};
  }
  if (c.length > 1 && !q.nth && need !== 'seen') return {many: c.slice(0, 8).map(describe), count: c.length};
  const e = c[(q.nth || 1) - 1];
  if (!e) return {why: `only ${c.length} of it`, none: true, kind: 'none'};
  if (need === 'seen' || need === 'read') return {e};
  if (disabled(e)) return {why: 'it disabled'};
  if (need === 'fill') {
    if (e.readOnly) return {why: 'it read-only'};
    if (!/^(input|textarea)$/.test(e.localName) && !e.isContentEditable) return {why: `an element that takes no text, ${snippet(e)}`};
    return veiled(e) || {e};
  }
  if (need === 'choose') {
    if (e.localName === 'select') return veiled(e) || {e};
    if (!custom(e)) return {why: `an element without options, ${snippet(e)}: click it, then click the option`};
  }
  const r = await clickable(e, since, n);
  return r.point ? {e, point: r.point} : r;
};

// Lists that grow as they are scrolled, and those that only hold what is in
// view: what is not there is looked for further down, as a person would, and
// what was scrolled goes back where nothing was found.
const STRIDES = 40;
const seeker = () => {
  let boxes = null, at = 0, strides = 0, idle = 0, then = 0, rounds = 0;
  const scrolls = e => e.scrollHeight > e.clientHeight + 40 && /auto|scroll|overlay/.test(getComputedStyle(e).overflowY) && e.clientHeight > 120;
  return () => {
    if (performance.now() < then || document.readyState !== 'complete') return;
    if (!boxes) {
      const page = document.scrollingElement;
      boxes = [page, ...select('div,ul,ol,section,main,tbody').filter(e => visible(e) && scrolls(e)).sort((a, b) => b.clientHeight * b.clientWidth - a.clientHeight * a.clientWidth).slice(0, 2)]
        .filter(Boolean).map(box => ({box, from: box.scrollTop}));
    }
    if (at >= boxes.length && rounds < 3 && boxes.some(b => b.box.scrollHeight > b.high + 40)) { at = 0; rounds++ } // it has grown late
    const b = boxes[at];
    if (!b) return;
    const before = b.box.scrollTop;
    b.box.scrollBy({top: Math.max(100, b.box.clientHeight * .8), behavior: 'instant'});
    const stuck = b.box.scrollTop === before;
    idle = stuck ? idle + 1 : 0;
    then = performance.now() + (stuck ? 150 : 50); // at the end, more may be on its way
    if (idle >= 4 || b.box.scrollHeight <= b.box.clientHeight || ++strides >= STRIDES) { b.box.scrollTo({top: b.from, behavior: 'instant'}); b.high = b.box.scrollHeight; at++; idle = 0; strides = 0 }
  };
};

// find waits until q can be used for what is needed: 'click', 'fill',
// 'choose', 'read' (there is exactly one) or 'seen' (there is one). fresh: a
// new wait begins, not a further slice of one. What covers the element is
// answered early, for it may be the customer who has to put it away. read: the
// page as it stands then is wanted as well, where it has changed since it was read.
// enter: a field that is found for filling gets the keyboard at once; what is
// typed may still be refused. quietly: one look that changes nothing of what the
// window shows, and finds nothing where the page would have to be scrolled.
const beside = reading => { try { return globalThis.__touchstone[reading]() } catch { return null } };
const BLIND = 700, PATIENCE = 1000;
let last = null, watcher = null, stirred = false, waiting = null;
const find = async (q, need, ms, how) => {
  if (!how.quietly) return search(q, need, ms, how);
  try { still = true; return await search(q, need, 0, {...how, enter: false}) } catch (e) { if (e !== MOVES) throw e; return {ok: false} } finally { still = false }
};
const search = async (q, need, ms, {fresh, read, enter}) => {
  const end = performance.now() + ms;
  into = null;
  if (fresh || !waiting) waiting = {kind: '', from: 0, seek: seeker()};
  const w = waiting, since = kind => w.kind === kind ? performance.now() - w.from : 0;
  let r;
  for (let n = 0; ; n++) {
    r = await look(q, need, since, n);
    if (r.e) break;
    if (w.kind !== (r.kind || '')) { w.kind = r.kind || ''; w.from = performance.now() }
    const over = r.by && since('covered') > PATIENCE, gone = since('gone') > BLIND;
    if (over || gone || performance.now() >= end)
      return {ok: false, why: r.why || '', instead: r.none && ms > 0 ? instead(q) : '', none: !!r.none, many: r.many || [], count: r.count || 0, over: over ? r.by : '', gone};
    if (self === top && since('none') > BLIND) w.seek();
    if (n < 4) await frame(); else await sleep(Math.min(100, 20 * n));
  }
  last = r.e;
  const custom = need === 'choose' && last.localName !== 'select';
  if (need === 'click' || custom) { for (const f of peers(last)) hold(f); watch(); arm(last) }
  const answer = {ok: true, point: r.point || [0, 0], view: [innerWidth, innerHeight], control: control(last), custom, survey: read ? beside('survey') : null, entered: false};
  if (enter && need === 'fill' && !SET.test(last.type)) { ready(last); answer.entered = true }
  return answer;
};

// through says where a point of a frame lies in the window of the document
// that shows it, and makes sure that the frame is what lies there.
const through = (owner, x, y, w, h) => {
  if (!visible(owner)) return {why: 'its frame hidden'};
  const at = () => {
    const b = owner.getBoundingClientRect(), s = getComputedStyle(owner), px = n => parseFloat(s[n]) || 0;
    const kx = b.width / (owner.offsetWidth || b.width), ky = b.height / (owner.offsetHeight || b.height);
    const width = owner.clientWidth - px('paddingLeft') - px('paddingRight'), height = owner.clientHeight - px('paddingTop') - px('paddingBottom');
    return [b.x + kx * (owner.clientLeft + px('paddingLeft') + x * (width / w || 1)), b.y + ky * (owner.clientTop + px('paddingTop') + y * (height / h || 1))];
  };
  let p = at(), over = null;
  const free = () => { over = outside(p) ? null : hit(...p); return over === owner };
  if (outside(p)) { bring(owner, 'center'); p = at() }
  if (!free()) {
    scrollBy({left: outside(p) ? p[0] - innerWidth / 2 : 0, top: p[1] - innerHeight / 2, behavior: 'instant'});
    p = at();
  }
  if (free()) return {point: p, view: [innerWidth, innerHeight]};
  if (!over) return {why: 'its frame outside the window'};
  const c = covered(over, floating(over, owner));
  return {why: c.why.replace('it covered', 'its frame covered'), over: c.by};
};

// ---- does a press reach what it was meant for? ----

// While armed, a press of ours that would land on anything else is kept from
// the page: whatever moved or came between may be looked for again, and
// nothing has happened.
let armed = null;
const arm = e => { armed = {e, as: e.outerHTML, to: e.form?.action, state: 'none', by: ''}; listen() };
// A page that is drawn anew all the time has put the same in its place.
const anew = h => !armed.e.isConnected && h.outerHTML === armed.as && h.form?.action === armed.to;
const onPress = v => {
  if (!armed || !v.isTrusted) return;
  const t = v.type;
  if (armed.state === 'none' && /down$|start$/.test(t)) {
    const h = v.composedPath()[0];
    armed.state = receives(h, armed.e) || v.composedPath().some(anew) ? 'landed' : 'missed';
    if (armed.state === 'missed') armed.by = describe(h.nodeType === 1 ? h : document.documentElement);
  }
  if (armed.state === 'missed') { v.preventDefault(); v.stopImmediatePropagation() }
  if (t === 'click') { pressed.last = armed; armed = null }
};
const pressed = async () => {
  for (const end = performance.now() + 100; armed?.state === 'none' && performance.now() < end;) await sleep(10);
  const a = armed || pressed.last || {state: 'landed', by: ''};
  armed = null;
  pressed.last = null;
  return {state: a.state, by: a.by};
};

// ---- what a control would do ----

const CARD = /cc-?(number|num|csc|exp|name)|card.?(number|num|no)|cardnumber|creditcard|\bcvc\b|\bcvv\b|kartennummer|kreditkarte|numero.?(de.?)?(carte|tarjeta|carta|cartao)|kaartnummer|\biban\b|\bpan\b/i;
const about = e => [e.autocomplete, e.name, e.id, e.getAttribute('aria-label'), e.placeholder, e.labels?.[0]?.textContent].filter(Boolean).join(' ');
const card = e => /^(input|iframe)$/.test(e.localName) && !/^(radio|checkbox|submit|button|hidden)$/.test(e.type || '') && (/\bcc-(number|csc|exp)/.test(e.autocomplete || '') || CARD.test(e.localName === 'iframe' ? (e.name + ' ' + e.title) : about(e)));
const secret = e => e.type === 'password' || /one-time-code|current-password|new-password/.test(e.autocomplete || '') || card(e);

// What a page calls itself, in its address, title and main heading.
const CHECKOUT = /check.?out|billing|\bkass(?:e|en|a|an|alle)\b|caisse|pedido|\bcassa\b|afrekenen|finalizar|zam[oó]wieni|objedn[aá]v|pokladn|レジ|購入手続|注文手続|结算|結算|结账|結帳/i;
const PAYMENT = /payment|\bpay\b|zahlung|bezahl|paiement|\bpago\b|pagamento|betaling|order.?(review|summary)|review.?(your.?)?order|bestell.?(übersicht|uebersicht|abschluss)|r[ée]capitulatif|riepilogo|resumen|p[łl]atno[śs][ćc]|podsumowanie|betalning|oppsummering|\bmaksu|\bmaksa|yhteenveto|platb[ay]|rekapitulace|支払|決済|注文内容の?確認|支付|付款|确认订单|確認訂單/i;
const called = re => re.test(location.pathname) || re.test(document.title) || [...document.querySelectorAll('h1')].some(h => re.test(h.textContent));
const stage = () => ({checkout: called(CHECKOUT), payment: called(PAYMENT) || select('input,iframe').some(e => card(e) && visible(e))});

// What a style sheet writes on a control, and what stands in a drawing on it.
const painted = c => [c, ...c.querySelectorAll('*')].slice(0, 20).flatMap(e => ['::before', '::after'].map(p => getComputedStyle(e, p).content)).filter(s => /^".*\p{L}/u.test(s)).map(s => s.replace(/^"|"$/g, '')).join(' ');
const drawn = c => [...c.querySelectorAll('svg text')].map(e => e.textContent).join(' ');
const CONTROL = 'button,a[href],area[href],input,select,textarea,summary,label,option,[role=button],[role=link],[role=menuitem],[role=radio],[role=checkbox],[role=tab],[onclick]';
const control = e => {
  let c = e;
  for (let p = e; p; p = p.parentNode || p.host) if (p.nodeType === 1 && p.matches(CONTROL)) { c = p; break }
  if (c.localName === 'label' && c.control) c = c.control;
  const form = c.form || c.closest('form');
  const type = c.type && typeof c.type === 'string' ? c.type : '';
  const submits = !!form && (c.localName === 'button' && type === 'submit' || c.localName === 'input' && /^(submit|image)$/.test(type));
  const link = c.closest('a[href],area[href]');
  return {
    tag: c.localName, type, role: role(c),
    names: [...new Set([name(c), c.innerText, /^(submit|button|image)$/.test(type) ? c.value : '', c.title, c.alt, c.getAttribute('aria-label'), name(e), e.innerText, painted(c), drawn(c)].map(s => tidy(s || '').slice(0, 120)).filter(Boolean))],
    link: link ? address(link) : '',
    target: (submits ? c.formTarget || own(form, 'target') : link && typeof link.target === 'string' ? link.target : '') || '',
    submits,
    action: form ? (submits && c.hasAttribute('formaction') ? c.formAction : new URL(form.getAttribute('action') || '', document.baseURI).href) : '',
    method: form ? (submits && c.hasAttribute('formmethod') ? c.formMethod : own(form, 'method')).toUpperCase() : '',
    card: !!form && [...own(form, 'elements'), ...form.querySelectorAll('iframe')].some(x => card(x) && visible(x)),
    ...stage(),
    secret: secret(c),
    about: isField(c) ? tidy(about(c)).slice(0, 300) : '',
    search: isField(c) && (role(c) === 'searchbox' || isSearch(scope(c), peers(c))),
    snippet: snippet(c),
  };
};

// What Enter would do now: press the focused button, or the form's own.
const focused = () => {
  into = null;
  let e = document.activeElement;
  while (e && e.shadowRoot && e.shadowRoot.activeElement) e = e.shadowRoot.activeElement;
  if (!e || e === document.body || e === document.documentElement) return {ok: true, nothing: true, control: {names: [], ...stage()}};
  if (/^(iframe|frame|object|embed)$/.test(e.localName)) return {ok: false};
  last = e;
  watch();
  if (e.form && e.localName === 'input' && !/^(submit|button|image|reset)$/.test(e.type)) {
    const button = [...own(e.form, 'elements')].find(x => x.type === 'submit' || x.type === 'image');
    if (button) return {ok: true, control: control(button)};
    return {ok: true, control: {...control(e), submits: true}};
  }
  return {ok: true, control: control(e)};
};

// ---- acting, where no trusted input exists for it ----

const fire = (e, ...types) => types.forEach(t => e.dispatchEvent(new Event(t, {bubbles: true})));
const SET = /^(date|time|month|week|datetime-local|color|range)$/;
const touched = new WeakSet(), original = new WeakMap();

const hold = e => { if (!original.has(e)) original.set(e, filledAlready(e)) };
// focus makes the field ready for typing over what is in it; fields that have
// no text to type into are set at once.
let keyed = 0, onKeyed = () => {};
const onKey = v => { if (v.isTrusted) { keyed++; onKeyed() } };
// What is meant for one field is kept from any other to which a script has
// moved the focus meanwhile.
let into = null, strayed = false;
const onSign = v => {
  if (!into || !v.isTrusted || within(v.composedPath()[0], into)) return;
  strayed = true;
  v.preventDefault();
  v.stopImmediatePropagation();
};
const ready = e => {
  for (const f of peers(e)) hold(f);
  if (secret(e) && e.type !== 'password') e.style.setProperty('-webkit-text-security', 'disc', 'important');
  e.focus();
  if (SET.test(e.type)) return;
  if (e.select) e.select(); else getSelection().selectAllChildren(e);
  keyed = 0;
  into = e;
  strayed = false;
  listen();
};
const focus = value => {
  const e = last;
  if (!e?.isConnected) return 'gone';
  ready(e);
  if (!SET.test(e.type)) return 'type';
  touched.add(e);
  e.value = value;
  fire(e, 'input', 'change');
  return 'set';
};
// What had got the keyboard is not typed into after all.
const leave = () => { into = null };
// typed says, after that many keys, what the field made of a value: 'whole'
// (as typed, or with other signs between), 'other', 'empty', 'strayed' when the
// focus was moved elsewhere under way, or 'gone'.
const signs = s => lower(s || '').replace(/[^\p{L}\p{N}]/gu, '');
const typed = async (value, keys) => {
  if (!last) return 'gone'; // another document than the one that was typed into
  touched.add(last);
  if (keyed < keys) await Promise.race([sleep(5000), new Promise(done => { onKeyed = () => { if (keyed >= keys) done() } })]);
  const e = last;
  into = null;
  if (!e?.isConnected) return 'gone';
  const has = e.value ?? e.innerText;
  if (!tidy(has)) return !tidy(value) ? 'whole' : strayed ? 'strayed' : 'empty';
  return has === value || signs(has).includes(signs(value)) ? 'whole' : strayed ? 'strayed' : 'other';
};
const choose = option => {
  const e = last;
  const o = [...e.options].find(o => tidy(o.label) === tidy(option) || o.value === option) || [...e.options].find(o => lower(tidy(o.label)).includes(lower(tidy(option))));
  if (!o || o.disabled) return {ok: false, options: [...e.options].map(o => tidy(o.label)).slice(0, 12)};
  for (const f of peers(e)) hold(f);
  touched.add(e);
  watch();
  e.focus();
  o.selected = true;
  fire(e, 'input', 'change');
  return {ok: true, options: []};
};
const onTick = v => {
  const e = v.isTrusted && v.composedPath()[0], c = e && e.nodeType === 1 && e.closest('label')?.control || e;
  if (c && /^(radio|checkbox)$/.test(c.type)) touched.add(c);
};
const text = () => tidy(/^(input|textarea)$/.test(last.localName) ? (secret(last) ? '' : last.value) : last.localName === 'select' ? last.selectedOptions[0]?.label : last.innerText);

// ---- did anything happen? ----

const watch = () => {
  stirred = false;
  watcher?.disconnect();
  watcher = new MutationObserver(() => { stirred = true });
  watcher.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
};
const onStir = () => { stirred = true };
// A page that is written anew by document.open has lost all listeners, and has
// another root: adding one that is there does nothing.
let heard = null;
const listen = () => {
  if (heard && heard === document.documentElement) return;
  heard = document.documentElement;
  for (const t of ['pointerdown', 'touchstart', 'mousedown', 'pointerup', 'touchend', 'mouseup', 'click']) addEventListener(t, onPress, {capture: true, passive: false});
  for (const t of ['input', 'change', 'submit', 'scroll', 'toggle', 'hashchange', 'popstate']) addEventListener(t, onStir, true);
  addEventListener('click', onTick, true);
  addEventListener('keyup', onKey, true);
  for (const t of ['keydown', 'keypress', 'beforeinput']) addEventListener(t, onSign, true);
};
listen();
// What would open another program goes nowhere: the whole browser asks about it in
// a window of its own, and the page hears no press until that is answered.
const ABROAD = /^(?!(https?|javascript|blob|data|about|file|filesystem|wss?|ftp):)[a-z][\w+.-]*:/i;
self.navigation?.addEventListener('navigate', v => { if (ABROAD.test(v.destination.url)) v.preventDefault() });
const reacted = async ms => {
  if (!watcher) return true; // this is not the document that was acted on
  for (const end = performance.now() + ms; !stirred && performance.now() < end;) await sleep(25);
  return stirred;
};

// ---- counting a form's fields ----

const isField = e => /^(input|select|textarea)$/.test(e.localName) && !/^(hidden|submit|button|reset|image)$/.test(e.type) && !e.matches(':disabled');
// A styled radio button or tick box is often invisible under its label.
const shown = e => visible(e) || /^(radio|checkbox)$/.test(e.type) && [...(e.labels || [])].some(visible);
const scope = e => {
  for (let h = e; h; h = h.getRootNode().host) { const s = h.form || h.closest('form,[role=form],dialog,[role=dialog],main,body'); if (s) return s }
  return null;
};
const inScope = s => s.localName === 'form' ? [...own(s, 'elements')] : [...roots(s)].flatMap(r => [...r.querySelectorAll('input,select,textarea')]).filter(e => !e.form);
const peers = e => { const s = e && scope(e); return s ? inScope(s).filter(isField) : [] };
const filledAlready = e => {
  if (e.type === 'radio') return e.checked;
  if (e.type === 'checkbox') return false;
  if (e.localName === 'select') return !!e.value && (e.selectedIndex > 0 || e.options[0]?.defaultSelected);
  return e.value !== '';
};
const isSearch = (s, fields) => {
  if (s.getAttribute('role') === 'search' || s.closest('search,[role=search]')) return true;
  const typed = fields.filter(e => !/^(radio|checkbox)$/.test(e.type) && e.localName !== 'select');
  return typed.length === 1 && (typed[0].type === 'search' || /search|suche|recherche|buscar|cerca|zoek|procura/i.test(s.getAttribute('action') || ''));
};
// The fields of the form of the element that was used last. Radio buttons of
// one name are one field.
const fields = () => {
  if (!last || !last.isConnected) return [];
  const s = scope(last.closest('label')?.control || last);
  if (!s) return [];
  const list = inScope(s).filter(isField), search = isSearch(s, list), out = new Map();
  const form = location.pathname + '#' + (s.getAttribute('id') || s.getAttribute('name') || s.getAttribute('action') || s.localName);
  for (const e of list) {
    if (!shown(e)) continue;
    const label = e.name || e.id || name(e);
    const key = e.type === 'radio' ? 'radio ' + label : e.type === 'checkbox' ? label + ' ' + (e.id || e.value) : label;
    const f = out.get(key) || {key, form, required: false, prefilled: false, ours: false, search};
    f.required ||= e.required || e.getAttribute('aria-required') === 'true';
    f.prefilled ||= original.has(e) ? original.get(e) : filledAlready(e);
    f.ours ||= touched.has(e);
    out.set(key, f);
  }
  return [...out.values()];
};

// ---- how the page feels ----

const v = {lcp: 0, cls: 0};
const observe = (type, f) => { try { new PerformanceObserver(l => l.getEntries().forEach(f)).observe({type, buffered: true}) } catch {} };
observe('largest-contentful-paint', e => { v.lcp = e.startTime });
let win = 0, first = 0, prev = 0; // the largest window of shifts: gaps under 1 s, at most 5 s long
observe('layout-shift', e => {
  if (e.hadRecentInput) return;
  if (win && e.startTime - prev < 1000 && e.startTime - first < 5000) win += e.value; else { win = e.value; first = e.startTime }
  prev = e.startTime;
  v.cls = Math.max(v.cls, win);
});
const vitals = () => {
  const n = performance.getEntriesByType('navigation')[0];
  return {ttfb: n?.responseStart || 0, usable: n?.domContentLoadedEventEnd || 0, lcp: v.lcp, cls: v.cls};
};

// Marks of a page that wants to know whether a person is there.
const challenge = () => {
  for (const e of select('iframe')) if (visible(e) && /captcha-delivery|hcaptcha\.com\/captcha|recaptcha\/(api2|enterprise)\/bframe|challenges\.cloudflare\.com/.test(e.src)) return 'a CAPTCHA';
  if (document.querySelector('#px-captcha,#challenge-form,#cf-challenge-running,.cf-error-details,form#captcha-form')) return 'a bot check';
  return '';
};

// What is to come behind an event's other listeners, but before pictures are
// drawn.
const soon = f => globalThis.scheduler?.postTask ? scheduler.postTask(f, {priority: 'user-blocking'}) : setTimeout(f);
// A page that is written anew has lost its listeners: it is looked at now and
// then as well.
const loaded = async ms => {
  for (const end = performance.now() + ms; document.readyState !== 'complete' && performance.now() < end;)
    await new Promise(done => { addEventListener('load', () => soon(done), {once: true}); setTimeout(done, Math.min(100, end - performance.now())) });
  return document.readyState === 'complete';
};
// After an event's own tasks have run: a form's submission is one of them.
const turn = () => new Promise(done => setTimeout(() => setTimeout(done, 0), 0));
// What leads on by itself after a moment is not what a visitor gets to see: a
// refresh, whether the page asks for it or its answer did (in ms, below zero:
// it did not).
const settled = async (ms, refresh) => {
  await turn();
  const complete = await loaded(ms);
  const meta = document.querySelector('meta[http-equiv=refresh i]')?.content;
  const delay = meta ? parseFloat(meta) * 1000 : refresh;
  if (delay >= 0 && delay <= 1500 && !(meta && !/url/i.test(meta))) {
    const left = delay + 300 - (performance.now() - (performance.getEntriesByType('navigation')[0]?.domContentLoadedEventEnd || 0));
    if (left > 0) await sleep(left);
  }
  return complete;
};
const offers = url => select('a[href],area[href]').some(a => address(a).split('#')[0] === url);

globalThis.__touchstone = {
  find, focused, focus, leave, typed, choose, pressed, through, text, reacted, fields, vitals, challenge, soon, loaded, settled, offers, role, name, ref, locate, shadows,
  kit: {tidy, visible, shown, select, roots, name, role, stage, about, address, own, hit, rects, middle, secret, all, scope, inScope, isField, touched, disabled, control, classes},
  title: () => tidy(document.title), body: () => tidy(document.body?.innerText).slice(0, 2000), last: () => last,
};
})();
