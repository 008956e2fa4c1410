'use strict';
// The menu opens under the pointer, and by a press.
document.querySelectorAll('.mega-toggle').forEach(toggle => toggle.addEventListener('click', event => {
  event.preventDefault();
  const open = toggle.getAttribute('aria-expanded') !== 'true';
  document.querySelectorAll('.mega-toggle').forEach(t => t.setAttribute('aria-expanded', t === toggle && open));
}));
// A listing goes on when its end comes into sight, or when one asks.
const watch = () => {
  const more = document.querySelector('.more');
  if (!more) return;
  let busy = false;
  const load = async () => {
    if (busy) return;
    busy = true;
    more.outerHTML = await (await fetch(more.dataset.next + '&fragment=cells')).text();
    watch();
  };
  more.querySelector('a').addEventListener('click', event => { event.preventDefault(); load(); });
  new IntersectionObserver((seen, self) => { if (seen[0].isIntersecting && scrollY > 0) { self.disconnect(); load(); } }).observe(more);
};
watch();
document.querySelectorAll('.variant-option').forEach(b => b.addEventListener('click', () => {
  b.parentElement.querySelectorAll('button').forEach(o => o.setAttribute('aria-pressed', o === b));
  b.form.elements[b.dataset.field].value = b.dataset.value;
}));
