// What a page asks of whoever fills it in: its forms, and groups of fields
// that are none, with all that a person could learn about each field. It
// stands on the engine, in the same isolated world, and changes nothing.
(() => {
'use strict';
const t = globalThis.__touchstone;
if (!t || t.forms) return;
const {tidy, visible, select, classes} = t.kit;

// ---- walking up, out of shadow roots too ----

const parent = n => n.assignedSlot || n.parentElement || n.parentNode?.host || null;
const up = (e, css) => { for (; e; e = parent(e)) if (e.matches(css)) return e; return null };
const depth = 6; // levels above a field at which its neighbours still speak of it

const FIELD = 'input:not([type=hidden],[type=submit],[type=button],[type=reset],[type=image]),select,textarea';
const WIDGET = '[role=combobox]:not(input,select,textarea),[role=textbox]:not(input,textarea),[role=checkbox]:not(input),[role=switch]:not(input),[role=radio]:not(input)';
const BUTTON = 'button,input[type=submit],input[type=button],input[type=image],[role=button]';
const GROUP = 'form,[role=form],[role=search],search,dialog,[role=dialog],[role=alertdialog],header,footer,nav,aside,main,[role=main],body';
const binary = e => /^(radio|checkbox)$/.test(e.type || '') || /^(radio|checkbox|switch)$/.test(e.getAttribute('role') || '');

// What an element says, scripts and fields aside.
const said = n => {
  if (n.nodeType === 3) return n.data;
  if (n.nodeType !== 1 || /^(script|style|noscript|template|select|textarea|datalist|option)$/.test(n.localName)) return '';
  if (n.localName === 'img') return ' ' + n.alt + ' ';
  const s = [...n.childNodes].map(said).join('');
  return /^(inline|contents)/.test(getComputedStyle(n).display) ? s : ' ' + s + ' ';
};
const text = (n, most = 200) => tidy(said(n)).slice(0, most);
const named = (e, attribute) => tidy((e.getAttribute(attribute) || '').split(/\s+/).filter(Boolean).map(id => { const x = e.getRootNode().getElementById?.(id); return x ? text(x) : '' }).join(' '));
const holds = (n, css) => n.nodeType === 1 && (n.matches(css) || !!n.querySelector(css));

// ---- whether a person could meet it ----

// hidden says why nobody sees a field, '' for one that is seen. Styled radio
// buttons and tick boxes are seen where their label is; a styled list where
// what stands in its place is.
const hidden = e => {
  if (!e.checkVisibility({visibilityProperty: true})) return 'not shown';
  const r = e.getBoundingClientRect(), s = getComputedStyle(e);
  if (r.right + scrollX <= 0 || r.bottom + scrollY <= 0 || r.left + scrollX >= Math.max(innerWidth, document.documentElement.scrollWidth)) return 'off the page';
  if (r.width <= 1 || r.height <= 1) return 'without size';
  if (s.position === 'absolute' && /rect\((0|1)(px)?,? /.test(s.clip) || /inset\((50|100)%/.test(s.clipPath)) return 'clipped';
  const unheard = !!up(e, '[aria-hidden=true]'), skipped = e.tabIndex < 0;
  if (unheard && skipped) return 'kept from keyboard and screen reader';
  for (let p = e; p; p = parent(p)) {
    const c = getComputedStyle(p), b = p.getBoundingClientRect();
    if (+c.opacity < .05 && (skipped || unheard || c.zIndex < 0 || c.pointerEvents === 'none')) return 'transparent';
    if (p !== e && p.localName !== 'body' && p.localName !== 'html' && /hidden|clip/.test(c.overflow) && (b.width <= 1 || b.height <= 1)) return 'clipped';
  }
  return '';
};
// What is pressed in the place of a field that is not seen itself.
const standin = e => {
  if (binary(e)) return [...(e.labels || [])].find(visible) || (parent(e)?.querySelectorAll(FIELD).length === 1 && visible(parent(e)) && getComputedStyle(parent(e)).cursor === 'pointer' ? parent(e) : null);
  if (e.localName !== 'select') return null;
  const shows = tidy(e.selectedOptions[0]?.label);
  for (const n of [e.nextElementSibling, e.previousElementSibling, parent(e)])
    if (n && visible(n) && !n.matches(FIELD) && n.querySelectorAll(FIELD).length <= 1 && (n.matches('[role=combobox]') || /select|chosen|dropdown/.test(classes(n)) || n.querySelector('[role=combobox]')) && (!shows || text(n).includes(shows) || n.querySelector('[role=combobox]')))
      return n.querySelector('[role=combobox]') || n;
  return null;
};

// ---- what stands around it ----

const label = e => {
  const by = named(e, 'aria-labelledby');
  if (by) return by;
  const own = tidy([...(e.labels || [])].map(l => text(l)).join(' '));
  if (own) return own.slice(0, 300);
  return tidy(e.getAttribute('aria-label')).slice(0, 300);
};

// The words next to a field that no label names: before it, of a tick box
// after it, in the cell to the left or above, in a label that forgot its field.
const near = e => {
  const after = binary(e);
  let from = e;
  for (let level = 0; from && level < depth; level++, from = parent(from)) {
    if (from.matches(GROUP) && from !== e) break;
    const cell = from.matches('td') ? from : null;
    if (cell && !after) {
      const left = cell.previousElementSibling;
      if (left && !holds(left, FIELD) && text(left)) return text(left);
      const row = cell.closest('tr'), above = row?.closest('table')?.rows[0];
      const head = above !== row && above?.cells[cell.cellIndex];
      if (head && !holds(head, FIELD) && text(head)) return text(head);
    }
    for (const way of after ? ['nextSibling', 'previousSibling'] : ['previousSibling', 'nextSibling']) {
      let words = '';
      for (let n = from[way]; n; n = n[way]) {
        if (n.nodeType === 1 && (holds(n, FIELD) || n.matches('h1,h2,h3,h4,h5,h6,form,hr'))) break;
        // What stands after a text field speaks of it where it is a label.
        if (!after && way === 'nextSibling' && !(n.nodeType === 1 && (n.matches('label,[class*=label],[class*=Label]') || n.querySelector('label')))) continue;
        if (n.nodeType === 1 && (n.matches(BUTTON) || n.matches('[role=alert]') || /error/.test(classes(n)))) continue;
        const s = text(n);
        words = way === 'nextSibling' ? words + ' ' + s : s + ' ' + words;
        if (n.nodeType === 1 && s && (way === 'previousSibling' || /^(label|td|br)$/.test(n.localName))) break;
      }
      words = tidy(words);
      if (/\p{L}/u.test(words) && words.length <= 200) return words;
    }
    const around = parent(from);
    if (!around || around.querySelectorAll(FIELD).length > 1 && level > 1 && !after) { if (level > 2) break }
  }
  return '';
};

const headings = () => select('h1,h2,h3,h4,h5,h6,[role=heading]').filter(visible);
// The legend or heading under which a field stands.
const section = (e, heads, group) => {
  const set = up(e, 'fieldset,[role=group],[role=radiogroup]');
  const legend = set && (tidy(set.querySelector('legend')?.textContent) || named(set, 'aria-labelledby') || tidy(set.getAttribute('aria-label')));
  if (legend) return legend.slice(0, 100);
  let last = '';
  for (const h of heads) {
    if (!(h.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING)) continue;
    if (group.contains(h) || h.compareDocumentPosition(group) & Node.DOCUMENT_POSITION_FOLLOWING) last = text(h, 100);
  }
  return last;
};

const WRONG = '[role=alert],[class*=error],[class*=Error],[class*=invalid],[class*=fehler],.help-block,.feedback';
const wrong = e => e.matches(WRONG) && (e.matches('[role=alert],.help-block,.feedback') || /error|invalid|fehler/i.test(classes(e)));
// What the page says is wrong with a field.
const complaint = e => {
  for (const a of ['aria-errormessage', 'aria-describedby']) {
    const s = named(e, a), shown = (e.getAttribute(a) || '').split(/\s+/).some(id => { const x = e.getRootNode().getElementById?.(id); return x && visible(x) && (a === 'aria-errormessage' || wrong(x)) });
    if (s && shown) return s;
  }
  for (let p = parent(e), n = 0; p && n < 3 && !p.matches(GROUP) && p.querySelectorAll(FIELD).length === 1; p = parent(p), n++) {
    const x = [...p.querySelectorAll(WRONG)].find(x => wrong(x) && visible(x) && !holds(x, FIELD) && !x.matches('label') && text(x));
    if (x) return text(x);
    const next = p.nextElementSibling;
    if (next && wrong(next) && visible(next) && !holds(next, FIELD) && text(next)) return text(next);
  }
  const next = e.nextElementSibling;
  return next && wrong(next) && visible(next) && !holds(next, FIELD) ? text(next) : '';
};

const drawn = e => e.getAttribute('role') === 'combobox' && !/^(input|select|textarea)$/.test(e.localName);
const shows = e => tidy((e.innerText || '').replace(/[\u200b\ufeff]/g, '')).slice(0, 200);

const filled = e => {
  if (binary(e)) return e.checked ?? e.getAttribute('aria-checked') === 'true';
  // A list stands on its first entry until somebody chooses: only the page's
  // own choice counts.
  if (e.localName === 'select') return !!e.value && (e.selectedIndex > 0 || !!e.options[0]?.defaultSelected || e.options.length === 1);
  // A list that a script draws says what was chosen, or what it is for.
  if (drawn(e)) return shows(e) !== '' && !e.hasAttribute('data-placeholder') && !e.querySelector('[data-placeholder],[class*=placeholder i]') && shows(e) !== tidy(label(e)).replace(/\s*[*＊]$/, '');
  return tidy(e.value ?? e.innerText) !== '';
};

const field = (e, group, heads) => {
  const why = hidden(e), instead = why ? standin(e) : null, r = e.getBoundingClientRect();
  const needed = e.required || e.getAttribute('aria-required') === 'true', l = label(e), n = l && !/^[^\p{L}]*$/u.test(l) ? '' : near(e);
  const own = e.localName === 'select' || e.list ? [...(e.localName === 'select' ? e.options : e.list.options)] : [];
  const complains = complaint(e);
  return {
    ref: t.ref(e), press: t.ref(instead || e), tag: e.localName, type: e.localName === 'input' ? e.type : e.getAttribute('role') || '', role: e.getAttribute('role') || '',
    name: e.getAttribute('name') || '', id: e.id || '', autocomplete: tidy(e.getAttribute('autocomplete')).slice(0, 100), inputMode: e.inputMode || '',
    label: l, placeholder: tidy(e.getAttribute('placeholder') || e.getAttribute('data-placeholder')).slice(0, 200), title: tidy(e.title).slice(0, 200), near: n,
    hint: named(e, 'aria-describedby').slice(0, 200), section: section(e, heads, group), value: binary(e) ? e.value || '' : '',
    pattern: e.getAttribute('pattern') || '', maxLength: Math.max(0, e.maxLength ?? 0), min: e.getAttribute('min') || '', max: e.getAttribute('max') || '',
    required: needed || /[*＊※]\s*$|^\s*[*＊]|必須/.test(l || n), hidden: instead ? '' : why, disabled: e.matches(':disabled') || !!up(e, '[inert],[aria-disabled=true]'), readOnly: !!e.readOnly,
    filled: filled(e), shows: drawn(e) ? shows(e) : '', focused: e.getRootNode().activeElement === e, list: e.getAttribute('aria-autocomplete') === 'list' || e.getAttribute('aria-haspopup') === 'listbox',
    invalid: e.getAttribute('aria-invalid') === 'true' || e.matches(':user-invalid') || complains !== '', complaint: complains, fault: e.validity && !e.validity.valid ? e.validationMessage : '',
    options: own.slice(0, 400).map(o => ({value: o.value, label: tidy(o.label || o.textContent).slice(0, 100), disabled: o.disabled, chosen: !!o.selected})),
    box: [r.x + scrollX, r.y + scrollY, r.width, r.height].map(Math.round),
  };
};

// ---- groups ----

const area = e => {
  const a = up(e, 'dialog,[role=dialog],[role=alertdialog],[aria-modal=true],header,[role=banner],nav,[role=navigation],footer,[role=contentinfo],aside,[role=complementary],main,[role=main]');
  if (!a) return '';
  const given = a.getAttribute('role') || a.localName;
  return {banner: 'header', navigation: 'nav', contentinfo: 'footer', complementary: 'aside', alertdialog: 'dialog'}[given] || (a.getAttribute('aria-modal') ? 'dialog' : given);
};
const forms = () => {
  const heads = headings(), groups = new Map();
  for (const e of select(FIELD + ',' + WIDGET)) {
    const g = e.form || up(e, GROUP);
    if (g) groups.set(g, [...(groups.get(g) || []), e]);
  }
  return [...groups].map(([g, list]) => {
    const inside = [...g.querySelectorAll(BUTTON)], mine = select(BUTTON).filter(b => (b.form || up(b, GROUP)) === g && !inside.includes(b));
    const buttons = [...inside, ...mine].filter(visible).slice(0, 60).map(b => ({
      ref: t.ref(b), name: tidy(t.name(b)).slice(0, 100), submits: !!b.form && (b.type === 'submit' || b.type === 'image'), disabled: b.matches(':disabled') || b.getAttribute('aria-disabled') === 'true',
    }));
    const heading = heads.filter(h => g.contains(h))[0] || heads.filter(h => h.compareDocumentPosition(g) & Node.DOCUMENT_POSITION_FOLLOWING).pop();
    const real = g.localName === 'form';
    const called = real ? [g.getAttribute('id'), g.getAttribute('name'), g.getAttribute('aria-label'), g.getAttribute('action')?.split('?')[0], g.getAttribute('class'), g.getAttribute('data-testid')] : [g.getAttribute('aria-label')];
    return {
      ref: t.ref(g), tag: g.localName, area: area(g), action: real ? new URL(g.getAttribute('action') || '', document.baseURI).href : '', method: real ? (g.getAttribute('method') || 'get').toUpperCase() : '',
      around: {
        called: tidy(called.filter(Boolean).join(' ')).slice(0, 300), heading: heading ? text(heading, 100) : '',
        buttons: buttons.toSorted((a, b) => b.submits - a.submits).map(b => b.name).filter(n => n && n.length < 60).slice(0, 8),
        links: [...g.querySelectorAll('a')].map(a => text(a, 60)).filter(Boolean).slice(0, 12),
      }, search: g.matches('search,[role=search]') || !!up(g, 'search,[role=search]'), valid: real ? g.matches(':valid') : list.every(e => !e.validity || e.validity.valid),
      fields: list.slice(0, 300).map(e => field(e, g, heads)), buttons,
    };
  });
};
const refs = css => select(css).map(t.ref);

const floating = e => { for (; e; e = parent(e)) if (e.nodeType === 1 && getComputedStyle(e).position === 'fixed') return e; return null };
// What a person sees round a frame: whether they see it at all, where it
// stands, and what it is called.
const setting = owner => {
  const r = owner.getBoundingClientRect(), heads = headings().filter(h => h.compareDocumentPosition(owner) & Node.DOCUMENT_POSITION_FOLLOWING);
  return {
    floats: !!floating(owner), y: Math.round(r.top + scrollY),
    seen: hidden(owner) === '' && r.width > 4 && r.height > 4, area: area(owner), search: !!up(owner, 'search,[role=search]'),
    called: tidy([owner.id, owner.getAttribute('name'), owner.title, owner.getAttribute('aria-label')].filter(Boolean).join(' ')).slice(0, 200),
    heading: heads.length ? text(heads.at(-1), 100) : '',
  };
};

Object.assign(t, {forms, refs, setting});
})();
