import { expect, test, type Page } from '@playwright/test';
import { judge, judgePressed, judgeShown, listen } from './judge';
import {
  addSession, askForPlace, be, checkAnswers, course, dayOn, follow, heading, linkInMail, longDay, moveClock, press, says,
} from './visit';

// Places that are given back, waited for, offered, handed on and moved, by the people who do it; with JavaScript and
// without. Every session here is one of its own, and the file comes after the others: it moves the clock further on.

/** Opens a mailed link as somebody who is not signed in. */
async function openSignedOut(page: Page, link: string) {
  await page.context().clearCookies();
  await page.goto(link);
  await expect(page.getByRole('link', { name: /Your account$/ })).toHaveCount(0);
}

test.describe.configure({ timeout: 300_000 });

test('a full session: wait, be offered the place, decline it, leave, accept it by the mailed link', async ({ page }) => {
  const complaints = listen(page);
  const faults: string[] = [];
  const look = async () => faults.push(...(await judgeShown(page)));
  const places: Record<string, string> = {};
  let session = '';

  await test.step('one place, and three who wait', async () => {
    await be(page, 'Helen Carter');
    session = await addSession(page, course, await dayOn(page, 20), 1);
    await be(page, 'Amira Hassan');
    places.amira = await askForPlace(page, session, 'Book this place', 'Place booked');
    await look();
    await be(page, 'Robert Okafor');
    await page.goto(session);
    await says(page, 'This session is full');
    await look();
    await page.getByRole('link', { name: 'Join the waiting list' }).click();
    await says(page, 'You would be number 1 on the waiting list');
    await look();
    places.robert = await askForPlace(page, session, 'Join the waiting list', 'You are on the waiting list');
    await says(page, 'You are number 1');
    await look();
    await be(page, 'Tom Ashworth');
    places.tom = await askForPlace(page, session, 'Join the waiting list', 'You are on the waiting list');
    await be(page, 'Grace Mensah');
    places.grace = await askForPlace(page, session, 'Join the waiting list', 'You are on the waiting list');
    await says(page, 'You are number 3');
  });

  await test.step('Grace leaves the list', async () => {
    await follow(page, 'Leave the waiting list');
    await expect(heading(page)).toContainText('Leave the waiting list?');
    await says(page, 'You lose your position');
    await look();
    await press(page, 'Leave the waiting list');
    await expect(page.getByText('You have left the waiting list.')).toBeVisible();
    await says(page, 'Left the waiting list. Nothing is charged.');
    await look();
  });

  await test.step('Amira cancels in time, and is told so', async () => {
    await be(page, 'Amira Hassan');
    await page.goto(places.amira);
    await says(page, /You can cancel free of charge until .* If you do not come, .*charged £50/);
    await follow(page, 'Cancel this place');
    await says(page, /You are in time: you can cancel free of charge until .*Nothing is charged\./);
    await look();
    await press(page, 'Cancel this place');
    await expect(page.getByText('Your place is cancelled. Nothing is charged.')).toBeVisible();
    await says(page, 'Cancelled in time');
    await look();
  });

  await test.step('Robert declines the place that is held for him', async () => {
    await be(page, 'Robert Okafor');
    await page.goto('/bookings');
    await says(page, 'Place offered');
    await look();
    await page.goto(places.robert);
    await says(page, 'A place is held for you until');
    await look();
    await follow(page, 'Decline the place');
    await expect(heading(page)).toContainText('Decline the place?');
    await look();
    await press(page, 'Decline the place');
    await expect(page.getByText('You have declined the place.')).toBeVisible();
    await says(page, 'Offer declined. Nothing is charged.');
  });

  await test.step('Tom accepts by the link in the mail, without signing in, and gives the place back', async () => {
    await be(page, 'Tom Ashworth');
    const link = await linkInMail(page, /^A place is free/);
    await openSignedOut(page, link);
    await says(page, 'A place is held for you');
    await look();
    await press(page, 'Accept the place');
    await expect(page.getByText('The place is yours.')).toBeVisible();
    await says(page, 'Cancel your place?');
    await look();
    faults.push(...(await judgePressed(page, 'Give my place to this colleague')));
    await says(page, 'Enter your colleague’s name');
    await press(page, 'Cancel this place');
    await says(page, 'Cancelled in time. Nothing is charged.');
    await says(page, 'can ask for a place again: see the session');
    await look();
    // The link once more, from the mail: it says what is true.
    await page.goto(link);
    await says(page, 'This booking has ended');
    expect((await page.goto(`${link}0`))?.status()).toBe(404);
  });
  expect([...faults, ...complaints]).toEqual([]);
});

test('a place: moved to another date, handed to a colleague, changed while booking, cancelled late', async ({ page, browser }) => {
  const complaints = listen(page);
  const faults: string[] = [];
  const look = async () => faults.push(...(await judgeShown(page)));
  let [first, other, soon] = ['', '', ''];
  let otherDay = new Date();

  await test.step('Amira moves to another date', async () => {
    await be(page, 'Helen Carter');
    first = await addSession(page, course, await dayOn(page, 40), 2);
    otherDay = await dayOn(page, 41);
    other = await addSession(page, course, otherDay, 2);
    soon = await addSession(page, course, await dayOn(page, 6), 2);
    await be(page, 'Amira Hassan');
    await askForPlace(page, first, 'Book this place', 'Place booked');
    await follow(page, 'Move to another date');
    await expect(heading(page)).toContainText('Move to another date');
    await look();
    faults.push(...(await judgePressed(page, 'Move to this date')));
    await says(page, 'Select the date that suits you');
    await page.getByRole('radio', { name: longDay(otherDay) }).check();
    faults.push(...(await judgePressed(page, 'Move to this date')));
    await says(page, 'Tick the box to say that you accept the cancellation rule');
    await expect(page.getByRole('radio', { name: longDay(otherDay) })).toBeChecked();
    await page.getByLabel('I have read the cancellation rule of the new date and accept it').check();
    await press(page, 'Move to this date');
    await expect(page.getByText('You have moved to this date.')).toBeVisible();
    await says(page, longDay(otherDay));
    await look();
  });

  await test.step('and sends a colleague instead', async () => {
    await follow(page, 'Send a colleague instead');
    await look();
    faults.push(...(await judgePressed(page, 'Give my place to this colleague')));
    await page.getByLabel('Your colleague’s full name').fill('Nora Quinn');
    await page.getByLabel('Your colleague’s email address').fill('nora.quinn@larkshire-health.example');
    await press(page, 'Give my place to this colleague');
    await expect(page.getByText('Your colleague has the place now, and we have told them.')).toBeVisible();
    await says(page, 'A colleague has the place');
    await look();
  });

  await test.step('a form from before the session changed books nothing', async () => {
    await be(page, 'Robert Okafor');
    await checkAnswers(page, other);
    const office = await (await browser.newContext()).newPage();
    await be(office, 'Helen Carter');
    await office.goto(`/office${other}/edit`);
    await office.getByLabel('Start', { exact: true }).fill('10:30am');
    await office.getByRole('button', { name: 'Save changes' }).click();
    await expect(office.getByRole('heading', { level: 1 })).toContainText(course);
    await office.context().close();
    faults.push(...(await judgePressed(page, 'Book this place')));
    await says(page, 'This session was changed while you were looking at it');
    await says(page, '10:30am');
    await page.getByLabel('I have read this and accept it').check();
    await press(page, 'Book this place');
    await expect(heading(page)).toContainText('Place booked');
  });

  await test.step('a late cancellation says what it costs before it is one', async () => {
    const place = await askForPlace(page, soon, 'Book this place', 'Place booked');
    const link = await linkInMail(page, /^Booked: /);
    await page.goto(place);
    await follow(page, 'Cancel this place');
    await says(page, 'You are in time');
    const window = await (await browser.newContext()).newPage();
    await be(window, 'Helen Carter');
    for (let days = 0; days < 2; days += 1) await moveClock(window, 'One day on', /\d/);
    await window.context().close();
    // The page that said "in time" does not cancel late.
    faults.push(...(await judgePressed(page, 'Cancel this place')));
    await says(page, 'This booking has changed since you opened the page');
    await says(page, /This is a late cancellation: the time to cancel free of charge ended at .*charged £50/);
    await page.goto(place);
    await says(page, /The time to cancel free of charge ended at .* A colleague can still come instead, free of charge\./);
    await look();
    await page.goto(link);
    await says(page, 'This is a late cancellation');
    await look();
    await page.goto(`${place}/cancel`);
    await look();
    await press(page, 'Cancel this place');
    await expect(page.getByText('Your place is cancelled. A charge may follow.')).toBeVisible();
    await says(page, 'so a charge may follow');
    await look();
  });
  expect([...faults, ...complaints]).toEqual([]);
});

test('a session starts without a place for whoever waits: the list ends, and old links say so', async ({ page }) => {
  const complaints = listen(page);
  const faults: string[] = [];
  const look = async () => faults.push(...(await judgeShown(page)));
  await be(page, 'Helen Carter');
  const [day, weekLater] = [await dayOn(page, 12), await dayOn(page, 21)];
  const session = await addSession(page, course, day, 1);
  await be(page, 'Amira Hassan');
  await askForPlace(page, session, 'Book this place', 'Place booked');
  await be(page, 'Robert Okafor');
  const waiting = await askForPlace(page, session, 'Join the waiting list', 'You are on the waiting list');
  const link = await linkInMail(page, /^Waiting list: /);
  await be(page, 'Amira Hassan');
  await moveClock(page, 'To the start of my next session', new RegExp(longDay(day)));

  await be(page, 'Robert Okafor');
  await page.goto(waiting);
  await says(page, 'The session started before a place came free for you. Nothing is charged.');
  await look();
  await page.goto('/bookings');
  await expect(page.getByRole('table', { name: 'Past and cancelled bookings' })).toContainText('No place came free');
  await look();
  await linkInMail(page, /^No place came free: /, /\/courses\//);
  await look();
  await openSignedOut(page, link);
  await says(page, 'The session started before a place came free for you');
  await look();
  await follow(page, 'See the other dates of this course');
  await expect(heading(page)).toContainText(course);

  await moveClock(page, 'One day on', new RegExp(longDay(weekLater)));
  faults.push(...(await judge(page, new URL(link).pathname, 409)));
  await says(page, 'This link has ended, because the session is over. Sign in to see your bookings.');
  expect([...faults, ...complaints]).toEqual([]);
});
