import { expect, type Locator, type Page } from '@playwright/test';

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
