import { expect, test, type Locator, type Page } from '@playwright/test';
import { judge, judgeEmptied, judgePressed, listen } from './judge';
import { lineOf, lines } from './route_table';
import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { addSession, askForPlace, be, bookPlace, course, dayOn, linkInMail, moveClock } from './visit';

// Every page of the route table, for everybody who may see it, and the states that no link leads to.

/** Lines that answer with a file, or send on to another line. */
const isNoPage = (path: string) => /\.(csv|json|xlsx|ics)$|\/register$|\/book\/check$/.test(path);
/** Lines that exist only before a board is set up, for somebody whom no board knows yet, or for whoever’s mail comes back,
 * and where they are judged. */
const judgedElsewhere: Record<string, string> = {
  '/first-run': 'empty.spec.ts',
  '/account/new': 'empty.spec.ts',
  '/account/addresses/returned': 'empty.spec.ts',
};

const judged = new Set<string>();

/** Follows the links from some addresses, one page per line of the table, and judges each that its visitor may open. */
async function crawl(page: Page, starts: string[], isStranger = false): Promise<string[]> {
  const faults: string[] = [];
  const seen = new Set<string>();
  const waiting = starts.map((address) => ({ address, from: 'the test' }));
  while (waiting.length > 0) {
    const { address, from } = waiting.shift() as { address: string; from: string };
    const line = lineOf(address);
    if (!line) {
      faults.push(`${from} leads to ${address}, which no line of the route table answers`);
      continue;
    }
    if (isNoPage(line.path) || isNoPage(address)) continue;
    if (isStranger && !['Public', 'Demo'].includes(line.access)) continue;
    // What everybody sees alike is judged once.
    if (seen.has(line.path) || (line.access === 'Public' && judged.has(line.path))) continue;
    seen.add(line.path);
    judged.add(line.path);
    // Links lead to the register only on the day; its pages are there before.
    if (line.path === '/training/sessions/{id}') {
      const register = ['1', '1/submit', '1/walk-in'].map((page) => `${address}/register/${page}`);
      waiting.push(...register.map((register) => ({ address: register, from: address })));
    }
    faults.push(...(await judge(page, address)));
    const links = await page.locator('a[href^="/"]').evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
    waiting.push(...links.map((link) => ({ address: link, from: address })));
  }
  return faults;
}

/** The first link of the page's main part to such an address. */
async function firstLink(page: Page, beginning: string, not = ''): Promise<string> {
  const links = page.getByRole('main').locator(`a[href^="${beginning}"]${not}`);
  return (await links.first().getAttribute('href')) as string;
}

test.describe.configure({ timeout: 900_000 });

// In one go, because the last of them counts what the others have judged.
test.describe.serial('every page', () => {
  test('a visitor’s pages', async ({ page }) => {
    const complaints = listen(page);
    const starts = ['/', '/courses', '/courses/listening-to-children', '/sign-in', '/answer', '/demo/people'];
    expect([...(await crawl(page, starts, true)), ...complaints]).toEqual([]);
  });

  test('a learner’s pages', async ({ page }) => {
    const complaints = listen(page);
    await be(page, 'Amira Hassan');
    const empty = await judge(page, '/bookings');
    await page.goto('/courses/listening-to-children');
    const session = await page.getByRole('link', { name: /31 March 2021/ }).getAttribute('href');
    await bookPlace(page, '/courses/listening-to-children', /June 2021/);
    const starts = ['/bookings', '/account', '/account/agencies/new', '/account/addresses/new', '/account/charges', '/account/training/new', '/demo/mailbox'];
    expect([...empty, ...(await crawl(page, [...starts, `${session}/book`, `${session}/book/details`])), ...complaints]).toEqual([]);
  });

  for (const [name, ...starts] of [
    ['Grace Mensah', '/training'],
    ['Helen Carter', '/office', '/office/bookings?state=waitlisted', '/office/memberships', '/office/people/new', '/office/agencies/new', '/office/charges?state=all', '/office/charges/notify'],
    ['Robert Okafor', '/board', '/board?year=2019'],
    ['Priya Nair', '/agency/bookings?state=booked', '/agency/bookings/new', '/agency/training'],
    ['Tom Ashworth', '/agency/charges'],
  ]) {
    test(`${name}’s pages`, async ({ page }) => {
      const complaints = listen(page);
      await be(page, name);
      expect([...(await crawl(page, starts)), ...complaints]).toEqual([]);
    });
  }

  test('what only a code or a mail leads to', async ({ page, browser }) => {
    const complaints = listen(page);
    const reached = async (address: string) => {
      judged.add(lineOf(address)?.path as string);
      return judge(page, address);
    };
    await page.goto('/sign-in');
    await page.getByRole('textbox', { name: /email/i }).fill('nobody@nowhere.example');
    await page.getByRole('button', { name: 'Send me a code' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Enter the code');
    const faults = await reached('/sign-in/code');

    await be(page, 'Amira Hassan');
    await page.goto('/account/addresses/new');
    await page.getByRole('textbox', { name: /email/i }).fill('amira@home.example');
    await page.getByRole('button', { name: 'Send me a code' }).click();
    await expect(page.getByText('amira@home.example').first()).toBeVisible();
    faults.push(...(await reached('/account/addresses/code')));

    // A place is booked, and given back too late.
    await be(page, 'Helen Carter');
    const session = await addSession(page, course, await dayOn(page, 12), 5);
    await be(page, 'Amira Hassan');
    const place = await askForPlace(page, session, 'Book this place', 'Place booked');
    const link = await linkInMail(page, /^Booked: /);
    faults.push(...(await reached(new URL(link).pathname)));
    const office = await (await browser.newContext()).newPage();
    await be(office, 'Helen Carter');
    for (let days = 0; days < 4; days += 1) await moveClock(office, 'One day on', /\d/);
    await page.goto(`${place}/cancel`);
    await page.getByRole('main').getByRole('button', { name: 'Cancel this place' }).click();
    await expect(page.getByText('Your place is cancelled. A charge may follow.')).toBeVisible();
    await office.goto('/office/charges?state=proposed');
    await office.getByText('Search charges', { exact: true }).click();
    await office.getByRole('searchbox').fill('Amira Hassan');
    await office.getByRole('button', { name: 'Search' }).click();
    await office.getByRole('link', { name: 'Amira Hassan' }).first().click();
    await office.getByRole('link', { name: 'Tell learner and payer' }).click();
    await office.getByRole('button', { name: 'Tell them' }).click();
    await expect(office.getByText('Learner and payer are told.')).toBeVisible();
    await office.context().close();
    await page.goto('/account/charges');
    faults.push(...(await reached(await firstLink(page, '/account/charges/'))));
    await expect(page.getByText('£50').first()).toBeVisible();
    expect([...faults, ...complaints]).toEqual([]);
  });

  test('every page of the route table was judged', () => {
    for (const [path, spec] of Object.entries(judgedElsewhere)) {
      expect(readFileSync(join(__dirname, spec), 'utf8'), `${path} in ${spec}`).toContain(`judge(page, '${path}')`);
    }
    const left = lines.map((line) => line.path).filter((path) => !isNoPage(path) && !judgedElsewhere[path] && !judged.has(path));
    expect(left).toEqual([]);
  });
});

test('paper has what was found out and not what people need', async ({ page }) => {
  // A session of its own: the story needs the places that are there.
  await be(page, 'Helen Carter');
  const session = await addSession(page, course, await dayOn(page, 16), 5);
  await be(page, 'Amira Hassan');
  await page.goto(`${session}/book/details`);
  await page.getByLabel(/anything you need to take part/).fill('A hearing loop');
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByLabel(/anything you need to take part/)).toBeHidden();
  await page.emulateMedia({ media: null });
  await page.getByRole('main').getByRole('button', { name: 'Continue' }).click();
  await onScreenOnly(page, 'A hearing loop');
  await page.getByLabel('I have read this and accept it').check();
  await page.getByRole('button', { name: 'Book this place' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Place booked');
  await onScreenOnly(page, 'A hearing loop');
  // The page of its trainers, on which the office sees it from the start.
  await be(page, 'Helen Carter');
  await page.goto(`/training${session}`);
  await onScreenOnly(page, 'A hearing loop');

  // A register, and what is charged for.
  await page.goto('/office/sessions?state=delivered&way=up');
  const held = (await firstLink(page, '/office/sessions/', ':not([href$="new"])')).replace('/office', '');
  await page.goto(`/training${held}/register/1`);
  const people = page.getByRole('group').filter({ has: page.getByRole('radio') });
  await printed(page, [people.first(), people.last(), page.getByText(/\d+ of \d+ marked/)]);
  await page.goto(`/training${held}/list`);
  await printed(page, [page.getByRole('table').first()]);
  await page.goto('/office/charges?state=all');
  await printed(page, [page.getByRole('table').first()]);

  await be(page, 'Robert Okafor');
  await page.goto('/board');
  await printed(page, [page.getByRole('table').first(), page.locator('svg.lg-plot').first()]);
  await page.emulateMedia({ media: 'print' });
  const sheet = await page.pdf({ format: 'A4' });
  expect(sheet.subarray(0, 5).toString()).toBe('%PDF-');
});

/** Parts that are printed, without what leads on from a screen. */
async function printed(page: Page, parts: Locator[]) {
  const ways = [
    page.getByRole('navigation'), page.getByRole('complementary', { name: 'Demonstration' }), page.getByRole('button'),
  ];
  const waysShown = async () => (await Promise.all(ways.map((way) => way.filter({ visible: true }).count()))).map(Boolean);
  expect(await waysShown(), page.url()).toEqual(expect.arrayContaining([true]));
  await page.emulateMedia({ media: 'print' });
  for (const part of [...parts, page.getByRole('heading', { level: 1 })]) await expect(part).toBeVisible();
  expect(await waysShown(), page.url()).toEqual([false, false, false]);
  await page.emulateMedia({ media: null });
}

/** Words that are shown, and not printed. */
async function onScreenOnly(page: Page, words: string) {
  await expect(page.getByText(words).first()).toBeVisible();
  await page.emulateMedia({ media: 'print' });
  for (const found of await page.getByText(words).all()) await expect(found).toBeHidden();
  await page.emulateMedia({ media: null });
}

test('full, empty and missing pages help', async ({ page }) => {
  const complaints = listen(page);
  const faults = [
    ...(await judge(page, '/no-such-page', 404)),
    ...(await judge(page, '/courses/no-such-course', 404)),
    ...(await judge(page, '/sessions/999999', 404)),
    ...(await judge(page, '/answers/not-a-token', 404)),
    ...(await judge(page, '/bookings/link/not-a-token', 404)),
    ...(await judge(page, '/courses?q=nothingiscalledthis')),
    ...(await judge(page, '/courses?from-day=99&from-month=1&from-year=2021', 422)),
  ];
  await be(page, 'Amira Hassan');
  faults.push(...(await judge(page, '/office', 403)), ...(await judge(page, '/bookings/ZZZZZZZZ', 404)));
  await page.goto('/courses');
  const full = page.getByRole('listitem').filter({ hasText: /: full/ }).getByRole('link').last();
  const session = await full.getAttribute('href');
  faults.push(...(await judge(page, session as string)), ...(await judge(page, `${session}/book`)));
  expect([...faults, ...complaints]).toEqual([]);
});

test('what has changed, what was tried too often and a service that is away are pages too', async ({ page }) => {
  const complaints = listen(page);
  const faults: string[] = [];
  // Refused because of what is true by now: nobody was told of this charge yet.
  await be(page, 'Helen Carter');
  await page.goto('/office/charges?state=proposed');
  const charge = await firstLink(page, '/office/charges/', ':not([href$="notify"])');
  await page.goto(`${charge}/confirm`);
  faults.push(...(await judgePressed(page, 'Confirm the charge', 409)));

  // A page that was open for longer than what it shows.
  await page.goto(`${charge}/waive`);
  await page.locator('input[name=version]').evaluate((field) => field.setAttribute('value', '0'));
  await page.getByRole('radio').first().check();
  faults.push(...(await judgePressed(page, 'Waive the charge', 409)));

  // Too many wrong codes.
  const headers = { 'sec-fetch-site': 'same-origin' };
  const form = { code: 'ZZZZZZ', who: 'ZZZZZZZZ' };
  for (let tries = 0; tries < 10; tries += 1) await page.request.post('/answer', { form, headers });
  await page.goto('/answer');
  await page.getByLabel(/code/i).first().fill('ZZZZZZ');
  faults.push(...(await judgePressed(page, 'Continue', 429)));

  // The database is away for a moment: nothing is confirmed, and everything goes on when it is back.
  const file = join(__dirname, `../target/e2e-${test.info().project.name}.db`);
  await page.goto('/account/details');
  renameSync(file, `${file}.away`);
  try {
    faults.push(...(await judgePressed(page, 'Save', 503)));
  } finally {
    renameSync(`${file}.away`, file);
  }
  await page.goto('/account/details');
  await page.getByRole('main').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Your account was changed.')).toBeVisible();
  // Chromium logs each 5xx answer to a navigation, as it does each 4xx one.
  expect([...faults, ...complaints.filter((text) => !/status of 503/.test(text))]).toEqual([]);
});

test('a cancelled session and a locked register', async ({ page }) => {
  const complaints = listen(page);
  await be(page, 'Helen Carter');
  await page.goto('/office/sessions?state=cancelled');
  const cancelled = (await firstLink(page, '/office/sessions/', ':not([href$="new"])')).replace('/office', '');
  const faults = [
    ...(await judge(page, cancelled)),
    ...(await judge(page, `/office${cancelled}`)),
    ...(await judge(page, `/training${cancelled}`)),
    ...(await judge(page, `/training${cancelled}/register/1`, 409)),
    ...(await judge(page, '/office/sessions?state=cancelled&sort=course&way=down')),
    ...(await judge(page, '/office/bookings?sort=name&way=down&page=9999999')),
    ...(await judge(page, '/office/courses?sort=topic')),
  ];
  // A year-old register is locked long ago.
  await page.goto('/office/sessions?state=delivered&way=up');
  const oldest = (await firstLink(page, '/office/sessions/', ':not([href$="new"])')).replace('/office', '');
  const register = `/training${oldest}/register/1`;
  faults.push(...(await judge(page, `/training${oldest}`)), ...(await judge(page, register)));
  await expect(page.getByText(/Corrections need a reason/)).toBeVisible();

  // Corrected without a reason, and with minutes that are none.
  await page.setViewportSize({ width: 1280, height: 900 });
  const people = page.getByRole('group').filter({ has: page.getByRole('radio') });
  const person = people.first();
  const isPresent = await person.getByRole('radio', { name: 'Present', exact: true }).isChecked();
  await person.getByRole('radio', { name: isPresent ? 'Did not attend' : 'Present', exact: true }).check();
  faults.push(...(await judgePressed(page, 'Save corrections')));
  await expect(page.getByRole('alert').first()).toContainText('Write why the locked register is corrected');
  await page.goto(register);
  await person.getByRole('radio', { name: 'Late', exact: true }).check();
  const minutes = person.getByLabel(/Minutes late/);
  if (!(await minutes.isVisible())) await person.getByText(/^More/).click();
  await minutes.fill('soon');
  faults.push(...(await judgePressed(page, 'Save corrections')));
  await expect(page.getByRole('alert').first()).toContainText('Minutes late must be a whole number');
  expect([...faults, ...complaints]).toEqual([]);
});

test('forms that were not filled in say what is missing', async ({ page }) => {
  const complaints = listen(page);
  const faults = [...(await judgeEmptied(page, '/sign-in', 'Send me a code')), ...(await judgeEmptied(page, '/answer', 'Continue'))];
  await page.goto('/sign-in');
  await page.getByRole('textbox', { name: /email/i }).fill('nobody@nowhere.example');
  faults.push(...(await judgePressed(page, 'Send me a code', 200)));
  faults.push(...(await judgePressed(page, 'Continue')));
  await be(page, 'Amira Hassan');
  faults.push(...(await judgeEmptied(page, '/account/details', 'Save')));
  faults.push(...(await judgeEmptied(page, '/account/addresses/new', 'Send me a code')));
  faults.push(...(await judgeEmptied(page, '/account/agencies/new', 'Add agency')));
  faults.push(...(await judgeEmptied(page, '/account/training/new', 'Add this training')));
  await page.goto('/bookings');
  const booking = await page.getByRole('main').locator('a[href^="/bookings/"]').first().getAttribute('href');
  faults.push(...(await judgeEmptied(page, `${booking}/colleague`, 'Give my place to this colleague')));
  await be(page, 'Priya Nair');
  await page.goto('/courses/listening-to-children');
  const session = (await page.getByRole('link', { name: /June 2021/ }).first().getAttribute('href')) as string;
  faults.push(...(await judgeEmptied(page, `/agency${session}/list`, 'Check the list')));
  await be(page, 'Helen Carter');
  await page.goto('/office/charges?state=proposed');
  const charge = page.getByRole('main').getByRole('link').and(page.locator('a[href^="/office/charges/"]:not([href$="notify"])'));
  const waive = `${await charge.first().getAttribute('href')}/waive`;
  for (const [address, button] of [
    [waive, 'Waive the charge'],
    [`/office${session}/cancel`, 'Cancel the session and tell everybody'],
    [`/office${session}/reserved`, 'Reserve these places'],
    ['/office/bank-holidays', 'Add this day'],
    ['/office/messages/booking_confirmed', 'Save'],
    ['/office/bookings/new', 'Book'],
    ['/office/courses/new', 'Save and show to everyone'],
    ['/office/sessions/new', 'Save and publish'],
    ['/office/venues/new', 'Save'],
    ['/office/people/new', 'Add person'],
    ['/office/agencies/new', 'Save'],
    ['/office/policy/new', 'Add this version'],
    ['/office/policy/suspensions/new', 'Suspend charging'],
    ['/office/settings', 'Save'],
  ]) {
    faults.push(...(await judgeEmptied(page, address, button)));
  }
  expect([...faults, ...complaints]).toEqual([]);
});
