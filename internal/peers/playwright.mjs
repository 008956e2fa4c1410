// The purchase by Playwright, as its documentation would write it: locators by
// role and label, which wait by themselves. Reads "flows beside" lines, does
// that many purchases, so many at a time, and answers with how many failed. With
// "tracing" each keeps what Playwright's trace viewer shows: pictures, the pages as
// they stood before and after each action, network and console, in a file.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {chromium} from 'playwright-core';
import {serve, fields} from './serve.mjs';

const [browserPath, url] = process.argv.slice(-2);
const traces = process.argv.includes('tracing') && mkdtempSync(join(tmpdir(), 'traces-'));
let made = 0;
const browser = await chromium.launch({executablePath: browserPath, args: process.getuid() === 0 ? ['--no-sandbox'] : [], chromiumSandbox: process.getuid() !== 0});

await serve(async () => {
  const context = await browser.newContext();
  try {
    if (traces) await context.tracing.start({screenshots: true, snapshots: true});
    const page = await context.newPage();
    await page.goto(url + '/');
    await page.getByRole('link', {name: 'Pot number 3', exact: true}).click();
    await page.getByRole('button', {name: 'Add to basket'}).click();
    await page.getByRole('link', {name: 'Go to checkout'}).click();
    for (const f of fields.slice(0, -1)) await page.getByLabel(f.label).fill(f.value);
    await page.getByLabel(fields.at(-1).label).selectOption({label: fields.at(-1).value});
    await page.getByRole('button', {name: 'Place order'}).click();
    await page.getByRole('heading', {name: 'Thank you'}).waitFor();
    if (traces) await context.tracing.stop({path: join(traces, `${++made}.zip`)});
  } finally {
    await context.close();
  }
}, async () => {
  await browser.close();
  if (traces) rmSync(traces, {recursive: true});
});
