// The recorder: it runs beside the engine in every document of a browser that
// a person uses, and tells what the person does, in a scenario's words. It
// changes nothing, and what is typed into secret fields never leaves the page.
(() => {
'use strict';
if (globalThis.__recording || !globalThis.touchstoneSays) return;
globalThis.__recording = true;
const t = __touchstone, {tidy, visible, secret, all, control, stage, about, name} = t.kit;
const say = what => { try { touchstoneSays(JSON.stringify({...what, address: location.href, frame: self !== top})) } catch {} };

const CONTROL = 'button,a[href],area[href],input,select,textarea,summary,label,option,[role=button],[role=link],[role=menuitem],[role=menuitemradio],[role=menuitemcheckbox],[role=radio],[role=checkbox],[role=switch],[role=tab],[role=option],[contenteditable],[onclick]';
const TYPED = e => e.localName === 'textarea' || e.isContentEditable || e.localName === 'input' && !/^(button|submit|reset|image|checkbox|radio|file|hidden)$/.test(e.type);
const up = e => { for (; e; e = e.parentNode || e.host) if (e.nodeType === 1 && e.matches(CONTROL)) return e; return null };
// What a person would call it; where nothing names it alone, the words it shows.
const locator = e => {
  const q = t.locate(e);
  if (q && !q.css) return q;
  const text = tidy(e.innerText).slice(0, 80);
  if (text && !/\n/.test(e.innerText.trim())) { const words = {text, exact: true}, found = all(words); if (found.length === 1 && (found[0] === e || e.contains(found[0]))) return words }
  return q;
};
// What sending the form that e stands in would do to the site.
const effect = e => {
  const form = e.form || e.closest('form,[role=form]') || (TYPED(e) || e.localName === 'select' ? e.closest('dialog,[role=dialog],main,body') : null);
  if (!form) return '';
  const fields = [...form.querySelectorAll('input,select,textarea')].filter(f => !/^(hidden|submit|button|reset|image)$/.test(f.type) && visible(f));
  const passwords = fields.filter(f => f.type === 'password'), typed = fields.filter(TYPED), says = re => fields.some(f => re.test(about(f) + ' ' + name(f)));
  if (form.closest('[role=search],search') || typed.length === 1 && (typed[0].type === 'search' || (form.method || 'get') === 'get')) return '';
  if (passwords.length > 1 || passwords.some(p => p.autocomplete === 'new-password')) return 'register';
  const s = stage();
  if (passwords.length && typed.length <= 2) return 'log-in';
  if (s.checkout || s.payment || says(/postal|postcode|\bzip\b|\bplz\b|street|stra(ss|ß)e|address-line|cc-number|code postal|c[oó]digo postal|郵便番号/i)) return 'fill-checkout';
  if (fields.some(f => f.localName === 'textarea')) return 'submit-form';
  if (typed.length === 1 && (typed[0].type === 'email' || /mail/i.test(about(typed[0])))) return 'subscribe';
  return typed.some(f => f.type !== 'number' && !/^\d{1,3}$/.test(f.defaultValue)) && form.localName === 'form' ? 'submit-form' : ''; // a quantity stands there already
};
// The box above the page that holds e, and e's number there.
const over = e => { const ref = t.ref(e), box = (self === top ? t.overlays() : t.inside()).find(o => o.controls.some(c => c.ref === ref)); return box ? {over: box, ref} : {} };

// ---- typing ----

let pending = null;
const flush = () => {
  const e = pending;
  pending = null;
  if (!e || !e.isConnected) return;
  const hush = secret(e);
  say({kind: 'fill', locator: t.locate(e), value: hush ? '' : e.isContentEditable ? tidy(e.innerText) : e.value, secret: hush, type: e.type || '', about: tidy(about(e) + ' ' + name(e)).slice(0, 200), effect: effect(e)});
};
const heard = (types, f) => types.forEach(type => addEventListener(type, e => { if (e.isTrusted) f(e, e.composedPath()[0]) }, true));
heard(['input'], (_, e) => { if (e.nodeType === 1 && TYPED(e)) { if (pending !== e) flush(); pending = e } });
heard(['focusout', 'change'], (_, e) => { if (e === pending) flush() });
heard(['change'], (_, e) => {
  if (e.localName === 'select') {
    const o = e.selectedOptions[0];
    if (o) say({kind: 'select', locator: t.locate(e), option: tidy(o.label), value: o.value, type: 'select', about: tidy(about(e) + ' ' + name(e)).slice(0, 200), effect: effect(e)});
  } else if (e.type === 'file') say({kind: 'file', locator: t.locate(e)});
});
addEventListener('pagehide', flush, true);

// ---- keys ----

let entered = -1000;
heard(['keydown'], (e, at) => {
  if (at.nodeType !== 1 || e.isComposing || e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.key === 'Escape') return say({kind: 'press', key: 'Escape'});
  if (/^Arrow(Up|Down)$/.test(e.key) && (/^(combobox|listbox|menu|option)$/.test(t.role(at)) && at.localName !== 'select' || at.hasAttribute('aria-autocomplete'))) { flush(); return say({kind: 'press', key: e.key}) }
  if (e.key !== 'Enter' || !TYPED(at) || at.localName === 'textarea' || at.isContentEditable) return;
  if (!pending) pending = at.value ? at : null;
  flush();
  entered = e.timeStamp;
  const button = at.form && [...at.form.elements].find(x => x.type === 'submit' || x.type === 'image');
  say({kind: 'press', key: 'Enter', control: button ? control(button) : {...control(at), submits: !!at.form}, effect: effect(at)});
});

// ---- clicks ----

heard(['click'], (e, at) => {
  if (at.nodeType !== 1) at = at.parentElement;
  if (!at || e.detail === 0 && e.timeStamp - entered < 500 && up(at)?.type === 'submit') return; // Enter pressed it
  flush();
  const c = up(at);
  if (!c) {
    if (getComputedStyle(at).cursor === 'pointer') say({kind: 'click', locator: locator(at), control: control(at), effect: ''});
    return;
  }
  if (TYPED(c) || /^(select|option)$/.test(c.localName) && !c.getAttribute('role')) return;
  if (c.localName === 'label' && c.control) {
    if (!/^(checkbox|radio)$/.test(c.control.type) || visible(c.control) && t.locate(c.control)) return; // it is told of by itself
    return say({kind: 'click', locator: locator(c), control: control(c), effect: ''});
  }
  if (/^(checkbox|radio)$/.test(c.type) && !visible(c)) return; // its label was told of
  const k = control(c);
  say({kind: 'click', ...over(c), locator: locator(c), control: k, effect: k.submits || c.localName === 'button' || t.role(c) === 'button' ? effect(c) : ''});
});

// ---- where it leads ----

const page = () => say({kind: 'page', title: document.title, heading: tidy([...document.querySelectorAll('h1')].find(visible)?.innerText).slice(0, 80)});
if (self === top) {
  addEventListener('DOMContentLoaded', page);
  addEventListener('load', page);
  let later = 0;
  heard(['click', 'keydown', 'change'], () => { clearTimeout(later); later = setTimeout(page, 600) });
}
})();
