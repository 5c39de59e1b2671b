import { expect, test } from '@playwright/test';
import { join } from 'node:path';
import { be, moveClock } from './visit';

// The README's pictures, made by `make pictures`.

const folder = join(__dirname, 'pictures');

test('the board’s page', async ({ page }) => {
  await be(page, 'Robert Okafor');
  await page.goto('/board');
  await page.screenshot({ path: join(folder, 'board.png'), clip: { x: 0, y: 0, width: 1280, height: 900 }, fullPage: true });
});

test('the register on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await be(page, 'Grace Mensah');
  await moveClock(page, 'To the start of my next session', /31 March 2021/);
  await page.goto('/training');
  await page.getByRole('link', { name: 'Listening to children: a first course' }).first().click();
  await page.getByRole('link', { name: 'Open the register' }).click();
  const people = page.getByRole('group').filter({ has: page.getByRole('radio') });
  for (const [at, mark] of [[0, 'Did not attend'], [1, 'Present'], [2, 'Present']] as const) {
    await people.nth(at).getByRole('radio', { name: mark, exact: true }).check();
  }
  await expect(people.nth(2).getByRole('radio', { name: 'Present', exact: true })).toBeChecked();
  // Marking has scrolled the page, and the counter stays in sight above what is scrolled.
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.screenshot({ path: join(folder, 'register.png'), clip: { x: 0, y: 0, width: 390, height: 1100 }, fullPage: true });
});
