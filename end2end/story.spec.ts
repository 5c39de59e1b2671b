import { expect, test, type Page } from '@playwright/test';
import { axeOf } from './judge';
import { be, clock, course, moveClock } from './visit';

// One place booked, attended, measured and charged for, by the four people who do it. It runs with JavaScript and
// without; nothing in it needs any.

const day = /31 March 2021/;

/** Answers every statement of the questionnaire with the same step of its scale. */
async function answerAll(page: Page, step: number) {
  const statements = page.getByRole('group').filter({ has: page.getByRole('radio') });
  const count = await statements.count();
  expect(count).toBeGreaterThanOrEqual(5);
  for (let at = 0; at < count; at += 1) await statements.nth(at).getByRole('radio').nth(step).check();
  await page.getByRole('button', { name: 'Finish' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Thank you');
}

/** The course's row of the board's page: before, after, gain and how many. */
const gainOf = (page: Page) =>
  page.getByRole('table', { name: /^Overall confidence before and after/ }).getByRole('row').filter({ hasText: course });

test('a place is booked, attended, measured and charged for', async ({ page, javaScriptEnabled }) => {
  const step = async (what: string, act: () => Promise<void>) => {
    await test.step(what, act);
    if (javaScriptEnabled) {
      expect((await axeOf(page).analyze()).violations, what).toEqual([]);
    }
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(beyond, `${what}: wider than the screen`).toBeLessThanOrEqual(0);
  };
  let reference = '';

  await step('a visitor becomes the learner and finds the course', async () => {
    await page.goto('/');
    await page.getByRole('link', { name: 'Be someone else' }).click();
    await be(page, 'Amira Hassan');
    await page.getByRole('link', { name: 'Courses', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Courses');
    const search = page.getByRole('searchbox', { name: 'Search' });
    if (!(await search.isVisible())) await page.getByText('Find a course', { exact: true }).click();
    await search.fill('listening to children');
    await page.getByRole('button', { name: 'Show courses' }).click();
    await expect(page.getByRole('status')).toHaveText(/^\d+ courses? found$/);
  });

  await step('the course and its prepared session', async () => {
    await page.getByRole('link', { name: course, exact: true }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(course);
    await page.getByRole('link', { name: 'Wednesday 31 March 2021' }).click();
    await expect(page.getByText('Wednesday 31 March 2021, 10am to 12pm')).toBeVisible();
  });

  await step('the first screen: the session', async () => {
    await page.getByRole('link', { name: 'Book a place' }).click();
    await expect(page.getByText('Cancel free of charge until')).toBeVisible();
  });

  await step('the second screen refuses what is missing and keeps what was typed', async () => {
    await page.getByRole('link', { name: 'Continue' }).click();
    await page.getByLabel('Your job role').fill('');
    await page.getByLabel('Is there anything you need').fill('Captions, please');
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect(page.getByRole('alert')).toContainText('Enter your job role');
    await expect(page).toHaveTitle(/^Error: /);
    await expect(page.getByLabel('Is there anything you need')).toHaveValue('Captions, please');
    await page.getByRole('link', { name: 'Enter your job role' }).click();
    await page.getByLabel('Your job role').fill('School nurse');
    await page.getByRole('button', { name: 'Continue' }).click();
  });

  await step('the third screen wants the rule accepted, and keeps everything', async () => {
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Check your answers');
    await expect(page.getByText('£50').first()).toBeVisible();
    await page.getByRole('button', { name: 'Book this place' }).click();
    await expect(page.getByRole('alert')).toContainText('Tick the box');
    await expect(page.getByText('Captions, please')).toBeVisible();
    await expect(page.getByText('School nurse', { exact: true })).toBeVisible();
    await page.getByLabel('I have read this and accept it').check();
    await page.getByRole('button', { name: 'Book this place' }).click();
  });

  await step('the fourth screen: the confirmation', async () => {
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Place booked');
    reference = page.url().match(/\/bookings\/([A-Z0-9-]+)/)?.[1] ?? '';
    expect(reference).not.toBe('');
    await expect(page.getByText(reference).first()).toBeVisible();
    const href = await page.getByRole('link', { name: 'Add to your calendar' }).getAttribute('href');
    const file = await page.request.get(href as string);
    expect(file.headers()['content-type']).toContain('text/calendar');
    expect(await file.text()).toContain('DTSTART');
  });

  await step('before the session, by the personal link', async () => {
    await page.getByRole('link', { name: 'Answer a few questions before you come' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Before the session');
    await page.getByRole('button', { name: 'Finish' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
    await answerAll(page, 1);
  });

  await step('the trainer goes to the start of the session', async () => {
    await be(page, 'Grace Mensah');
    await moveClock(page, 'To the start of my next session', day);
    await page.goto('/training');
    await page.getByRole('link', { name: course }).first().click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText(course);
    await expect(page.getByText('Captions, please')).toBeVisible();
  });

  await step('the register: everybody is there except Daniel Webb', async () => {
    await page.getByRole('link', { name: 'Open the register' }).click();
    const people = page.getByRole('group').filter({ has: page.getByRole('radio') });
    const count = await people.count();
    expect(count).toBeGreaterThanOrEqual(6);
    for (let at = 0; at < count; at += 1) {
      const person = people.nth(at);
      const isDaniel = (await person.innerText()).includes('Daniel Webb');
      await person.getByRole('radio', { name: isDaniel ? 'Did not attend' : 'Present', exact: true }).check();
    }
    await page.getByRole('button', { name: 'Save and submit' }).click();
    await expect(page.getByText('The register is submitted. Thank you.')).toBeVisible();
  });

  await step('four have answered before and after: the board member sees no gain yet', async () => {
    await moveClock(page, 'To the end of my next session', day);
    await be(page, 'Robert Okafor');
    await page.goto('/board?year=2020');
    await expect(gainOf(page)).toContainText('Not enough answers yet');
    await expect(gainOf(page)).not.toContainText(/\d/);
  });

  await step('after the session, by the link in the mail', async () => {
    await be(page, 'Amira Hassan');
    await page.getByRole('link', { name: 'Mail sent' }).click();
    await page.getByRole('link', { name: /after/i }).first().click();
    await page.getByRole('link', { name: /\/answers\// }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('After the session');
    await answerAll(page, 4);
    await expect(page.getByRole('radio')).toHaveCount(0);
  });

  await step('the administrator reads why, tells and confirms', async () => {
    await be(page, 'Helen Carter');
    await page.getByRole('link', { name: 'Office', exact: true }).click();
    await page.getByRole('link', { name: /charges? to tell people about/ }).click();
    await page.getByText('Search charges', { exact: true }).click();
    await page.getByRole('searchbox').fill('Webb');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('link', { name: 'Daniel Webb' }).first().click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Daniel Webb');
    await expect(page.getByText('Why this charge was proposed')).toBeVisible();
    await expect(page.getByText(/did not attend/i).first()).toBeVisible();
    await expect(page.getByText('£50').first()).toBeVisible();
    await expect(page.getByText(/accepted at booking/)).toBeVisible();
  });

  await step('learner and payer are told', async () => {
    await page.getByRole('link', { name: 'Tell learner and payer' }).click();
    await expect(page.getByText('get an email with the reason')).toBeVisible();
    await page.getByRole('button', { name: 'Tell them' }).click();
    await expect(page.getByText('Learner and payer are told.')).toBeVisible();
  });

  await step('the charge is confirmed', async () => {
    await page.getByRole('link', { name: 'Confirm the charge' }).click();
    await page.getByRole('button', { name: 'Confirm the charge' }).click();
    await expect(page.getByText('The charge is confirmed.')).toBeVisible();
  });

  await step('the board member sees the course’s gain', async () => {
    await be(page, 'Robert Okafor');
    await page.goto('/board?year=2020');
    const [drawn, gain, matched] = ['plot', 'figures', 'count'].map((part) => gainOf(page).locator(`.lg-chart-table__${part}`));
    await expect(drawn).toContainText(/[1-5]\.\d\d before, [1-5]\.\d\d after/);
    await expect(gain).toHaveText(/^\+\d\.\d\d\s*95% −?\d\.\d\d to \d\.\d\d$/);
    await expect(matched).toHaveText('5 answered both');
    await gainOf(page).getByRole('link', { name: course }).click();
    await expect(page.getByText(/95\s?%/).first()).toBeVisible();
    await expect(page.getByRole('main')).not.toContainText('Not enough answers yet');
  });
  expect(clock(page)).toBeTruthy();
});
