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
// What stands at the door is told once a document.
let doored = false;
const arrived = async (ms, refresh) => {
  await t.settled(ms, refresh);
  const said = reading('survey', ...(doored ? [] : ['door']));
  doored = true;
  return said;
};
const taken = async (value, keys) => ({took: await t.typed(value, keys), ...reading('fields', 'overlays')});
const chosen = option => ({...t.choose(option), ...reading('fields')});

Object.assign(t, {reading, arrived, taken, chosen});
})();
