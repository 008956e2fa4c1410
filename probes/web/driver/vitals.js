// How a document keeps its user waiting: what it does after it was drawn. It
// stands on the engine, in the same isolated world, and changes nothing.
(() => {
'use strict';
const t = globalThis.__touchstone;
if (!t || t.pace || self !== top) return;

// The time that our own reading takes is the page's, too, but not its fault. Some
// of the readers come later.
const ours = [];
const timed = read => read && ((...args) => { const from = performance.now(); try { return read(...args) } finally { ours.push([from, performance.now()]) } });
for (const reading of ['door', 'survey', 'overlays', 'snapshot', 'view', 'forms', 'draft', 'answer']) {
  let read = timed(t[reading]);
  Object.defineProperty(t, reading, {get: () => read, set: f => { read = timed(f) }, enumerable: true, configurable: true});
}

// ---- long tasks and interactions ----

let tasks = [], worst = new Map(), input = Infinity, answered = 0;
for (const e of ['pointerdown', 'keydown', 'input']) addEventListener(e, e => { if (e.isTrusted) input = Math.min(input, performance.now()) }, true);
// A click that leads away is never painted here, and tells nothing.
for (const e of ['click', 'keydown']) addEventListener(e, e => { if (e.isTrusted) requestAnimationFrame(() => setTimeout(() => { answered++ })) }, true);
const observers = [];
const observe = (type, take, more) => {
  try {
    const o = new PerformanceObserver(l => l.getEntries().forEach(take));
    o.observe({type, buffered: true, ...more});
    observers.push([o, take]);
  } catch {}
};
observe('longtask', e => tasks.push([e.startTime, e.startTime + e.duration]));
observe('event', e => { if (e.interactionId) worst.set(e.interactionId, Math.max(worst.get(e.interactionId) || 0, e.duration)) }, {durationThreshold: 16});

// Total blocking time: what of each long task lies beyond its first 50 ms, from
// the first contentful paint to the first input.
const blocked = fcp => tasks.filter(([from]) => from >= fcp && from < input).reduce((sum, [from, to]) => {
  const own = ours.reduce((s, [a, b]) => s + Math.max(0, Math.min(b, to) - Math.max(a, from)), 0);
  return sum + Math.max(0, to - from - own - 50);
}, 0);
// Interaction to next paint: the longest, of every fifty one left out.
const slowest = () => [...worst.values()].sort((a, b) => b - a)[Math.min(worst.size - 1, Math.floor((performance.interactionCount || 0) / 50))] || 0;

const pace = () => {
  for (const [o, take] of observers) o.takeRecords().forEach(take);
  const n = performance.getEntriesByType('navigation')[0];
  const fcp = performance.getEntriesByName('first-contentful-paint')[0]?.startTime || 0;
  return {
    ...t.vitals(), origin: performance.timeOrigin, fcp, load: n?.loadEventEnd || 0,
    server: n && n.responseStart > 0 ? Math.max(0, n.responseStart - n.requestStart) : 0,
    blocked: blocked(fcp), slowest: slowest(), answered,
  };
};
// What stands when the document is about to go: nobody can ask it later, and
// what it says once it goes is not heard any more.
addEventListener('beforeunload', () => { try { globalThis.__touchstone_left?.(JSON.stringify(pace())) } catch {} }, true);

const mine = (from, to) => { ours.push([from, to]) };
Object.assign(t, {pace, mine});
})();
