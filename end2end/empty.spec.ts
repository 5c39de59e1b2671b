import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge, judgeEmptied, listen } from './judge';

// A board that nobody has set up yet: its first run, and every list while it is empty.

/** The one-time code, as the program prints it in its terminal. */
const code = () => {
  const said = readFileSync(join(__dirname, '../target/e2e-empty.log'), 'utf8');
  return said.match(/one-time code (\w+)/)?.[1] ?? '';
};

test('an empty board is set up, and each of its pages says what to do', async ({ page }) => {
  const complaints = listen(page);
  const faults = [
    ...(await judge(page, '/')),
    ...(await judge(page, '/courses')),
    ...(await judge(page, '/demo/people', 404)),
    ...(await judge(page, '/first-run')),
    ...(await judgeEmptied(page, '/first-run', 'Set up and sign in')),
  ];
  await page.getByLabel('One-time code').fill(code());
  await page.getByLabel('Name of the board').fill('Exampleshire Safeguarding Children Board');
  await page.getByLabel('Name of the service').fill('Exampleshire training');
  await page.getByLabel('Contact email address').fill('training@exampleshire.example');
  await page.getByLabel('Full name').fill('Olive Office');
  await page.getByLabel('Email address', { exact: true }).fill('olive@exampleshire.example');
  for (const [label, value] of [
    ['Charge for a place that was not used', '50'],
    ['Notice for cancelling free of charge', '6'],
    ['Nobody is let in any more after', '20'],
    ['Time to explain what happened', '10'],
    ['A charge lapses unless people are told of it within', '20'],
  ]) {
    await page.getByLabel(label).fill(value);
  }
  await page.getByRole('button', { name: 'Set up and sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Create your first course' })).toBeVisible();
  faults.push(...(await judge(page, '/first-run', 404)));
  for (const address of [
    '/', '/bookings', '/account', '/account/charges', '/account/training', '/courses', '/training',
    '/board', '/board/courses', '/board/learning-points', '/board/agency-types',
    '/office', '/office/courses', '/office/sessions', '/office/venues', '/office/people', '/office/agencies',
    '/office/memberships', '/office/bookings', '/office/bookings/new', '/office/charges', '/office/mail',
    '/office/messages', '/office/training', '/office/bank-holidays', '/office/policy',
  ]) {
    faults.push(...(await judge(page, address)));
  }
  expect([...faults, ...complaints]).toEqual([]);
});
