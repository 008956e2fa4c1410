// What the two drivers of node share: the orders of the bench, a line each, and
// what is typed into the checkout.
import readline from 'node:readline';

export const fields = JSON.parse(process.env.PEERS_FIELDS);

export async function serve(flow, end) {
  process.stdout.write('ready\n');
  for await (const line of readline.createInterface({input: process.stdin})) {
    const [flows, beside] = line.split(' ').map(Number);
    let left = flows, failed = 0, why = '';
    await Promise.all(Array.from({length: beside}, async () => {
      while (left-- > 0) try { await flow() } catch (e) { failed++; why = String(e.message).split('\n')[0] }
    }));
    process.stdout.write(`done ${failed} ${why}\n`);
  }
  await end();
}
