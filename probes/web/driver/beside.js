// Several readings of a page in one breath, and what is read beside an answer
// that is given anyway. It stands on the engine and the readers, in the same
// isolated world, and changes nothing.
(() => {
'use strict';
const t = globalThis.__touchstone;
if (!t || t.reading) return;

// reading gives what each of the readings says, null for one that is not there
// or failed, and in ms what they took together. One that wants something to be
// told comes as [name, …].
const reading = (...names) => {
  const from = performance.now(), said = {};
  for (const [n, ...wants] of names.map(n => [n].flat())) { try { said[n] = t[n]?.(...wants) ?? null } catch { said[n] = null } }
  said.cost = performance.now() - from;
  return said;
};
// Behind the next frame, or a tenth of a second where none is drawn.
const behind = () => new Promise(done => { requestAnimationFrame(() => t.soon(done)); setTimeout(done, 100) });
// What goes with a picture is read behind the frame that the picture shows.
const pictured = async (...names) => { await behind(); return reading(...names) };
// Reading a large page takes longer than a frame: it has to wait for the first one,
// or the page would seem to be drawn late.
const LARGE = 1000;
const late = () => document.getElementsByTagName('*').length > LARGE && !performance.getEntriesByName('first-contentful-paint').length;
// What stands at the door is told once a document.
let doored = false;
const arrived = async (ms, refresh) => {
  await t.settled(ms, refresh);
  if (late()) await behind();
  const said = reading('survey', ...(doored ? [] : ['door']));
  doored = true;
  return said;
};
const taken = async (value, keys) => ({took: await t.typed(value, keys), ...reading('fields', 'overlays')});
const chosen = option => ({...t.choose(option), ...reading('fields')});

Object.assign(t, {reading, pictured, arrived, taken, chosen});
})();
