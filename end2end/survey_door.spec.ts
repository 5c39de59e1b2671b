import { expect, test, type Page } from '@playwright/test';
import { judgePressed, judgeShown, listen } from './judge';
import { addSession, be, course, dayOn, follow, heading, longDay, moveClock, press, says } from './visit';

// Whoever has no mail from the board answers after the session by the code that the trainer shows in the room; with
// JavaScript and without. The session is one of its own, and the file comes after the story: it moves the clock on.

/** The code as the trainer's page shows it to the room. */
const codeShown = (page: Page) => page.locator('.room-code__code');

test('somebody at the door answers by the code in the room', async ({ page }) => {
  const complaints = listen(page);
  const faults: string[] = [];
  const look = async () => faults.push(...(await judgeShown(page)));
  let [session, held, code, reference] = ['', '', '', ''];

  await test.step('the office asks somebody to train a session, who says yes', async () => {
    await be(page, 'Helen Carter');
    const day = await dayOn(page, 2);
    held = longDay(day);
    session = await addSession(page, course, day, 5);
    await page.goto(`/office${session}/edit`);
    await page.getByText('Trainers', { exact: true }).click();
    await page.getByLabel('Grace Mensah').first().check();
    await press(page, 'Save changes');
    await be(page, 'Grace Mensah');
    await page.goto('/training');
    await press(page, new RegExp(`^Yes, I can .*${held}$`));
  });

  await test.step('at its end the trainer adds somebody who walked in, and shows the code', async () => {
    await moveClock(page, 'To the end of my next session', new RegExp(held));
    await page.goto(`/training${session}`);
    await press(page, 'Make the code');
    await expect(codeShown(page)).toHaveText(/^[A-Z0-9]{6}$/);
    await expect(page.getByRole('img', { name: 'QR code of the address' })).toBeVisible();
    await says(page, 'Enter it at');
    await look();
    code = await codeShown(page).innerText();
    await page.goto(`/training${session}/register/1/walk-in`);
    await page.getByLabel('Find them by name or email address').fill('Robert Okafor');
    await press(page, 'Search');
    await look();
    await page.getByRole('main').getByRole('button', { name: /^Add Robert Okafor/ }).first().click();
    await expect(heading(page)).toContainText('Register');
    await page.goto(`/training${session}`);
    await says(page, 'Robert Okafor (walked in)');
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
