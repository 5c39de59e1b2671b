import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { HtmlValidate } from 'html-validate';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { lineOf } from './route_table';

const rules = JSON.parse(readFileSync(join(__dirname, '../.htmlvalidate.json'), 'utf8'));
const validator = new HtmlValidate(rules);
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const phone = { width: 320, height: 640 };
const desk = { width: 1280, height: 900 };
/** What printing with Chromium's margins leaves of A4 (190 mm of 210), in CSS pixels of 1/96 inch. */
const paper = { width: 718, height: 1047 };
/** What can only be pressed or followed, and so says nothing on paper. */
const onlyOnScreens = [
  'header', 'footer', 'nav', 'button', '.govuk-button', '.govuk-back-link', '.govuk-breadcrumbs', '.govuk-pagination',
  '.lg-demo', '.lg-filter', '.lg-not-printed__text', '[name="access_needs"]',
].join(', ');

/** What says something: whoever sees it on the screen has it on paper, too. */
const alsoOnPaper = 'main table, main svg.lg-plot, main svg[role="img"], main dl, main fieldset, main p, main li';

/** A page of HTML and CSS may weigh this much, compressed. */
const mostBytes = 40 * 1024;
let stylesBytes = 0;

/** Listens for what a browser complains about: script errors, refused resources, the content security policy. */
export function listen(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // Chromium logs each 4xx answer to a navigation; the tests look at the status themselves.
    const isAnswer = /the server responded with a status of 4\d\d/.test(message.text());
    if (message.type() === 'error' && !isAnswer) complaints.push(message.text());
  });
  return complaints;
}

/** What is wrong with the page that is shown, at these widths. axe is a script: it says nothing where there are none. */
export async function faultsShown(page: Page, sizes = [phone, desk]): Promise<string[]> {
  const faults = await faultsOfBar(page);
  const isPlain = test.info().project.use.javaScriptEnabled === false;
  for (const size of sizes) {
    await page.setViewportSize(size);
    if (!isPlain) faults.push(...(await faultsOfAxe(page, size.width)));
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (beyond > 0) faults.push(`${size.width} px: ${beyond} px wider than the screen`);
  }
  return faults;
}

/** What is wrong with the page as it is printed: it keeps its heading and what it says, loses what can only be pressed and
 * what must never be printed, and nothing runs over the edge. */
export async function faultsOnPaper(page: Page): Promise<string[]> {
  await page.setViewportSize(paper);
  const onScreen = await page.evaluateHandle((selector) => {
    const isShown = (element: Element) => element.checkVisibility() && element.getClientRects().length > 0;
    return [...document.querySelectorAll(selector)].filter(isShown);
  }, alsoOnPaper);
  await page.emulateMedia({ media: 'print' });
  try {
    const faults = await onScreen.evaluate((wanted, selector) => {
      const isShown = (element: Element) => element.checkVisibility() && element.getClientRects().length > 0;
      const left = [...document.querySelectorAll(selector)].filter(isShown);
      // Around or inside what can only be pressed there is nothing to read.
      const isPressed = (element: Element) => element.closest(selector) !== null || element.querySelector(selector) !== null;
      const isFile = (element: Element) => element.querySelector('[href*=".csv"], [href*=".xlsx"], [href*=".json"]') !== null;
      const lost = wanted.filter((element) => !isShown(element) && !isPressed(element) && !isFile(element));
      const heading = document.querySelector('main h1');
      return [
        ...left.slice(0, 3).map((element) => `still there: ${element.outerHTML.slice(0, 120)}`),
        ...lost.slice(0, 3).map((element) => `lost: ${element.outerHTML.slice(0, 120)}`),
        ...(heading && isShown(heading) ? [] : ['lost its heading']),
      ];
    }, onlyOnScreens);
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (beyond > 0) faults.push(`${beyond} px wider than the paper`);
    return faults.map((fault) => `on paper: ${fault}`);
  } finally {
    await page.emulateMedia({ media: null });
  }
}

/** A demonstration says on every page that nothing is real, what time it is, and offers to move its clock; a real board
 * never does. */
async function faultsOfBar(page: Page): Promise<string[]> {
  const bar = page.getByRole('complementary', { name: 'Demonstration' });
  const count = await bar.count();
  if (test.info().project.name.startsWith('empty')) return count === 0 ? [] : ['says that it is a demonstration'];
  if (count !== 1 || !(await bar.isVisible())) return ['does not say that it is a demonstration'];
  const text = await bar.innerText();
  const says = [/nothing here is real/, /It is now .*\d{4}/, /Be someone else/, /Mail sent/, /Move the clock/];
  return says.filter((words) => !words.test(text)).map((words) => `the demonstration’s bar does not say ${words}`);
}

/** axe, for these pages: in one go (its other mode, for pages within pages, of which there are none here, opens a second
 * page each time and takes twice as long), and only what is wrong. */
export function axeOf(page: Page): AxeBuilder {
  const axe = new AxeBuilder({ page }).setLegacyMode(true);
  return axe.options({ rules: { 'target-size': { enabled: true } }, resultTypes: ['violations'] }).withTags(tags);
}

async function faultsOfAxe(page: Page, width: number): Promise<string[]> {
  return (await axeOf(page).analyze()).violations.map((violation) => {
    const nodes = violation.nodes.slice(0, 3).map((node) => node.html.slice(0, 160));
    return `${width} px: axe ${violation.id}: ${nodes.join(' · ')}`;
  });
}

/** What is wrong with a page's HTML as it was sent: its validity, scripts, styles in attributes, weight. */
export async function faultsSent(html: string, address: string): Promise<string[]> {
  const faults: string[] = [];
  const hasScript = /<script/.test(html);
  // Islands keep the markers between their texts, which are comments to a browser but not to the validator.
  const report = await validator.validateString(hasScript ? html.replaceAll('<!>', '') : html);
  for (const message of report.results.flatMap((result) => result.messages)) {
    faults.push(`html ${message.ruleId}, line ${message.line}: ${message.message}`);
  }
  if (hasScript && !lineOf(address)?.hasIsland) faults.push('a script on a page without an island');
  if (/ style="/.test(html)) faults.push('a style in an attribute');
  const bytes = gzipSync(html).length + stylesBytes;
  if (!hasScript && bytes > mostBytes) faults.push(`${bytes} bytes compressed with its styles`);
  return faults;
}

/** Goes somewhere, which must answer with this status, and must have nothing wrong with it. */
export async function judge(page: Page, address: string, status = 200): Promise<string[]> {
  const answer = await page.request.get(address);
  const faults: string[] = [];
  if (answer.status() !== status) faults.push(`answers ${answer.status()}, not ${status}`);
  const html = await answer.text();
  if (stylesBytes === 0) {
    const href = html.match(/<link rel="stylesheet" href="([^"]+)"/)?.[1];
    expect(href, 'the styles').toBeTruthy();
    stylesBytes = gzipSync(await (await page.request.get(href as string)).body()).length;
  }
  faults.push(...(await faultsSent(html, address)));
  await page.goto(address);
  // A page that sends on to another one was not judged.
  const [asked, shown] = [new URL(address, page.url()).pathname, new URL(page.url()).pathname];
  if (shown !== asked) faults.push(`sends on to ${shown}`);
  faults.push(...(await faultsOnPaper(page)), ...(await faultsShown(page)));
  return faults.map((fault) => `${address}: ${fault}`);
}

/** Presses a button that sends a form, and judges the page that comes of it, which must have this status. */
export async function judgePressed(page: Page, button: string, status = 422): Promise<string[]> {
  const isPage = page.waitForResponse((response) => {
    const request = response.request();
    return request.isNavigationRequest() && response.status() !== 303;
  });
  await page.getByRole('main').getByRole('button', { name: button, exact: true }).first().click();
  const answer = await isPage;
  const address = `${new URL(answer.url()).pathname}, “${button}”`;
  const faults: string[] = [];
  if (answer.status() !== status) faults.push(`answers ${answer.status()}, not ${status}`);
  if (status === 422) {
    if (!(await page.title()).startsWith('Error: ')) faults.push('the title does not say that there is an error');
    const links = await page.getByRole('alert').getByRole('link').evaluateAll((all) =>
      all.map((link) => link.getAttribute('href') ?? '').filter((href) => !document.getElementById(href.slice(1))),
    );
    if (links.length > 0) faults.push(`the error summary leads nowhere: ${links.join(' ')}`);
    if ((await page.getByRole('alert').count()) === 0) faults.push('no error summary');
  }
  faults.push(...(await faultsSent(await answer.text(), answer.url().replace(/^https?:\/\/[^/]+/, ''))));
  faults.push(...(await faultsShown(page)));
  return faults.map((fault) => `${address}: ${fault}`);
}

/** Empties every field of a form and sends it. */
export async function judgeEmptied(page: Page, address: string, button: string): Promise<string[]> {
  await page.goto(address);
  const main = page.getByRole('main');
  for (const field of await main.locator('input:not([type=hidden]):not([type=radio]):not([type=checkbox]):not([type=file]), textarea').all()) {
    if (await field.isVisible()) await field.fill('');
  }
  return judgePressed(page, button);
}

/** What is wrong with the state that is shown, at the width of the project, and with its HTML where it can be asked for
 * again. */
export async function judgeShown(page: Page): Promise<string[]> {
  const isPhone = (test.info().project.use.viewport?.width ?? desk.width) < desk.width;
  const faults = await faultsShown(page, [isPhone ? phone : desk]);
  const address = new URL(page.url()).pathname;
  const answer = await page.request.get(page.url());
  if (answer.ok()) faults.push(...(await faultsSent(await answer.text(), address)));
  return faults.map((fault) => `${address}: ${fault}`);
}
