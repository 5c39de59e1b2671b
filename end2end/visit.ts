import { expect, type Locator, type Page } from '@playwright/test';

/** The course that sessions of the tests' own are made of. */
export const course = 'Listening to children: a first course';

/** The page's heading. */
export const heading = (page: Page) => page.getByRole('heading', { level: 1 });

/** The page's main part says this. */
export const says = (page: Page, words: string | RegExp) => expect(page.getByRole('main')).toContainText(words);

/** Presses the first button of the page's main part with this name. */
export const press = (page: Page, button: string | RegExp) =>
  page.getByRole('main').getByRole('button', { name: button, exact: true }).first().click();

/** Follows the first link of the page's main part with this name. */
export const follow = (page: Page, link: string | RegExp) =>
  page.getByRole('main').getByRole('link', { name: link, exact: true }).first().click();

/** Steps into one of the ready-made people. */
export async function be(page: Page, name: string) {
  await page.goto('/demo/people');
  await page.getByRole('button', { name: `Be this person ${name}` }).click();
  await expect(page.getByRole('link', { name: /Your account$/ })).toContainText(name);
}

/** What the demonstration's clock says. */
export function clock(page: Page): Locator {
  return page.getByRole('complementary', { name: 'Demonstration' }).getByText(/\d{4}/);
}

/** Moves the demonstration's clock until it shows this moment: somebody may have other sessions first. */
export async function moveClock(page: Page, button: string, moment: RegExp) {
  const bar = page.getByRole('complementary', { name: 'Demonstration' });
  for (let moves = 0; moves < 12; moves += 1) {
    await bar.getByText('Move the clock').click();
    await bar.getByRole('button', { name: button }).click();
    await expect(page.getByText('The clock has moved on.')).toBeVisible();
    if (moment.test(await clock(page).innerText())) return;
  }
  throw new Error(`The clock never came to ${moment}: ${await clock(page).innerText()}`);
}

/** Books a place on one date of a course, and stays on the confirmation. */
export async function bookPlace(page: Page, course: string, date: RegExp) {
  await page.goto(course);
  await page.getByRole('main').getByRole('link', { name: date }).first().click();
  await page.getByRole('link', { name: 'Book a place' }).click();
  await page.getByRole('link', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('I have read this and accept it').check();
  await page.getByRole('button', { name: 'Book this place' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Place booked');
}

/** The day that the demonstration's clock shows, so many days on. */
export async function dayOn(page: Page, days: number): Promise<Date> {
  const [, day, month, year] = (await clock(page).innerText()).match(/(\d{1,2}) (\p{L}+) (\d{4})/u) ?? [];
  const today = new Date(`${day} ${month} ${year} 00:00 UTC`);
  return new Date(today.getTime() + days * 24 * 60 * 60 * 1000);
}

/** "31 March 2021". */
export function longDay(day: Date): string {
  return day.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
}

/** Fills in the day, month and year of the group with this name. */
export async function fillDay(page: Page, group: RegExp, day: Date) {
  const fields = page.getByRole('group', { name: group });
  await fields.getByLabel('Day').fill(String(day.getUTCDate()));
  await fields.getByLabel('Month').fill(String(day.getUTCMonth() + 1));
  await fields.getByLabel('Year').fill(String(day.getUTCFullYear()));
}

/** Publishes an online session of two hours, as somebody of the office. Returns its address. */
export async function addSession(page: Page, course: string, day: Date, places: number): Promise<string> {
  await page.goto('/office/sessions/new');
  await page.getByLabel('Course', { exact: true }).selectOption({ label: course });
  await fillDay(page, /^Date$/, day);
  await page.getByLabel('Start', { exact: true }).fill('10am');
  await page.getByLabel('End', { exact: true }).fill('12pm');
  await page.getByRole('radio', { name: 'Online, by video call' }).check();
  await page.getByLabel('Link (online)').fill('https://meet.larkshire.example/a-room');
  await page.getByLabel('Places', { exact: true }).fill(String(places));
  await page.getByRole('button', { name: 'Save and publish' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(course);
  return new URL(page.url()).pathname.replace('/office', '');
}

/** Goes through the screens of a session up to the one that asks to accept the rule. */
export async function checkAnswers(page: Page, session: string) {
  await page.goto(`${session}/book`);
  await page.getByRole('link', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('I have read this and accept it').check();
}

/** Asks for a place, or for one on the waiting list, and stays on the confirmation. Returns the booking's address. */
export async function askForPlace(page: Page, session: string, button: string, panel: string): Promise<string> {
  await checkAnswers(page, session);
  await page.getByRole('button', { name: button }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(panel);
  return new URL(page.url()).pathname;
}

/** Opens the newest mail with this subject to whoever is signed in. */
export async function openMail(page: Page, subject: RegExp) {
  // The outbox is looked at every few seconds.
  await expect(async () => {
    await page.goto('/demo/mailbox');
    await page.getByRole('link', { name: subject }).first().click({ timeout: 1_000 });
  }).toPass();
}

/** Opens the newest mail with this subject to whoever is signed in, and returns a link in it. */
export async function linkInMail(page: Page, subject: RegExp, address = /\/bookings\/link\//): Promise<string> {
  await openMail(page, subject);
  return (await page.getByRole('link', { name: address }).getAttribute('href')) as string;
}
