// What a document says to assistive technology, as a flat list with depths:
// near enough to the accessible tree to read a visit again years later. It
// stands on the engine, in the same isolated world, and changes nothing. What
// secret fields hold is not in it.
(() => {
'use strict';
const t = globalThis.__touchstone;
if (!t || t.snapshot) return;
const {tidy, secret} = t.kit;
const NAMED = /^(button|link|heading|option|tab|menuitem|menuitemradio|menuitemcheckbox|cell|columnheader|rowheader|gridcell|tooltip|switch|treeitem|img)$/;
const FIELD = /^(textbox|searchbox|combobox|listbox|spinbutton|slider|checkbox|radio|switch)$/;
const QUIET = /^(paragraph|presentation|none|generic|)$/;
const role = e => {
  const r = t.role(e);
  if (r) return r;
  if (e.localName === 'header' && !e.closest('article,section,main,aside')) return 'banner';
  if (e.localName === 'footer' && !e.closest('article,section,main,aside')) return 'contentinfo';
  if (e.localName === 'section' && e.getAttribute('aria-label')) return 'region';
  if (e.localName === 'iframe') return 'iframe';
  if (e.localName === 'input') return e.type;
  return '';
};
const labelled = e => /^(fieldset|iframe)$/.test(e.localName) || e.hasAttribute('aria-label') || e.hasAttribute('aria-labelledby');
const states = (e, r) => {
  const s = [], is = (a, word) => { const v = e.getAttribute('aria-' + a); if (v && v !== 'false') s.push(v === 'true' ? word || a : (word || a) + '=' + v) };
  if (r === 'heading') s.push('level=' + (e.getAttribute('aria-level') || (/^h[1-6]$/.test(e.localName) ? e.localName[1] : '2')));
  if (e.checked || e.getAttribute('aria-checked') === 'true') s.push('checked');
  if (e.localName === 'option' ? e.selected : e.getAttribute('aria-selected') === 'true') s.push('selected');
  if (e.matches(':disabled') || e.getAttribute('aria-disabled') === 'true') s.push('disabled');
  if (e.required || e.getAttribute('aria-required') === 'true') s.push('required');
  if (e.readOnly === true && /^(input|textarea)$/.test(e.localName)) s.push('readonly');
  is('invalid'); is('pressed'); is('current'); is('busy');
  const open = e.getAttribute('aria-expanded') ?? (e.localName === 'summary' ? String(!!e.parentElement?.open) : null);
  if (open) s.push(open === 'true' ? 'expanded' : 'collapsed');
  return s;
};
const value = e => {
  if (e.localName === 'select') return [...e.selectedOptions].map(o => tidy(o.label)).join(', ');
  if (/^(radio|checkbox|submit|button|reset|image|file|hidden)$/.test(e.type) || !/^(input|textarea)$/.test(e.localName)) return e.isContentEditable && e.hasAttribute('contenteditable') ? tidy(e.innerText) : '';
  return e.value && secret(e) ? '\u2022' : tidy(e.value);
};
// snapshot gives at most so many lines.
t.snapshot = most => {
  const out = [];
  let line = null;
  const say = (depth, s) => {
    s = s.replace(/\s+/g, ' ');
    if (line && line.depth === depth) { line.text += s; return }
    if (!s.trim() || out.length >= most) return;
    line = {depth, text: s};
    out.push(line);
  };
  const inline = e => /^(inline|contents)/.test(getComputedStyle(e).display);
  const walk = (n, depth) => {
    if (out.length >= most) return;
    if (n.nodeType === 3) return say(depth, n.data);
    if (n.nodeType !== 1 || /^(script|style|noscript|template|head|title|meta|link|option|datalist)$/.test(n.localName)) return;
    if (n.getAttribute('aria-hidden') === 'true' || getComputedStyle(n).display !== 'contents' && !n.checkVisibility({visibilityProperty: true})) return;
    const r = role(n), leaf = NAMED.test(r) || FIELD.test(r) || r === 'iframe' || n.localName === 'input' || n.localName === 'select' || n.localName === 'textarea';
    if (!inline(n) || leaf) line = null;
    let below = depth;
    if (r && !QUIET.test(r)) {
      const name = leaf || labelled(n) ? tidy(t.name(n)).slice(0, 200) : '';
      const link = n.localName === 'a' || n.localName === 'area' ? n.href : n.localName === 'iframe' ? n.src : '';
      if (!(r === 'img' && !name)) {
        line = null;
        const v = value(n);
        out.push({depth, role: r, name, value: v.slice(0, 200), link: typeof link === 'string' ? link : '', states: states(n, r)});
        below = depth + 1;
      }
    } else if (n.localName === 'br') { line = null; return }
    // A control's words are its name; what stands inside is told only where it can be used by itself.
    if (leaf) {
      for (const c of n.querySelectorAll('a[href],button,input,select,textarea,[role=button]')) if (n.localName !== 'select') walk(c, below);
      line = null;
      return;
    }
    for (const c of n.localName === 'slot' ? n.assignedNodes({flatten: true}) : (n.shadowRoot || n).childNodes) walk(c, below);
    if (!inline(n)) line = null;
  };
  if (document.body) walk(document.body, 0);
  for (const l of out) if (l.text) l.text = tidy(l.text).slice(0, 400);
  return {link: location.href, title: tidy(document.title), nodes: out.filter(l => l.role || l.text)};
};
})();
