// What a person can see of a page and press on it, in plain values; judging is
// left to the caller. It stands on the engine, in the same isolated world, and
// changes nothing. It comes to a document when it is first asked for.
(() => {
'use strict';
const t = globalThis.__touchstone;
if (t.view) return;
const {tidy, select, classes} = t.kit;
const byRef = new Map();
const number = e => { const n = t.ref(e); if (!byRef.has(n)) byRef.set(n, new WeakRef(e)); return n };

const up = e => e.assignedSlot || e.parentElement || (e.getRootNode() instanceof ShadowRoot ? e.getRootNode().host : null);
const words = s => (s || '').replace(/([a-z])([A-Z])/g, '$1 $2').replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
const CONSENT = /cookie|consent|datenschutzeinstellung|traceurs|ciasteczk|evästee|informasjonskapsler|kakor|クッキー|隐私偏好/i;
const NAMED = e => ' ' + words(classes(e) + ' ' + e.id).toLowerCase() + ' ';

const view = () => {
  const begun = performance.now();
  const styles = new Map(), clips = new Map(), areas = new Map(), shownMemo = new Map();
  const style = e => { let s = styles.get(e); if (!s) styles.set(e, s = getComputedStyle(e)); return s };
  const page = {w: Math.max(document.documentElement.clientWidth, innerWidth), h: Math.max(document.documentElement.scrollHeight, document.body?.scrollHeight || 0)};

  // ---- can it be seen? ----

  // A box that shows nothing of what is in it: folded to no height, or moved
  // out of the window where nobody can scroll.
  const clipped = e => {
    if (!e || e === document.body || e === document.documentElement) return false;
    let c = clips.get(e);
    if (c !== undefined) return c;
    const s = style(e);
    c = s.overflow !== 'visible' && s.display !== 'inline' && s.display !== 'contents' && (e.clientHeight <= 2 || e.clientWidth <= 2);
    if (!c && s.position === 'fixed') { const r = e.getBoundingClientRect(); c = r.width > 0 && (r.right <= 1 || r.left >= innerWidth - 1 || r.bottom <= 1 || r.top >= innerHeight - 1) }
    c ||= clipped(up(e));
    clips.set(e, c);
    return c;
  };
  const shown = e => {
    let s = shownMemo.get(e);
    if (s !== undefined) return s;
    s = false;
    if (e.checkVisibility({visibilityProperty: true, opacityProperty: true})) {
      const r = e.getBoundingClientRect();
      s = r.width > 1 && r.height > 1 && r.right > 0 && r.left < page.w + 1 && r.bottom + scrollY > 0 && !clipped(up(e));
    }
    shownMemo.set(e, s);
    return s;
  };
  const offered = e => shown(e) || /^(radio|checkbox)$/.test(e.type) && [...(e.labels || [])].some(shown);

  // ---- where does it stand? ----

  const own = e => {
    const tag = e.localName, role = e.getAttribute('role') || '';
    if (tag === 'body' || tag === 'html') return '';
    if (tag === 'dialog' || /^(dialog|alertdialog)$/.test(role) || e.getAttribute('aria-modal') === 'true') return CONSENT.test(e.textContent.slice(0, 3000)) && e.textContent.length < 6000 && !/^\s*$/.test(e.textContent) && e.querySelector('button,[role=button],a,input') ? 'consent' : 'dialog';
    if (tag === 'footer' || role === 'contentinfo') return 'footer';
    if (tag === 'main' || role === 'main') return 'main';
    if (tag === 'header' || role === 'banner') return 'header';
    if (tag === 'nav' || role === 'navigation' || role === 'menubar') return 'nav';
    if (tag === 'aside' || role === 'complementary') return 'aside';
    if (/^(div|section|table|td|ul)$/.test(tag) || tag.includes('-')) {
      const n = NAMED(e);
      if (/ (footer|colophon) /.test(n) && !/ (card|modal|product|section footer item|main) /.test(n)) return 'footer';
      if (/ (header|masthead|topbar|top bar|navbar) /.test(n) && !/ (page header|product|card|section header|modal|content|entry|main) /.test(n) && e.getBoundingClientRect().top + scrollY < 250) return 'header';
      if (/ (sidebar) /.test(n)) return 'aside';
    }
    const s = style(e);
    if (s.position === 'fixed' || s.position === 'absolute' && +s.zIndex >= 100) {
      const r = e.getBoundingClientRect();
      if (r.width * r.height > 15000 && shown(e) && e.querySelector('button,a,input')) {
        const said = e.textContent;
        if (CONSENT.test(said) && said.length < 5000) return 'consent';
        if (s.position === 'fixed' && !(r.top <= 5 && r.height < 200 && r.width > innerWidth * .8)) return 'dialog';
      }
    }
    return '';
  };
  // The outermost of footer and header wins over a navigation in it; a dialog
  // over all; main over a header in it.
  const area = e => {
    if (!e || e === document.documentElement) return '';
    let a = areas.get(e);
    if (a !== undefined) return a;
    const outer = area(up(e)), mine = own(e);
    a = outer;
    if (mine === 'dialog' || mine === 'consent') a = outer === 'consent' ? outer : mine;
    else if (outer === '') a = mine;
    else if (outer === 'main' && (mine === 'aside' || mine === 'nav')) a = mine;
    areas.set(e, a);
    return a;
  };
  const landmarks = !!document.querySelector('header,nav,main,footer,[role=banner],[role=main],[role=navigation],[class*=header],[id*=header]');
  const placeOf = (e, r) => {
    const a = area(e);
    if (a) return a;
    return landmarks && r && r.bottom + scrollY <= 130 ? 'header' : 'main';
  };

  // ---- what opens what ----

  const CLICK = 'a[href],button,summary,[role=button],label,[role=tab],[aria-expanded],[onclick]';
  const openers = new Map();
  for (const c of select('[aria-controls],[data-target],[data-bs-target],a[href^="#"],[data-toggle-target],[data-drawer],[data-modal],[popovertarget],[commandfor],label[for]')) {
    for (const a of ['aria-controls', 'data-target', 'data-bs-target', 'href', 'data-toggle-target', 'data-drawer', 'data-modal', 'popovertarget', 'commandfor', 'for'])
      for (const id of (c.getAttribute(a) || '').split(/[\s,]+/)) { const k = id.replace(/^[#.]/, ''); if (k && !openers.has(k) && shown(c)) openers.set(k, c) }
  }
  const firstShown = (box, not) => { for (const c of box.querySelectorAll(CLICK)) if (c !== not && !not?.contains(c) && shown(c)) return c; return null };
  const openerOf = e => {
    let top = e;
    for (let p = e; p && p !== document.body; p = up(p)) {
      if (p.localName === 'details' && !p.open) { const s = p.querySelector('summary'); if (s && s !== e && shown(s)) return s }
      if (p.id && openers.has(p.id)) return openers.get(p.id);
      if (shown(p) && p !== e) break;
      top = p;
    }
    const p = up(top);
    let s = top.previousElementSibling;
    if (s) {
      if (s.localName === 'input' && /^(checkbox|radio)$/.test(s.type) && s.labels?.length) return [...s.labels].find(shown) || null;
      if (s.matches(CLICK) && shown(s)) return s;
      const c = firstShown(s);
      if (c && s.querySelectorAll('a,button').length <= 3) return [...s.querySelectorAll('button,[aria-expanded]')].find(shown) || c;
      if (/^(h[1-6]|dt|div)$/.test(s.localName) && shown(s) && (style(s).cursor === 'pointer' || s.hasAttribute('data-toggle'))) return s;
    }
    if (p && p !== document.body && /^(li|div|nav|details-menu|span|td)$/.test(p.localName) && p.querySelectorAll('a,button').length < 80) {
      const c = [...p.children].find(x => x !== top && shown(x) && (x.matches(CLICK) || firstShown(x)));
      if (c) return c.matches(CLICK) ? c : firstShown(c);
    }
    return null;
  };

  // ---- what is written ----

  const blocks = [];
  let buffer = '', at = null, letters = 0;
  const SKIP = /^(script|style|noscript|template|svg|head|select|textarea|datalist|object|canvas|iframe|video|audio|math|input)$/;
  const flush = (ctx, e) => {
    const s = tidy(buffer);
    buffer = '';
    const where = at || e;
    at = null;
    if (!s || letters > 120000 || blocks.length >= 3000) return;
    letters += s.length;
    const r = where.getBoundingClientRect();
    const b = {t: s.slice(0, 1500), a: ctx.folded ? (area(where) || 'main') : placeOf(where, r), y: Math.round(r.top + scrollY)};
    if (ctx.level) b.h = ctx.level;
    if (ctx.folded) { b.f = true; b.o = ctx.opener }
    if (ctx.struck) b.s = true;
    blocks.push(b);
  };
  const walk = (e, ctx) => {
    for (const n of (e.shadowRoot || (e.localName === 'slot' && e.assignedNodes().length ? {childNodes: e.assignedNodes()} : e)).childNodes) {
      if (n.nodeType === 3) { if (n.data.trim()) at ||= n.parentElement || e; buffer += n.data; continue }
      if (n.nodeType !== 1 || SKIP.test(n.localName)) { if (n.nodeType === 1) buffer += ' '; continue }
      if (n.localName === 'br' || n.localName === 'hr') { flush(ctx, e); continue }
      let c = ctx;
      const s = style(n);
      if (!ctx.folded && (s.display === 'none' || s.visibility === 'hidden' || s.contentVisibility === 'hidden' || n.localName === 'details' && false || s.display !== 'inline' && s.display !== 'contents' && (!n.checkVisibility() || clipped(n)))) {
        // Only what something unfolds is told: the rest nobody will see.
        const o = openerOf(n);
        const panel = o && (n.closest('details,[role=tabpanel]') || o.hasAttribute('aria-expanded') || o.hasAttribute('aria-controls') || o.localName === 'summary' || /accordion|collaps|toggle|faq|tab|panel|answer/i.test([n, up(n), o].map(x => x ? classes(x) : '').join(' ')) || /^(h[1-6]|dt)$/.test(n.previousElementSibling?.localName || ''));
        if (!panel || area(n) === 'nav' || area(n) === 'header' || area(n) === 'consent') continue;
        c = {...ctx, folded: true, opener: number(o)};
      } else if (ctx.folded && s.display === 'none' && !n.closest('details') && n.getAttribute('aria-hidden') !== 'false') c = ctx;
      const inline = s.display.startsWith('inline') && s.display !== 'inline-block' && s.display !== 'inline-flex' && s.display !== 'inline-grid' || s.display === 'contents';
      const h = /^h[1-6]$/.test(n.localName) ? +n.localName[1] : n.getAttribute('role') === 'heading' ? +(n.getAttribute('aria-level') || 2) : n.localName === 'summary' || n.localName === 'dt' && /[?？]\s*$/.test(n.textContent) ? 5 : 0;
      const struck = /^(del|s|strike)$/.test(n.localName) || s.textDecorationLine.includes('line-through');
      if (h || struck && !ctx.struck) c = {...c, level: h || c.level, struck: struck || c.struck};
      if (!inline || c !== ctx) { flush(ctx, e); walk(n, c); flush(c, n) } else walk(n, c);
    }
  };
  if (document.body) { walk(document.body, {}); flush({}, document.body) }

  // ---- entries of lists of goods ----

  const MONEY = /(?:[€£$¥￥₹₽]|\b(?:eur|gbp|usd|chf|sek|nok|dkk|pln|czk|cad|aud|kr|zł|kč|r\$)\b\.?)\s*\d|\d[\d.,'\s  ]*(?:[€£$¥￥₹₽]|\b(?:eur|euro|gbp|usd|chf|sek|nok|dkk|pln|czk|kr|kč)\b|kr\.?(?![a-z])|zł|kč|円|元|,-|:-)/i;
  const items = [], itemOf = new Map();
  {
    const cards = new Map();
    // A fragment that is a path is a page of its own.
    const within = a => /^#(?!!?\/)/.test(a.getAttribute('href'));
    const pathOf = a => a.href.replace(/#(?!!?\/).*$/, '').replace(/[?&](variant|sid|utm_[a-z]+|_pos|_sid|_ss|pr_[a-z_]+)=[^&]*/g, '');
    const linksIn = e => new Set([...e.querySelectorAll('a[href]')].filter(a => /^http/.test(a.href) && !within(a) && !/wishlist|compare|add-to-cart|addtocart|\/cart|review|login|register|account/i.test(a.href)).map(pathOf));
    const card = e => {
      // The largest box round e whose links all lead to the same place.
      let best = null;
      for (let p = e, n = 0; p && p !== document.body && n < 10; p = up(p), n++) {
        // What a page is about is no entry of a list.
        if (/^(main|body|form|dialog)$/.test(p.localName) || p.querySelector('h1') || p.querySelectorAll('a[href]').length > 40) break;
        const l = linksIn(p);
        if (p.localName === 'a' && p.href) l.add(pathOf(p));
        if (l.size > 1) { if (best) break; if (l.size > 3 || !/product|card|item|tile|result/i.test(classes(p))) break; }
        if (l.size >= 1) best = p;
      }
      return best;
    };
    const brief = e => e.textContent.length <= 400 && tidy(e.textContent).length <= 80; // however much space is round it
    let looked = 0;
    const w = document.createTreeWalker(document.body || document, NodeFilter.SHOW_TEXT);
    const anchors = [];
    const scan = root => {
      const w = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
      for (let n; (n = w.nextNode()) && looked < 400;) {
        if (n.nodeType === 1) { if (n.shadowRoot) scan(n.shadowRoot); continue }
        if (!/\d/.test(n.data)) continue;
        let e = n.parentElement;
        for (let k = 0; e && k < 3 && brief(e); k++, e = e.parentElement) if (MONEY.test(e.textContent)) break;
        if (!e || !brief(e) || !MONEY.test(e.textContent)) continue;
        looked++;
        anchors.push(e);
      }
    };
    if (document.body) scan(document.body);
    for (const e of anchors) {
      const a = area(e);
      if (/^(header|footer|consent)$/.test(a) || !shown(e)) continue;
      const c = card(e);
      if (c && !cards.has(c)) cards.set(c, e);
    }
    // Without prices: pictures that link, three or more alike.
    if (cards.size < 2) {
      const alike = new Map();
      for (const a of select('a[href]')) {
        if (!a.querySelector('img,picture,svg') && !/^h[2-5]$/.test(a.parentElement?.localName || '') || !shown(a) || /^(header|nav|footer|consent|aside)$/.test(area(a)) || !/^http/.test(a.href)) continue;
        const c = card(a);
        if (!c) continue;
        const p = up(c);
        if (!alike.has(p)) alike.set(p, new Set());
        alike.get(p).add(c);
      }
      for (const set of alike.values()) if (set.size >= 3) for (const c of set) if (!cards.has(c)) cards.set(c, null);
    }
    // What a link says, its price apart: often a whole entry is one link.
    const lettered = a => {
      const all = tidy(a.textContent);
      if (!MONEY.test(all)) return all;
      const w = document.createTreeWalker(a, NodeFilter.SHOW_TEXT);
      for (let n; (n = w.nextNode());) { const s = tidy(n.data); if (/\p{L}{2}/u.test(s) && !MONEY.test(s) && shown(n.parentElement)) return s }
      return all;
    };
    const struckIn = (x, c) => { for (let e = x; e && e !== c; e = up(e)) if (/^(del|s|strike)$/.test(e.localName) || style(e).textDecorationLine.includes('line-through')) return true; return false };
    for (const c of cards.keys()) {
      if (items.length >= 200) break;
      if (cards.size === 1 && c.querySelector('select,textarea,input[type=number],input[type=radio]')) continue;
      const links = (c.localName === 'a' ? [c] : [...c.querySelectorAll('a[href]')]).filter(a => /^http/.test(a.href) && !within(a));
      if (!links.length) continue;
      const title = c.querySelector('h1,h2,h3,h4,h5,[class*=title],[class*=name]');
      const named = links.filter(a => tidy(a.textContent) && shown(a));
      const link = links.find(a => title && (a.contains(title) || title.contains(a)) && shown(a)) || named.sort((a, b) => b.textContent.length - a.textContent.length)[0] || links.find(shown);
      if (!link) continue;
      const img = c.querySelector('img[alt]');
      let name = tidy(title?.textContent) || lettered(link).slice(0, 150) || tidy(link.getAttribute('aria-label')) || tidy(img?.alt);
      if (MONEY.test(name)) { // a name that runs into its price: its longest part that is none
        const parts = [...c.querySelectorAll('*')].filter(x => !x.children.length && shown(x)).map(x => tidy(x.textContent)).filter(s => s.length > 1 && !MONEY.test(s));
        name = parts.sort((a, b) => b.length - a.length)[0] || (name.length < 16 ? '' : name);
      }
      if (!name) continue;
      const prices = [...c.querySelectorAll('*')].filter(x => x.textContent.length <= 400 && tidy(x.textContent).length <= 40 && MONEY.test(x.textContent) && !struckIn(x, c) && shown(x));
      const inner = prices.filter(x => !prices.some(y => y !== x && x.contains(y)));
      const shownPrice = inner.length ? inner[inner.length - 1] : null;
      const r = c.getBoundingClientRect();
      itemOf.set(c, items.length);
      items.push({ref: number(link), title: name.slice(0, 150), price: shownPrice ? tidy(shownPrice.textContent) : '', href: link.href, text: tidy(c.textContent).slice(0, 300), area: placeOf(c, r)});
    }
  }
  const inItem = e => { for (let p = e; p; p = up(p)) if (itemOf.has(p)) return itemOf.get(p); return -1 };

  // ---- forms ----

  const FIELD = 'input:not([type=hidden]):not([type=submit]):not([type=button]):not([type=image]):not([type=reset]),select,textarea,[contenteditable=true],[role=textbox],[role=searchbox]';
  const groups = new Map();
  const groupOf = e => e.form || e.closest('form,[role=form],[role=search],search') || e.closest('dialog,[role=dialog],fieldset,[class*=form],[class*=search],section,article,aside,header,footer,main') || document.body;
  for (const e of select(FIELD)) { const g = groupOf(e); if (!groups.has(g)) groups.set(g, []); groups.get(g).push(e) }
  // Fields of tables are named by the cell before them.
  const beside = e => { const s = tidy(e.closest('td')?.previousElementSibling?.textContent); return s.length < 60 ? s : '' };
  const forms = [], formAt = new Map();
  for (const [g, list] of [...groups].slice(0, 60)) {
    formAt.set(g, forms.length);
    const form = g.localName === 'form' ? g : null;
    const inputs = list.slice(0, 60).map(e => ({
      ref: number(e), tag: e.localName, type: e.type || '', name: (tidy(t.name(e)) || beside(e)).slice(0, 120), about: words([e.getAttribute('autocomplete'), e.getAttribute('name'), e.id, e.placeholder, e.getAttribute('aria-label')].filter(Boolean).join(' ')).slice(0, 160),
      hidden: !offered(e), required: !!e.required || e.getAttribute('aria-required') === 'true',
      value: e.type === 'password' || /^(checkbox|radio)$/.test(e.type) && !e.checked ? '' : tidy(e.localName === 'select' ? e.selectedOptions[0]?.label : e.value || '').slice(0, 80),
    }));
    const buttons = (form ? [...form.elements, ...form.querySelectorAll('input[type=image],[role=button]')] : [...g.querySelectorAll('button,[role=button],input[type=submit],input[type=image]')])
      .filter(e => e.localName === 'button' && e.type === 'submit' || /^(submit|image)$/.test(e.type) || !form && e.localName === 'button' || e.getAttribute('role') === 'button');
    // What stands right above a form without a heading of its own names it.
    const head = g.querySelector('h1,h2,h3,h4,legend')?.textContent, over = form && !head ? form.previousElementSibling : null;
    const above = over && /^(p|h[1-6]|div|span|strong|label)$/.test(over.localName) && over.textContent.length < 100 && !over.querySelector('a,button,input,select,textarea') && shown(over) ? over.textContent : '';
    const said = [g.getAttribute('aria-label'), head, above, ...inputs.map(i => i.name), ...buttons.map(b => t.name(b))].filter(Boolean).join(' | ');
    let action = '';
    if (form) try { action = new URL(form.getAttribute('action') || '', document.baseURI).href } catch {}
    forms.push({
      area: placeOf(list[0], list[0].getBoundingClientRect()), action, method: form ? (form.getAttribute('method') || 'get').toUpperCase() : '',
      search: g.getAttribute('role') === 'search' || g.localName === 'search' || !!g.closest('search,[role=search]') || list.some(e => e.type === 'search' || e.getAttribute('role') === 'searchbox'),
      hidden: !list.some(offered), text: tidy(said).slice(0, 400), inputs, buttons: [...new Set(buttons.map(number))].slice(0, 12),
    });
  }

  // ---- what can be pressed ----

  const PRESS = 'a[href],area[href],button,summary,input:not([type=hidden]),select,textarea,[role=button],[role=link],[role=menuitem],[role=tab],[role=radio],[role=checkbox],[role=switch],[role=option],[role=combobox],[onclick],[tabindex="0"],label[for]';
  const LIKE = 'span,div,li,i,img,svg,a:not([href])';
  const list = select(PRESS), known = new Set(list);
  for (const e of select(LIKE)) {
    if (known.has(e) || !/swatch|option|btn|button|icon|cart|basket|bag|search|toggle|trigger|close|menu|chat|variant|size|colou?r/i.test(classes(e) + ' ' + e.id) || !e.checkVisibility()) continue;
    if (style(e).cursor !== 'pointer' || e.closest(PRESS) || e.querySelector(PRESS)) continue;
    const p = up(e);
    if (p && known.has(p)) continue;
    known.add(e);
    list.push(e);
  }
  const controls = [];
  let seen = 0, unseen = 0, under = '';
  for (const e of list) {
    const tag = e.localName;
    if (tag === 'label') { const c = e.control; if (!c || !/^(radio|checkbox)$/.test(c.type) || offered(c)) continue }
    const visible = offered(e);
    if (visible ? ++seen > 1200 : ++unseen > 900) continue;
    const r = (tag === 'input' && !shown(e) && e.labels?.[0] || e).getBoundingClientRect();
    const role = t.role(e), opener = visible ? null : openerOf(e);
    const icon = [e, ...e.querySelectorAll('i,svg,use,img,span')].slice(0, 6).map(x => [classes(x), x.id, x.getAttribute('title'), x.getAttribute('data-icon'), x.getAttribute('href') && x.localName === 'use' ? x.getAttribute('href') : '', x.localName === 'img' ? (x.getAttribute('src') || '').split('/').pop().split('.')[0].slice(0, 40) : ''].filter(Boolean).join(' ')).join(' ');
    const label = e.closest('fieldset')?.querySelector('legend') || e.closest('tr')?.querySelector('th,td.label') || null;
    const g = e.form || (tag === 'button' || tag === 'input' || tag === 'select' || tag === 'textarea' ? groupOf(e) : null);
    const c = {
      ref: number(e), tag, role, name: tidy(t.name(e)).slice(0, 140) || tidy(e.getAttribute('data-value') || '').slice(0, 60), area: visible ? placeOf(e, r) : area(e) || 'main',
      x: Math.round(r.left + scrollX), y: Math.round(r.top + scrollY), w: Math.round(r.width), h: Math.round(r.height),
      hidden: !visible, opener: opener ? number(opener) : 0, form: g && formAt.has(g) ? formAt.get(g) : -1, item: inItem(e), submits: !!e.form && (tag === 'button' && e.type === 'submit' || /^(submit|image)$/.test(e.type)),
      disabled: e.matches(':disabled') || e.getAttribute('aria-disabled') === 'true' || / (disabled|unavailable|sold out|is disabled) /.test(NAMED(e)), expanded: e.getAttribute('aria-expanded') || '', popup: !!e.getAttribute('aria-haspopup'),
    };
    const hint = words(icon).slice(0, 160);
    if (hint) c.hint = hint;
    if (typeof e.href === 'string' && e.href) c.href = e.href;
    if (tag === 'input' || tag === 'button') c.type = e.type;
    if (label) c.near = tidy(label.textContent).slice(0, 80);
    if (tag === 'select') {
      c.value = e.selectedOptions[0]?.label || '';
      c.options = [...e.options].slice(0, 300).map(o => ({label: tidy(o.label).slice(0, 100), value: o.value.slice(0, 100), disabled: o.disabled}));
    } else if (/^(radio|checkbox)$/.test(e.type)) { c.value = e.value; c.checked = e.checked; c.group = e.name }
    else if (/^(radio|checkbox|switch|option|tab)$/.test(role)) c.checked = (e.getAttribute('aria-checked') || e.getAttribute('aria-selected')) === 'true';
    else if (role === 'button') c.checked = e.getAttribute('aria-pressed') === 'true' || /\b(selected|active|checked)\b/.test(up(e)?.localName === 'li' ? classes(up(e)) : '');
    if (e.required) c.required = true;
    if (e.querySelector('img,svg,picture')) c.picture = true;
    controls.push(c);
  }

  // ---- what it says to programs ----

  const data = {types: [], og: document.querySelector('meta[property="og:type"]')?.content || '', site: document.querySelector('meta[property="og:site_name"]')?.content || '', product: '', price: '', currency: '', emails: [], phones: [], search: false};
  const take = (x, depth, listed) => {
    if (!x || typeof x !== 'object' || depth > 9) return;
    if (Array.isArray(x)) { for (const y of x) take(y, depth + 1, listed); return }
    const types = [].concat(x['@type'] || []).map(String);
    data.types.push(...types.map(s => listed && s === 'Product' ? 'ListedProduct' : s));
    if (types.includes('SearchAction')) data.search = true;
    if ((types.includes('Product') || types.includes('ProductGroup')) && !listed && !data.product) {
      data.product = String(x.name || '').slice(0, 200);
      const o = [].concat(x.offers || x.hasVariant?.[0]?.offers || [])[0];
      if (o) { data.price = String(o.price ?? o.lowPrice ?? o.priceSpecification?.price ?? ''); data.currency = String(o.priceCurrency ?? o.priceSpecification?.priceCurrency ?? '') }
    }
    for (const [k, y] of Object.entries(x)) {
      if (k === 'email' && typeof y === 'string') data.emails.push(y.replace(/^mailto:/i, ''));
      else if (k === 'telephone' && typeof y === 'string') data.phones.push(y);
      else if (k === 'name' && types.some(s => /^(Organization|OnlineStore|Store|WebSite)$/.test(s)) && !data.site && typeof y === 'string') data.site = y.slice(0, 120);
      else take(y, depth + 1, listed || types.includes('ItemList') || k === 'isRelatedTo' || k === 'isSimilarTo' || types.includes('ListItem') && depth > 3);
    }
  };
  for (const s of document.querySelectorAll('script[type="application/ld+json"]')) { try { take(JSON.parse(s.textContent), 0, false) } catch {} }
  const micro = [...document.querySelectorAll('[itemtype]')].map(e => (e.getAttribute('itemtype') || '').split('/').pop());
  const products = micro.filter(m => m === 'Product').length;
  data.types.push(...micro.filter(m => m !== 'Product').slice(0, 50), ...(products === 1 ? ['Product'] : products > 1 ? ['ListedProduct'] : []));
  data.types = [...new Set(data.types)].slice(0, 40);
  data.emails = [...new Set(data.emails)].slice(0, 10);
  data.phones = [...new Set(data.phones)].slice(0, 10);

  const frames = [...select('iframe').map(f => (f.src || '') + ' ' + (f.title || '')), ...[...document.scripts].map(s => s.src).filter(s => s && !s.startsWith(location.origin))].slice(0, 80);
  // Documents that stand within this one, where each may be read for itself.
  const inner = select('frame,iframe').filter(shown).slice(0, 20).map(f => {
    const r = f.getBoundingClientRect();
    return {ref: number(f), set: f.localName === 'frame', area: placeOf(f, r), x: Math.round(r.left + scrollX + f.clientLeft), y: Math.round(r.top + scrollY + f.clientTop), w: Math.round(r.width), h: Math.round(r.height)};
  });
  const middle = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
  const front = !!middle && /^(dialog|consent)$/.test(area(middle)) || select('[aria-modal=true],dialog[open]').some(shown);
  return {
    url: location.href, title: tidy(document.title).slice(0, 200), language: document.documentElement.lang || document.querySelector('meta[http-equiv="content-language" i]')?.content || '',
    blocks, controls, forms, items, data, frames, inner, front, height: page.h, took: performance.now() - begun,
  };
};

// where gives the plainest scenario locator of a numbered element, null when
// none finds it alone.
const where = n => { const e = byRef.get(n)?.deref(); return e?.isConnected ? t.locate(e) : null };
Object.assign(t, {view, where});
})();
