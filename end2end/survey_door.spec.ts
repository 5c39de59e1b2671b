import { expect, test, type Page } from '@playwright/test';
import { judgePressed, judgeShown, listen } from './judge';
import { be, clock, course, follow, heading, moveClock, press, says } from './visit';

// Whoever has no mail from the board answers after the session by the code that the trainer shows in the room; with
// JavaScript and without. It goes on in the session at whose end the story has arrived.

const day = /31 March 2021/;

/** The code as the trainer's page shows it to the room. */
const codeShown = (page: Page) => page.locator('.room-code__code');

test('somebody at the door answers by the code in the room', async ({ page }) => {
  const complaints = listen(page);
  const faults: string[] = [];
  const look = async () => faults.push(...(await judgeShown(page)));
  let [code, reference] = ['', ''];

  await test.step('the trainer adds somebody who walked in, and shows the code', async () => {
    await be(page, 'Grace Mensah');
    if (!day.test(await clock(page).innerText())) await moveClock(page, 'To the end of my next session', day);
    await page.goto('/training');
    // Sessions that are still to come stand before it.
    const held = page.getByRole('main').locator('li, tr').filter({ hasText: day }).getByRole('link', { name: course });
    await held.first().click();
    await says(page, day);
    const session = new URL(page.url()).pathname;
    await page.goto(`${session}/register/1/walk-in`);
    await page.getByLabel('Find them by name or email address').fill('Robert Okafor');
    await press(page, 'Search');
    await look();
    await page.getByRole('main').getByRole('button', { name: /^Add Robert Okafor/ }).first().click();
    await expect(heading(page)).toContainText('Register');
    await page.goto(session);
    await says(page, 'Robert Okafor (walked in)');
    // Whoever has saved the register has made it.
    const make = page.getByRole('main').getByRole('button', { name: 'Make the code' });
    if (await make.isVisible()) await make.click();
    await expect(codeShown(page)).toHaveText(/^[A-Z0-9]{6}$/);
    await expect(page.getByRole('img', { name: 'QR code of the address' })).toBeVisible();
    await says(page, 'Enter it at');
    await look();
    code = await codeShown(page).innerText();
  });

  await test.step('who walked in knows the reference', async () => {
    await be(page, 'Robert Okafor');
    await page.goto('/bookings');
    const booking = page.getByRole('main').locator('a[href^="/bookings/"]').filter({ hasText: course }).first();
    reference = ((await booking.getAttribute('href')) as string).split('/').pop() as string;
  });

  await test.step('a phone that nobody is signed in on: a wrong code and no reference lead nowhere', async () => {
    await page.context().clearCookies();
    await page.goto('/');
    await follow(page, 'Enter the code that your trainer shows');
    await expect(heading(page)).toHaveText('Answer after the session');
    await look();
    faults.push(...(await judgePressed(page, 'Continue')));
    await page.getByLabel('Code').fill(code);
    await page.getByLabel('Your booking reference or email address').fill('ZZZZZZZZ');
    faults.push(...(await judgePressed(page, 'Continue')));
    await says(page, 'We cannot find a place with this code and reference');
    await expect(page.getByLabel('Code')).toHaveValue(code);
  });

  await test.step('the code and the reference lead to the questions, once', async () => {
    // As people type them from a screen in front of them.
    await page.getByLabel('Code').fill(code.toLowerCase());
    await page.getByLabel('Your booking reference or email address').fill(reference);
    await press(page, 'Continue');
    await expect(heading(page)).toContainText('After the session');
    await look();
    const statements = page.getByRole('group').filter({ has: page.getByRole('radio') });
    for (const statement of await statements.all()) await statement.getByRole('radio').nth(3).check();
    await press(page, 'Finish');
    await expect(heading(page)).toHaveText('Thank you');
    await look();
    await page.goto('/answer');
    await page.getByLabel('Code').fill(code);
    await page.getByLabel('Your booking reference or email address').fill(reference);
    await press(page, 'Continue');
    await expect(page.getByRole('radio')).toHaveCount(0);
  });
  expect([...faults, ...complaints]).toEqual([]);
});
