// The same by Puppeteer: its locators by selector, which wait, and a wait for
// the navigation where a click leads on.
import puppeteer from 'puppeteer-core';
import {serve, fields} from './serve.mjs';

const [browserPath, url] = process.argv.slice(2);
const browser = await puppeteer.launch({executablePath: browserPath, headless: 'shell', pipe: true, args: process.getuid() === 0 ? ['--no-sandbox'] : []});

await serve(async () => {
  const context = await browser.createBrowserContext();
  try {
    const page = await context.newPage();
    const follow = selector => Promise.all([page.waitForNavigation(), page.locator(selector).click()]);
    await page.goto(url + '/');
    await follow('a[href="/product/3"]');
    await follow('#add');
    await follow('#go');
    for (const f of fields.slice(0, -1)) await page.locator('#' + f.name).fill(f.value);
    await page.select('#country', 'GB');
    await follow('#send');
    await page.waitForSelector('#order', {visible: true});
  } finally {
    await context.close();
  }
}, () => browser.close());
