import { expect, test } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge, judgeEmptied, judgePressed, judgeShown, listen } from './judge';

// A board that nobody has set up yet: its first run, and every list while it is empty.

/** The one-time code, as the program prints it in its terminal. */
const code = () => {
  const said = readFileSync(join(__dirname, '../target/e2e-empty.log'), 'utf8');
  return said.match(/one-time code (\w+)/)?.[1] ?? '';
};

test.describe.configure({ mode: 'serial' });

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

const root = join(__dirname, '..');
const mails = join(root, 'target/e2e-empty-mail');

/** The mails of a kind to somebody, as they lie in the folder. */
const mailsTo = (address: string, kind: string) =>
  readdirSync(mails)
    .filter((name) => name.includes(kind))
    .map((name) => readFileSync(join(mails, name), 'utf8'))
    .filter((mail) => mail.includes(address));

test('somebody new creates an account with the code from their mail, which later comes back', async ({ page }) => {
  const complaints = listen(page);
  const address = 'nina.new@gmail.example';
  await page.goto('/sign-in');
  await page.getByRole('textbox', { name: /email/i }).fill(address);
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Enter the code');
  await expect.poll(() => mailsTo(address, 'sign_in_code').length).toBe(1);
  const [mail] = mailsTo(address, 'sign_in_code');
  await page.getByLabel('Code', { exact: true }).fill(mail.match(/Your code is (\d{6})/)?.[1] ?? 'none');
  await page.getByRole('button', { name: 'Continue' }).click();

  const faults = [...(await judge(page, '/account/new')), ...(await judgeEmptied(page, '/account/new', 'Create account'))];
  await page.getByLabel('Full name').fill('Nina New');
  await page.getByLabel('Name of your agency, if it is not in the list').fill('A very small nursery');
  faults.push(...(await judgePressed(page, 'Create account')));
  await expect(page.getByLabel('Full name')).toHaveValue('Nina New');
  await expect(page.getByLabel('Name of your agency, if it is not in the list')).toHaveValue('A very small nursery');
  await page.getByRole('group', { name: /How do you work or volunteer/ }).getByRole('radio').first().check();
  await page.getByRole('group', { name: 'Are you under 18?' }).getByRole('radio', { name: 'No' }).check();
  await page.getByLabel('Agency', { exact: true }).selectOption({ label: 'My agency is not in this list' });
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Hello, Nina New');
  faults.push(...(await judgeShown(page)));

  // Her mail server says that there is no such mailbox, as Postfix writes it.
  const id = mail.match(/^Message-ID: (<[^>]+>)/im)?.[1] ?? 'none';
  const report = readFileSync(join(root, 'src/messages/bounces/fixtures/postfix.eml'), 'utf8')
    .replaceAll('<0123456789abcdef0123456789abcdef@learning-gain>', id)
    .replaceAll('amira.khan@school.example', address);
  writeFileSync(join(root, 'target/e2e-empty-report.eml'), report);
  const database = ['--database-url', 'sqlite://target/e2e-empty.db'];
  const said = execFileSync('target/debug/learning-gain', ['bounces', 'target/e2e-empty-report.eml', ...database], { cwd: root });
  expect(said.toString()).toContain('came back for ever');
  faults.push(...(await judge(page, '/account')), ...(await judge(page, '/account/addresses/returned')));
  await expect(page.getByRole('row').filter({ hasText: address })).toBeVisible();
  await page.getByRole('button', { name: 'It works again' }).click();
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('Do you still use this address?');
  await page.goto('/account');
  await expect(page.getByText('Mail comes back')).toHaveCount(0);
  expect([...faults, ...complaints]).toEqual([]);
});
