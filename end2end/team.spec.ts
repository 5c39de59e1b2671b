import { expect, test } from '@playwright/test';
import { judgePressed, judgeShown, listen } from './judge';
import { addSession, askForPlace, be, course, dayOn, fillDay } from './visit';

// Places that the office keeps for an agency, and the agency's training lead who fills them from a list, pasted and
// uploaded; with JavaScript and without. The session is one of its own.

const trust = 'Larkshire Children\'s Health Trust';
const header = 'Name,Email';

test.describe.configure({ timeout: 300_000 });

test('places kept for an agency: its lead fills them from a list, and what is released goes to the waiting list', async ({ page }) => {
  const complaints = listen(page);
  const faults: string[] = [];
  const look = async () => faults.push(...(await judgeShown(page)));
  const main = page.getByRole('main');
  let [session, waiting] = ['', ''];

  await test.step('the office keeps all four places', async () => {
    await be(page, 'Helen Carter');
    session = await addSession(page, course, await dayOn(page, 50), 4);
    await page.goto(`/office${session}`);
    await main.getByRole('link', { name: 'Reserved places' }).click();
    await expect(main).toContainText('Nothing is reserved on this session');
    await look();
    faults.push(...(await judgePressed(page, 'Reserve these places')));
    await page.getByLabel('For one agency').selectOption({ label: trust });
    await page.getByLabel('How many places').fill('4');
    await fillDay(page, /Until the end of which day/, await dayOn(page, 45));
    await main.getByRole('button', { name: 'Reserve these places' }).click();
    await expect(main).toContainText('4 are reserved, 0 are free for everybody');
    await look();
  });

  await test.step('somebody else waits', async () => {
    await be(page, 'Robert Okafor');
    await page.goto(session);
    await expect(main).toContainText(`4 places are reserved for ${trust}`);
    await look();
    waiting = await askForPlace(page, session, 'Join the waiting list', 'You are on the waiting list');
  });

  await test.step('the training lead pastes a list with a mistake in it', async () => {
    await be(page, 'Priya Nair');
    await page.goto(session);
    await expect(main).toContainText('4 places are kept for your organisation');
    await main.getByRole('link', { name: 'Book for your staff' }).click();
    await look();
    await main.getByRole('link', { name: /list/ }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Book a list of staff');
    await look();
    faults.push(...(await judgePressed(page, 'Check the list')));
    const lines = ['Pat Lowe, pat.lowe@larkshire-health.example', 'Sam Hill, no address at all', 'Kim Ward; kim.ward@larkshire-health.example'];
    await page.getByLabel('Your staff, one person per line').fill(lines.join('\n'));
    faults.push(...(await judgePressed(page, 'Check the list', 200)));
    await expect(main).toContainText('2 can be booked, 1 are left out. Nothing is booked yet.');
    await expect(page.getByRole('row').filter({ hasText: 'Sam Hill' })).toContainText('Refused');
    await expect(page.getByRole('row').filter({ hasText: 'Kim Ward' })).toContainText('Will be booked');
    // Looked at again, the list is as it was typed.
    await main.getByRole('button', { name: 'Change the list' }).click();
    await expect(page.getByLabel('Your staff, one person per line')).toHaveValue(new RegExp('no address at all'));
    await main.getByRole('button', { name: 'Check the list' }).click();
    faults.push(...(await judgePressed(page, 'Book these 2 people', 200)));
    await expect(page.getByRole('heading', { level: 1 })).toContainText('The list is booked');
    await expect(main).toContainText('2 people, and we have written to each of them. 1 were left out.');
  });

  await test.step('and uploads a file', async () => {
    await page.goto(`/agency${session}/list`);
    const upload = async (text: string) => {
      const file = { name: 'staff.csv', mimeType: 'text/csv', buffer: Buffer.from(text) };
      await page.getByLabel('The file').setInputFiles(file);
    };
    faults.push(...(await judgePressed(page, 'Upload and check')));
    await upload([header, 'Lee Marsh,lee.marsh@larkshire-health.example', 'Pat Lowe,pat.lowe@larkshire-health.example'].join('\r\n'));
    faults.push(...(await judgePressed(page, 'Upload and check', 200)));
    await expect(page.getByRole('row').filter({ hasText: 'Lee Marsh' })).toContainText('Will be booked');
    await expect(page.getByRole('row').filter({ hasText: 'Pat Lowe' })).toContainText('They already have a place on this session');
    await main.getByRole('button', { name: 'Book this person' }).click();
    await expect(main).toContainText('1 were left out');
    await main.getByRole('link', { name: 'Your staff’s bookings on this session' }).click();
    for (const name of ['Pat Lowe', 'Kim Ward', 'Lee Marsh']) await expect(main).toContainText(name);
    await look();
  });

  await test.step('the office releases what is left, and it is offered to who waits', async () => {
    await be(page, 'Helen Carter');
    await page.goto(`/office${session}/reserved`);
    const row = page.getByRole('row').filter({ hasText: trust });
    await row.getByText('Release now…').click();
    await expect(row).toContainText('What is left goes to the waiting list and then to everybody');
    await look();
    await row.getByRole('button', { name: /Release now/ }).click();
    await expect(main).toContainText('Released at');
    await look();
    await be(page, 'Robert Okafor');
    await page.goto(waiting);
    await expect(main).toContainText('A place is held for you until');
    await main.getByRole('button', { name: 'Accept the place' }).click();
    await expect(page.getByText('The place is yours.')).toBeVisible();
    await look();
  });
  expect([...faults, ...complaints]).toEqual([]);
});
