import { expect, test, type Page } from '@playwright/test';
import { judge, judgePressed, judgeShown, listen } from './judge';
import { addSession, askForPlace, be, course, dayOn, follow, heading, linkInMail, longDay, openMail, press, says } from './visit';

// What others decide about people's places, and how they are told: a training lead who approves and declines and books
// for one of their staff, the office that moves somebody to the end of a waiting list, and a session that is called off;
// with JavaScript and without. Every session here is one of its own, and the trust's rule is put back at the end.

const trust = 'Larkshire Children\'s Health Trust';

/** The office says whether the trust's training lead approves every booking of its staff. */
async function trustApproves(page: Page, asks: boolean) {
  await be(page, 'Helen Carter');
  await page.goto('/office/agencies/1/edit');
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue(trust);
  await page.getByLabel('Its training lead approves every booking').setChecked(asks);
  await press(page, 'Save');
  await expect(heading(page)).toContainText(trust);
}

test.describe.configure({ timeout: 300_000 });

test('a training lead approves one request, declines another, and books for one of the staff', async ({ page }) => {
  const complaints = listen(page);
  const faults: string[] = [];
  const look = async () => faults.push(...(await judgeShown(page)));
  const places: Record<string, string> = {};
  let session = '';

  await test.step('the trust wants to approve, and two of its staff ask', async () => {
    await trustApproves(page, true);
    session = await addSession(page, course, await dayOn(page, 60), 5);
    await be(page, 'Amira Hassan');
    await page.goto(`${session}/book`);
    await says(page, 'A place here needs approval');
    await look();
    places.amira = await askForPlace(page, session, 'Book this place', 'Waiting for approval');
    await says(page, 'Your request waits for approval until');
    await look();
    await be(page, 'Tom Ashworth');
    places.tom = await askForPlace(page, session, 'Book this place', 'Waiting for approval');
  });

  await test.step('the lead is asked by mail and approves one', async () => {
    await be(page, 'Priya Nair');
    await openMail(page, /^Please approve: Amira Hassan/);
    await page.goto('/agency/bookings');
    await follow(page, /bookings? waits? for approval$/);
    const row = page.getByRole('row').filter({ hasText: 'Amira Hassan' });
    await expect(row).toContainText('Waiting for approval');
    await look();
    await row.getByRole('link').first().click();
    await says(page, 'It waits for your approval until');
    await look();
    await press(page, /^Approve/);
    await expect(page.getByText('Approved. We have told the person.')).toBeVisible();
    await says(page, 'They have the place, and we have written to them.');
    await look();
  });

  await test.step('and declines the other, after being asked', async () => {
    await page.goto(`/agency${places.tom}`);
    await page.getByRole('main').getByText(/^Decline/).first().click();
    await says(page, 'Their request ends, the place is free again, and we tell them.');
    await look();
    await page.getByRole('main').getByRole('button', { name: /^Decline/ }).last().click();
    await says(page, 'Not approved');
    await look();
  });

  await test.step('both are told', async () => {
    await be(page, 'Amira Hassan');
    await linkInMail(page, /^Booked: /);
    await look();
    await page.goto(places.amira);
    await says(page, 'You can cancel free of charge until');
    await be(page, 'Tom Ashworth');
    await openMail(page, /^Your request was not approved/);
    await page.goto(places.tom);
    await says(page, 'Not approved');
    await look();
  });

  await test.step('the lead books for one of the staff, and for somebody new', async () => {
    await be(page, 'Priya Nair');
    await page.goto(session);
    await follow(page, 'Book for your staff');
    await look();
    faults.push(...(await judgePressed(page, 'Book for them')));
    await says(page, 'Select who it is');
    // The trust has more staff than one list shows: their name is looked for.
    await page.getByLabel('Part of their name').fill('Daniel Webb');
    await press(page, 'Search');
    await says(page, /\d+ found\./);
    await page.getByRole('radio', { name: 'Daniel Webb' }).first().check();
    await look();
    await press(page, 'Book for them');
    await expect(page.getByText('Booked. We have told the person.')).toBeVisible();
    await says(page, 'Daniel Webb');
    await says(page, 'They have the place, and we have written to them.');
    await look();
    await page.goto(`/agency${session}/book`);
    await page.getByRole('radio', { name: 'Somebody who is not in this list' }).check();
    await page.getByLabel('Their full name').fill('Nora Quill');
    await page.getByLabel('Their email address').fill('nora.quill at work');
    faults.push(...(await judgePressed(page, 'Book for them')));
    await expect(page.getByLabel('Their full name')).toHaveValue('Nora Quill');
    await page.getByLabel('Their email address').fill('nora.quill@larkshire-health.example');
    await press(page, 'Book for them');
    await expect(page.getByText('Booked. We have told the person.')).toBeVisible();
    await says(page, 'Nora Quill');
  });

  await trustApproves(page, false);
  expect([...faults, ...complaints]).toEqual([]);
});

test('the office moves somebody to the end of a waiting list, with a reason that they read', async ({ page }) => {
  const complaints = listen(page);
  const faults: string[] = [];
  const look = async () => faults.push(...(await judgeShown(page)));
  const places: Record<string, string> = {};
  const reason = 'A place was promised to the family centre first';

  await be(page, 'Helen Carter');
  const session = await addSession(page, course, await dayOn(page, 61), 1);
  await be(page, 'Amira Hassan');
  places.amira = await askForPlace(page, session, 'Book this place', 'Place booked');
  for (const name of ['Robert Okafor', 'Grace Mensah']) {
    await be(page, name);
    places[name] = await askForPlace(page, session, 'Join the waiting list', 'You are on the waiting list');
  }

  await test.step('nobody is moved without a reason', async () => {
    await be(page, 'Helen Carter');
    await page.goto(places['Robert Okafor']);
    await look();
    await follow(page, 'Move to the end of the list');
    await says(page, 'Nobody is skipped without a reason. They read it, and it is kept with your name.');
    await look();
    faults.push(...(await judgePressed(page, 'Move to the end of the list')));
    await page.getByLabel('Why are they skipped?').fill(reason);
    await press(page, 'Move to the end of the list');
    await expect(page.getByText('They are at the end of the waiting list now, and we have told them why.')).toBeVisible();
    await says(page, `Moved from number 1 to number 2 of the waiting list: ${reason} (Helen Carter)`);
    await look();
  });

  await test.step('he reads why, and the next place goes to Grace', async () => {
    await be(page, 'Robert Okafor');
    await openMail(page, /^Your position on the waiting list has changed/);
    await says(page, reason);
    await look();
    await page.goto(places['Robert Okafor']);
    await says(page, 'You are number 2');
    await expect(page.getByRole('main')).not.toContainText('What happened');
    await be(page, 'Amira Hassan');
    await page.goto(`${places.amira}/cancel`);
    await press(page, 'Cancel this place');
    await be(page, 'Grace Mensah');
    await page.goto(places['Grace Mensah']);
    await says(page, 'A place is held for you until');
    await be(page, 'Robert Okafor');
    await page.goto(places['Robert Okafor']);
    await says(page, 'You are number 1');
  });

  await test.step('whoever has a place, or none any more, is not skipped', async () => {
    await be(page, 'Helen Carter');
    faults.push(...(await judge(page, `/office${places.amira}/skip`, 409)));
  });
  expect([...faults, ...complaints]).toEqual([]);
});

test('the office calls a session off: everybody reads why, and finds another date', async ({ page }) => {
  const complaints = listen(page);
  const faults: string[] = [];
  const look = async () => faults.push(...(await judgeShown(page)));
  const places: Record<string, string> = {};
  const reason = 'The trainer is ill';

  await be(page, 'Helen Carter');
  const session = await addSession(page, course, await dayOn(page, 62), 1);
  const otherDay = await dayOn(page, 63);
  await addSession(page, course, otherDay, 5);
  await be(page, 'Amira Hassan');
  places.amira = await askForPlace(page, session, 'Book this place', 'Place booked');
  await be(page, 'Robert Okafor');
  places.robert = await askForPlace(page, session, 'Join the waiting list', 'You are on the waiting list');

  await test.step('the office says why, and sees whom it tells', async () => {
    await be(page, 'Helen Carter');
    await page.goto(`/office${session}`);
    await follow(page, 'Cancel this session');
    await says(page, '1 person with a place');
    await says(page, '1 person on the waiting list');
    await look();
    faults.push(...(await judgePressed(page, 'Cancel the session and tell everybody')));
    await says(page, 'Enter a reason: everybody who is told reads it');
    await page.getByLabel('Reason').fill(reason);
    await press(page, 'Cancel the session and tell everybody');
    await expect(page.getByText('The session is cancelled, and everybody is told by e-mail.')).toBeVisible();
    await says(page, `2 bookings ended. The reason: ${reason}`);
    await look();
    faults.push(...(await judge(page, `/office${session}/cancel`, 409)));
  });

  await test.step('whoever waited reads it', async () => {
    await be(page, 'Robert Okafor');
    await openMail(page, /^Session cancelled: /);
    await says(page, reason);
    await look();
    await page.goto(places.robert);
    await says(page, `We had to cancel this session. Nothing is charged. ${reason}`);
    await look();
    await page.goto('/bookings');
    await expect(page.getByRole('table', { name: 'Past and cancelled bookings' })).toContainText('Session cancelled');
    await look();
  });

  await test.step('whoever had the place chooses another date', async () => {
    await be(page, 'Amira Hassan');
    const dates = await linkInMail(page, /^Session cancelled: /, /\/courses\//);
    await says(page, reason);
    await page.goto(places.amira);
    await says(page, `We had to cancel this session. Nothing is charged. ${reason}`);
    await look();
    await page.goto(session);
    await says(page, /cancelled/i);
    await look();
    await page.goto(dates);
    await expect(heading(page)).toContainText(course);
    await page.getByRole('main').getByRole('link', { name: longDay(otherDay) }).first().click();
    const other = new URL(page.url()).pathname;
    expect(other).not.toBe(session);
    await askForPlace(page, other, 'Book this place', 'Place booked');
    await says(page, longDay(otherDay));
  });
  expect([...faults, ...complaints]).toEqual([]);
});
