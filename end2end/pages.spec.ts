import { expect, test, type Page } from '@playwright/test';
import { judge, listen, faultsShown } from './judge';
import { lineOf, lines } from './route_table';
import { be } from './visit';

// Every page of the route table, for everybody who may see it, and the states that no link leads to.

/** Lines that answer with a file or send on, or that exist only before a board is set up. */
const notPages = /\.(csv|json|ics)$|^\/first-run$|^\/training\/sessions\/\{id\}\/register$/;
/** Lines whose pages only exist behind a link or a code in a mail, or in the middle of a posted journey: the story and the states below go there. */
const reachedElsewhere = new Set<string>();

/** Follows the links from some addresses, one page per line of the table, and judges each. */
async function crawl(page: Page, starts: string[]): Promise<string[]> {
  const complaints = listen(page);
  const faults: string[] = [];
  const seen = new Set<string>();
  const waiting = [...starts];
  while (waiting.length > 0) {
    const address = waiting.shift() as string;
    const line = lineOf(address);
    if (!line || seen.has(line.path) || notPages.test(line.path) || notPages.test(address)) continue;
    seen.add(line.path);
    faults.push(...(await judge(page, address)));
    const links = await page.locator('a[href^="/"]').evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
    waiting.push(...links);
  }
  for (const path of seen) reachedElsewhere.add(path);
  return [...faults, ...complaints];
}

test.describe.configure({ mode: 'serial' });

test('a visitor’s pages', async ({ page }) => {
  const starts = ['/', '/courses', '/courses/listening-to-children', '/sign-in', '/answer', '/demo/mailbox'];
  expect(await crawl(page, starts)).toEqual([]);
});

for (const [name, starts] of [
  ['Amira Hassan', ['/bookings', '/account', '/courses/listening-to-children', '/demo/mailbox']],
  ['Grace Mensah', ['/training', '/account']],
  ['Helen Carter', ['/office', '/office/people', '/office/agencies', '/office/courses', '/office/sessions', '/office/venues', '/office/bookings', '/office/charges', '/office/policy', '/office/settings', '/board']],
  ['Robert Okafor', ['/board']],
] as const) {
  test(`${name}’s pages`, async ({ page }) => {
    test.setTimeout(600_000);
    await be(page, name);
    expect(await crawl(page, [...starts])).toEqual([]);
  });
}

test('refusals help', async ({ page }) => {
  const complaints = listen(page);
  const faults = [
    ...(await judge(page, '/no-such-page', 404)),
    ...(await judge(page, '/courses/no-such-course', 404)),
    ...(await judge(page, '/sessions/999999', 404)),
    ...(await judge(page, '/answers/not-a-token', 404)),
    ...(await judge(page, '/courses?q=zzzz')),
    ...(await judge(page, '/courses?from-day=99&from-month=1&from-year=2021')),
  ];
  await be(page, 'Amira Hassan');
  faults.push(...(await judge(page, '/office', 403)), ...(await judge(page, '/board', 403)));
  faults.push(...(await judge(page, '/bookings/ZZZZZZZZ', 404)));
  expect([...faults, ...complaints]).toEqual([]);
});
