// What floats above a page, in plain values: dialogs, banners, sheets. Judging
// is left to the caller. It stands on the engine, in the same isolated world,
// and changes nothing.
(() => {
'use strict';
const t = globalThis.__touchstone;
if (!t || t.overlays) return;
const {tidy, visible, shown, select, name, role, roots, hit, address, classes} = t.kit;

const DIALOG = 'dialog,[role=dialog],[role=alertdialog],[aria-modal=true]';
// Containers of consent platforms and of what shops call their own: they need
// not float.
const NAMED = '[id*=cookie i],[class*=cookie i],[id*=consent i],[class*=consent i],[id*=gdpr i],[class*=gdpr i]';
const floats = e => {
  if (e.matches(DIALOG)) return true;
  const s = getComputedStyle(e);
  return s.position === 'fixed' || s.position === 'sticky' || s.position === 'absolute' && +s.zIndex >= 10;
};
// The outermost box that floats and holds e: in a shadow root that shows what
// stands outside of it, its host.
const boxOf = e => {
  let box = null;
  for (let h = e; h && h !== document; h = h.assignedSlot || h.parentNode || h.host)
    if (h.nodeType === 1 && h !== document.body && h !== document.documentElement && floats(h)) box = h;
  while (box && box.getRootNode().host && box.querySelector('slot')) box = box.getRootNode().host;
  return box;
};

const CONTROLS = 'a,button,summary,[role=button],[role=link],[role=checkbox],[role=switch],[role=tab],input[type=button],input[type=submit],input[type=checkbox],[onclick],[aria-label]';
const within = box => [...(box.shadowRoot ? roots(box.shadowRoot) : []), ...roots(box)].flatMap(r => [...r.querySelectorAll(CONTROLS), ...[...r.querySelectorAll('[class*=close i]')].filter(e => /close/i.test(classes(e)))]);
const corner = (e, box) => {
  const a = e.getBoundingClientRect(), b = box.getBoundingClientRect();
  return a.width < 80 && a.height < 80 && a.top - b.top < 90 && (b.right - a.right < 90 || a.left - b.left < 90);
};
const words = box => box.shadowRoot ? [...box.shadowRoot.children].map(c => c.innerText || '').join('\n') + '\n' + (box.innerText || '') : box.innerText || '';
// Where a link leads, empty where it leads nowhere else.
const leads = e => { const to = e.localName === 'a' ? address(e) : ''; return /^(http|mailto|tel)/.test(to) && to.split('#')[0] !== location.href.split('#')[0] ? to : '' };
const marks = e => [e.id, classes(e), ...[...e.attributes].filter(a => a.name.startsWith('data-') && a.name !== 'data-state').map(a => a.name + '=' + a.value)].filter(Boolean).join(' ').slice(0, 200);

const tell = box => {
  const b = box.getBoundingClientRect();
  const wide = Math.max(0, Math.min(b.right, innerWidth) - Math.max(b.left, 0)), high = Math.max(0, Math.min(b.bottom, innerHeight) - Math.max(b.top, 0));
  const list = [...new Set(within(box))].filter(e => e.matches('input[type=checkbox]') ? shown(e) : visible(e));
  const inner = [...roots(box)].flatMap(r => [...r.querySelectorAll('iframe,input,textarea')]).filter(visible);
  return {
    ref: t.ref(box), text: words(box).slice(0, 4000), marks: [box, ...[...box.querySelectorAll('*')].slice(0, 12)].map(marks).join(' ').slice(0, 1000),
    modal: box.matches('[aria-modal=true],dialog:modal') || !!box.querySelector('[aria-modal=true],dialog:modal'),
    menu: box.matches('header,nav,[role=banner],[role=navigation]') || !!box.querySelector('nav,[role=navigation]'),
    cover: wide * high / (innerWidth * innerHeight) || 0,
    fields: inner.filter(e => e.localName === 'textarea' || e.localName === 'input' && /^(text|email|tel|number|search|password)$/.test(e.type)).length,
    frame: inner.some(e => e.localName === 'iframe'),
    controls: list.slice(0, 80).map(e => ({
      ref: t.ref(e), role: role(e), name: name(e).slice(0, 120), hint: marks(e), link: leads(e),
      box: /^(checkbox|switch)$/.test(role(e)), ticked: e.localName === 'input' ? e.checked : e.getAttribute('aria-checked') === 'true',
      disabled: e.matches(':disabled,[aria-disabled=true]'), corner: corner(e, box),
    })),
  };
};

// seek looks at what lies uppermost at points all over the window, and at what
// calls itself a dialog or a question about cookies.
const seek = () => {
  const found = new Set();
  for (let i = 1; i <= 5; i++) for (let j = 1; j <= 7; j++) {
    const h = hit(innerWidth * (i - .5) / 5, innerHeight * (j === 7 ? .99 : (j - .5) / 6)), box = h && boxOf(h);
    if (box) found.add(box);
  }
  for (const e of select(DIALOG)) if (visible(e)) found.add(boxOf(e) || e);
  for (const e of [...document.querySelectorAll(NAMED)].slice(0, 100)) {
    const b = e.getBoundingClientRect();
    if (e !== document.body && e !== document.documentElement && visible(e) && b.bottom > 0 && b.top < innerHeight && e.querySelector('button,[role=button],a,input')) found.add(boxOf(e) || e);
  }
  const whole = document.getElementsByTagName('*').length;
  return [...found].filter(e => visible(e) || e.shadowRoot)
    .filter(e => ![...found].some(o => o !== e && o.contains(e)))
    .filter(e => e.matches(DIALOG) || e.getElementsByTagName('*').length < Math.max(60, whole / 2) || words(e).length < 1500)
    .map(tell);
};
// overlays tells again what was found last, as long as nothing has moved, for a
// moment: what happens within a shadow root nobody hears of.
const MOMENT = 200;
let told = null;
const overlays = () => {
  const now = performance.now();
  if (told && told.shifted === t.shifted() && now - told.at < MOMENT) return told.list;
  const list = seek();
  told = list.some(o => o.frame) ? null : {list, shifted: t.shifted(), at: now};
  return list;
};
// inside tells of a whole document that is shown in a frame above the page.
const inside = () => document.body && innerWidth > 150 && innerHeight > 40 ? [tell(document.body)] : [];

Object.assign(t, {overlays, inside});
})();
