import { expect, test, type Locator, type Page } from '@playwright/test';
import { listen } from './judge';
import { be, moveClock } from './visit';

// The register as an island: each tap is saved at once, taken back, and kept while there is no network.

const sent = (page: Page) => {
  const requests: string[] = [];
  page.on('requestfinished', (request) => {
    if (request.url().includes('/api/register/mark')) requests.push(request.postData() ?? '');
  });
  return requests;
};

const people = (page: Page): Locator => page.getByRole('group').filter({ has: page.getByRole('radio') });
const radio = (person: Locator, mark: string) => person.getByRole('radio', { name: mark, exact: true });
const tap = (person: Locator, mark: string) => radio(person, mark).tap();

async function openRegister(page: Page) {
  await be(page, 'Grace Mensah');
  const clock = await page.getByRole('complementary', { name: 'Demonstration' }).innerText();
  if (!clock.includes('31 March 2021')) await moveClock(page, 'To the start of my next session', /31 March 2021/);
  await page.goto('/training');
  await page.getByRole('link', { name: 'Listening to children: a first course' }).first().click();
  await page.getByRole('link', { name: 'Open the register' }).click();
  // The search box is there as soon as the island runs.
  await expect(page.getByRole('searchbox', { name: 'Find a person' })).toBeVisible();
}

test.describe.configure({ mode: 'serial' });

test('one tap marks a person and is saved at once', async ({ page }) => {
  const complaints = listen(page);
  const requests = sent(page);
  await openRegister(page);
  const total = await people(page).count();
  expect(total).toBeGreaterThanOrEqual(5);
  await expect(page.getByText(`0 of ${total}`)).toBeVisible();
  for (let at = 0; at < 3; at += 1) await tap(people(page).nth(at), 'Present');
  await expect(page.getByText(`3 of ${total}`)).toBeVisible();
  await expect.poll(() => requests.length).toBe(3);
  await page.reload();
  for (let at = 0; at < 3; at += 1) await expect(radio(people(page).nth(at), 'Present')).toBeChecked();
  await expect(page.getByText(`3 of ${total}`)).toBeVisible();
  expect(complaints).toEqual([]);
});

test('the last mark is taken back', async ({ page }) => {
  await openRegister(page);
  await tap(people(page).nth(3), 'Did not attend');
  await expect(page.getByRole('status')).toContainText('saved');
  await page.getByRole('button', { name: 'Undo last mark' }).click();
  await expect(radio(people(page).nth(3), 'Did not attend')).not.toBeChecked();
  await expect(page.getByRole('status')).toContainText('not marked');
  await expect(page.getByRole('button', { name: 'Undo last mark' })).toBeDisabled();
  await page.reload();
  await expect(radio(people(page).nth(3), 'Did not attend')).not.toBeChecked();
});

test('searching leaves the people who match', async ({ page }) => {
  await openRegister(page);
  const total = await people(page).count();
  await page.getByRole('searchbox', { name: 'Find a person' }).fill('webb');
  await expect(people(page).filter({ visible: true })).toHaveCount(1);
  await expect(people(page).filter({ visible: true })).toContainText('Daniel Webb');
  await page.getByRole('searchbox', { name: 'Find a person' }).fill('');
  await expect(people(page).filter({ visible: true })).toHaveCount(total);
});

test('without a network marks wait, and are sent once', async ({ page, context }) => {
  await openRegister(page);
  const requests = sent(page);
  await context.setOffline(true);
  await tap(people(page).nth(3), 'Late');
  await tap(people(page).nth(4), 'Present');
  await expect(page.getByText('2 marks are kept on this device')).toBeVisible();
  expect(requests).toEqual([]);
  await context.setOffline(false);
  await expect(page.getByText('kept on this device')).toHaveCount(0);
  expect(requests.length).toBe(2);
  await page.reload();
  await expect(radio(people(page).nth(3), 'Late')).toBeChecked();
  await expect(radio(people(page).nth(4), 'Present')).toBeChecked();
  expect(requests.length).toBe(2);
});

test('the keyboard reaches every control, and shows where it is', async ({ page }) => {
  await openRegister(page);
  const wanted = new Set<string>();
  for (const person of await people(page).all()) wanted.add(await person.getByRole('radio').first().getAttribute('name') ?? '');
  const reached = new Set<string>();
  let submits = false;
  for (let presses = 0; presses < 120 && !submits; presses += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      const shown = element instanceof HTMLInputElement && element.type === 'radio' ? element.nextElementSibling : element;
      const style = getComputedStyle(shown ?? element);
      const own = getComputedStyle(element);
      const isMarked = [style, own].some((css) => css.outlineStyle !== 'none' || css.boxShadow !== 'none');
      return { name: element.getAttribute('name') ?? '', text: element.textContent ?? '', isMarked };
    });
    expect(at.isMarked, `focus on ${at.name || at.text}`).toBe(true);
    reached.add(at.name);
    submits = at.text.trim() === 'Save and submit';
  }
  expect(submits).toBe(true);
  for (const name of wanted) expect(reached).toContain(name);
});
