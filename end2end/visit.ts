import { expect, type Locator, type Page } from '@playwright/test';

/** Steps into one of the ready-made people. */
export async function be(page: Page, name: string) {
  await page.goto('/demo/people');
  await page.getByRole('button', { name: `Be this person ${name}` }).click();
  await expect(page.getByRole('link', { name: `${name}: Your account` })).toBeVisible();
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

/** Chooses a radio button or ticks a box by its label. */
export async function choose(within: Page | Locator, label: string | RegExp) {
  await within.getByLabel(label).check();
}
