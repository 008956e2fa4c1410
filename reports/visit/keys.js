// The arrows and j, k walk from step to step; the strip follows what is read.
const steps = [...document.querySelectorAll('.step')];
addEventListener('keydown', e => {
  if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest('.scroll,pre')) return;
  const way = {ArrowRight: 1, j: 1, ArrowLeft: -1, k: -1}[e.key];
  if (!way || !steps.length) return;
  const own = steps.indexOf(document.activeElement); // the page may still be on its way there
  const now = own >= 0 ? own : steps.findLastIndex(s => s.getBoundingClientRect().top < innerHeight / 3);
  const to = steps[Math.min(steps.length - 1, Math.max(0, now + way))];
  e.preventDefault();
  to.scrollIntoView();
  to.focus({preventScroll: true});
});
const reading = new IntersectionObserver(seen => {
  for (const s of seen) {
    const frame = document.querySelector('.strip a[href="#' + s.target.id + '"]');
    if (!s.isIntersecting) { frame.removeAttribute('aria-current'); continue }
    frame.setAttribute('aria-current', 'step');
    const list = frame.closest('ol');
    list.scrollLeft = frame.parentElement.offsetLeft - (list.clientWidth - frame.clientWidth) / 2;
  }
}, {rootMargin: '-30% 0px -60% 0px'});
for (const s of steps) reading.observe(s);
