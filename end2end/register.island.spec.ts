import { expect, test, type Locator, type Page } from '@playwright/test';
import { get } from 'node:http';
import { faultsShown, listen } from './judge';
import { be, moveClock } from './visit';

// The register as an island: each tap is saved at once, taken back, and kept while there is no network.

const sent = (page: Page) => {
  const requests: string[] = [];
  page.on('requestfinished', (request) => {
    if (request.url().includes('/api/register/mark')) requests.push(request.postData() ?? '');
  });
  return requests;
};

const asked = (page: Page, endpoint: string) => {
  const requests: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes(`/api/register/${endpoint}`)) requests.push(request.postData() ?? '');
  });
  return requests;
};

// An open “More” is a group as well; a person is a fieldset.
const people = (page: Page): Locator => page.locator('fieldset').filter({ has: page.getByRole('radio') });
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

test('every control is as large as a thumb', async ({ page }) => {
  await openRegister(page);
  const person = people(page).first();
  await person.getByText(/^More/).click();
  const controls = page.locator('.register__choice, .register__choice input, .register__summary, .register__minutes input');
  const buttons = page.getByRole('main').getByRole('button');
  const small: string[] = [];
  let seen = 0;
  for (const control of [...(await controls.all()), ...(await buttons.all())]) {
    if (!(await control.isVisible())) continue;
    seen += 1;
    const box = await control.boundingBox();
    const name = (await control.getAttribute('id')) ?? (await control.innerText());
    if (!box || box.height < 48 || box.width < 48) small.push(`${name}: ${box?.width} × ${box?.height}`);
  }
  // Three marks (each with its input) and “More” for each person; three more marks and the minutes of the open one; undo,
  // add, submit, save.
  expect(seen).toBeGreaterThanOrEqual(7 * (await people(page).count()) + 11);
  expect(small).toEqual([]);
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
  expect(await faultsShown(page), 'with the banner').toEqual([]);
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

test('minutes wait with their mark, and a login that ended loses neither', async ({ page, context }) => {
  await openRegister(page);
  const requests = sent(page);
  await context.setOffline(true);
  const person = people(page).nth(3);
  await person.getByText('More').click();
  await person.getByLabel('Minutes late, if late').fill('15');
  await person.getByLabel('Minutes late, if late').blur();
  await expect(page.getByText('1 mark is kept on this device')).toBeVisible();
  await context.clearCookies();
  await context.setOffline(false);
  await expect(page.getByRole('status')).toContainText('You are signed out');
  await expect(page.getByText('1 mark is kept on this device')).toBeVisible();
  await openRegister(page);
  await expect.poll(() => requests.filter((request) => request.includes('minutes=15')).length).toBeGreaterThanOrEqual(2);
  await expect(page.getByText('kept on this device')).toHaveCount(0);
  await page.reload();
  await expect(people(page).nth(3).getByLabel('Minutes late, if late')).toHaveValue('15');
});

// The clock of these pages is the test's: what takes seconds for a trainer takes none here.
const tryAgain = 15_000;
const longestWait = 10_000;

/** A page whose requests give up by the test's clock, which a browser's own time limit does not ask. */
async function useClock(page: Page) {
  await page.clock.install();
  await page.addInitScript(() => {
    AbortSignal.timeout = (milliseconds) => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(new DOMException('too late', 'TimeoutError')), milliseconds);
      return controller.signal;
    };
  });
}

const fieldsOf = (body: string) => Object.fromEntries(new URLSearchParams(body));

test('a server that is back without the phone noticing gets what waits', async ({ page }) => {
  await useClock(page);
  await openRegister(page);
  const requests = asked(page, 'mark');
  // The phone stays online: nothing but the page itself can find out.
  let isAway = true;
  await page.route('**/api/register/mark', (route) => (isAway ? route.abort() : route.continue()));
  await tap(people(page).nth(4), 'Late');
  await expect(page.getByText('1 mark is kept on this device')).toBeVisible();
  await page.clock.fastForward(tryAgain);
  await expect.poll(() => requests.length).toBe(2);
  await expect(page.getByText('1 mark is kept on this device')).toBeVisible();
  isAway = false;
  await page.clock.fastForward(tryAgain);
  await expect(page.getByText('kept on this device')).toHaveCount(0);
  await expect(page.getByRole('status')).toContainText('Marks that waited are saved now');
  expect(new Set(requests.map((body) => fieldsOf(body).nonce)).size, 'the same mark each time').toBe(1);
  // Nothing waits any more, and nothing is asked any more.
  const count = requests.length;
  await page.clock.fastForward(4 * tryAgain);
  await page.reload();
  await expect(radio(people(page).nth(4), 'Late')).toBeChecked();
  expect(requests.length).toBe(count);
});

test('a request that hangs is given up, and nothing overtakes it', async ({ page }) => {
  await useClock(page);
  await openRegister(page);
  const requests = asked(page, 'mark');
  let hangs = true;
  await page.route('**/api/register/mark', (route) => (hangs ? undefined : route.continue()));
  // Corrected while the first mark hangs; and somebody else meanwhile.
  await tap(people(page).nth(4), 'Did not attend');
  await expect.poll(() => requests.length).toBe(1);
  await tap(people(page).nth(4), 'Present');
  await tap(people(page).nth(3), 'Did not attend');
  await expect(page.getByRole('status')).toContainText('Saving');
  await page.clock.fastForward(longestWait);
  await expect(page.getByText('3 marks are kept on this device')).toBeVisible();
  expect(requests.length, 'one at a time').toBe(1);
  hangs = false;
  await page.clock.fastForward(tryAgain);
  await expect(page.getByText('kept on this device')).toHaveCount(0);
  const [lost, ...sent] = requests.map(fieldsOf);
  expect(sent.map(({ mark }) => mark)).toEqual(['did_not_attend', 'present', 'did_not_attend']);
  expect(sent[0]).toEqual(lost);
  expect(sent[1].booking).toBe(lost.booking);
  // The one that hung arrives after all: it was counted, and takes nothing back.
  const late = await page.request.post('/api/register/mark', { form: lost, headers: { 'sec-fetch-site': 'same-origin' } });
  expect(late.ok()).toBe(true);
  await page.reload();
  await expect(radio(people(page).nth(4), 'Present')).toBeChecked();
  await expect(radio(people(page).nth(3), 'Did not attend')).toBeChecked();
});

test('a mark that is refused after it waited goes back to what the register says', async ({ page }) => {
  await useClock(page);
  await openRegister(page);
  const present = radio(people(page).nth(4), 'Present');
  await present.tap();
  await expect(page.getByText('Saving…')).toHaveCount(0);
  let isAway = true;
  const refused = { saved: false, again: false, message: 'This register is locked. Ask the office to correct it.' };
  await page.route('**/api/register/mark', (route) => (isAway ? route.abort() : route.fulfill({ json: refused })));
  await tap(people(page).nth(4), 'Late');
  await expect(page.getByText('1 mark is kept on this device')).toBeVisible();
  isAway = false;
  await page.clock.fastForward(tryAgain);
  await expect(page.getByRole('status')).toContainText('Not saved: This register is locked');
  await expect(present).toBeChecked();
  await expect(page.getByText('kept on this device')).toHaveCount(0);
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

const panel = (page: Page) => page.getByRole('region', { name: 'Add somebody who has come' });
const opener = (page: Page) => page.getByRole('button', { name: 'Add somebody who is not on the list' });

test('somebody known who walked in is found and added without leaving the register', async ({ page }) => {
  const complaints = listen(page);
  const requests = asked(page, 'walk-in');
  await openRegister(page);
  const [address, total] = [page.url(), await people(page).count()];
  const marked = await page.getByRole('radio', { name: 'Present', exact: true, checked: true }).count();
  await expect(panel(page)).toBeHidden();
  // By keyboard: the focus goes into the panel, and back once somebody was added.
  await opener(page).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Find them by name or email address')).toBeFocused();
  await page.keyboard.type('Robert Okafor');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status')).toContainText('found');
  await expect(page.getByRole('button', { name: 'Add to the register' })).toBeVisible();
  await panel(page).getByRole('button', { name: 'Add Robert Okafor' }).first().focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status')).toContainText('Robert Okafor: present, added to the register');
  await expect(opener(page)).toBeFocused();
  await expect(panel(page)).toBeHidden();
  const robert = people(page).filter({ hasText: 'Robert Okafor' });
  await expect(robert).toContainText('Walked in');
  await expect(radio(robert, 'Present')).toBeChecked();
  await expect(people(page)).toHaveCount(total + 1);
  await expect(page.getByText(new RegExp(`\\d+ of ${total + 1} marked`))).toBeVisible();
  expect(page.url()).toBe(address);
  expect(requests.length).toBe(1);
  // His card is one like all others.
  await tap(robert, 'Late');
  await expect(page.getByRole('status')).toContainText('Robert Okafor: late, saved');
  await page.getByRole('button', { name: 'Undo last mark' }).click();
  await expect(radio(robert, 'Present')).toBeChecked();
  await expect(page.getByRole('status')).toContainText('Robert Okafor: present, saved');
  await page.reload();
  await expect(people(page)).toHaveCount(total + 1);
  await expect(radio(people(page).filter({ hasText: 'Robert Okafor' }), 'Present')).toBeChecked();
  expect(marked).toBeGreaterThan(0);
  expect(complaints).toEqual([]);
});

test('the panel says what is wrong, keeps what was typed, and is for everybody', async ({ page }) => {
  await openRegister(page);
  const total = await people(page).count();
  await opener(page).click();
  expect(await faultsShown(page), 'the open panel').toEqual([]);
  await panel(page).getByRole('button', { name: 'Search' }).click();
  await expect(panel(page)).toContainText('Enter a name or an email address');
  await expect(page.getByLabel('Find them by name or email address')).toBeFocused();
  await page.getByLabel('Find them by name or email address').fill('okafor');
  await panel(page).getByRole('button', { name: 'Search' }).click();
  await expect(panel(page).getByRole('listitem').first()).toBeVisible();
  expect(await faultsShown(page), 'people found').toEqual([]);
  await page.getByLabel('Find them by name or email address').fill('xyzzy plugh');
  await panel(page).getByRole('button', { name: 'Search' }).click();
  await expect(panel(page)).toContainText('Nobody found');
  await page.getByLabel('Email address (optional)').fill('nonsense');
  await page.getByLabel('What they do (optional)').fill('Youth worker');
  await page.getByLabel('Agency (optional)').selectOption({ index: 2 });
  const agency = await page.getByLabel('Agency (optional)').inputValue();
  await page.getByRole('button', { name: 'Add to the register' }).click();
  await expect(panel(page)).toContainText('Enter the person’s full name');
  await expect(panel(page)).toContainText('in the correct format');
  await expect(page.getByLabel('Full name')).toBeFocused();
  await expect(page.getByLabel('Full name')).toHaveAccessibleDescription(/Enter the person’s full name/);
  expect(await faultsShown(page), 'the panel with errors').toEqual([]);
  for (const button of await panel(page).getByRole('button').all()) {
    expect((await button.boundingBox())?.height, await button.innerText()).toBeGreaterThanOrEqual(48);
  }
  await expect(page.getByLabel('Email address (optional)')).toHaveValue('nonsense');
  await expect(page.getByLabel('What they do (optional)')).toHaveValue('Youth worker');
  await expect(page.getByLabel('Agency (optional)')).toHaveValue(agency);
  // Closed and opened again, everything is still there.
  await panel(page).getByRole('button', { name: 'Close' }).click();
  await expect(opener(page)).toBeFocused();
  await opener(page).click();
  await expect(page.getByLabel('What they do (optional)')).toHaveValue('Youth worker');
  await expect(people(page)).toHaveCount(total);
});

test('without a connection nobody is added, what was typed is kept, and trying again adds one person', async ({ page, context }) => {
  await openRegister(page);
  const total = await people(page).count();
  await opener(page).click();
  await page.getByLabel('Find them by name or email address').fill('Wanda Walker');
  await context.setOffline(true);
  await panel(page).getByRole('button', { name: 'Search' }).click();
  await expect(panel(page).getByRole('alert')).toContainText('There is no connection');
  await context.setOffline(false);
  await panel(page).getByRole('button', { name: 'Search' }).click();
  await expect(panel(page)).toContainText('Nobody found');
  await expect(panel(page)).not.toContainText('There is no connection');
  await page.getByLabel('Full name').fill('Wanda Walker');
  await page.getByLabel('What they do (optional)').fill('Youth worker');
  // The answer is lost on its way back: the server has added her, the page does not know it.
  const requests = asked(page, 'walk-in');
  await page.route('**/api/register/walk-in', async (route) => {
    await route.fetch();
    await route.abort();
  }, { times: 1 });
  // A mark that waits meanwhile is not lost.
  await context.setOffline(true);
  await tap(people(page).first(), 'Late');
  await expect(page.getByText('1 mark is kept on this device')).toBeVisible();
  await page.getByRole('button', { name: 'Add to the register' }).click();
  await expect(panel(page).getByRole('alert')).toContainText('What you typed is kept');
  await expect(page.getByLabel('Full name')).toHaveValue('Wanda Walker');
  await context.setOffline(false);
  await expect(page.getByText('kept on this device')).toHaveCount(0);
  await page.getByRole('button', { name: 'Add to the register' }).click();
  await expect(page.getByRole('status')).toContainText('Wanda Walker: present, added to the register');
  await expect(people(page)).toHaveCount(total + 1);
  await expect(people(page).filter({ hasText: 'Wanda Walker' })).toContainText('Youth worker');
  await expect(page.getByText(new RegExp(`\\d+ of ${total + 1} marked`))).toBeVisible();
  const nonces = new Set(requests.map((body) => new URLSearchParams(body).get('nonce')));
  expect([requests.length, nonces.size]).toEqual([2, 1]);
  await page.reload();
  await expect(radio(people(page).first(), 'Late')).toBeChecked();
  await expect(people(page)).toHaveCount(total + 1);
  await expect(radio(people(page).filter({ hasText: 'Wanda Walker' }), 'Present')).toBeChecked();
});

test('the page and everything that it loads weigh at most 150 KB', async ({ page, context }) => {
  const loaded = new Set<string>();
  page.on('response', (response) => loaded.add(response.url()));
  await openRegister(page);
  loaded.clear();
  await page.reload();
  await expect(page.getByRole('searchbox', { name: 'Find a person' })).toBeVisible();
  loaded.add(page.url());
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  // As a browser gets it over https, where it takes Brotli.
  const weigh = (url: string) => new Promise<number>((resolve, reject) => {
    get(url, { headers: { cookie, 'accept-encoding': 'br' } }, (answer) => {
      let bytes = 0;
      answer.on('data', (part) => (bytes += part.length));
      answer.on('end', () => resolve(bytes));
      answer.on('error', reject);
    }).on('error', reject);
  });
  const weights = await Promise.all([...loaded].map(async (url) => [new URL(url).pathname, await weigh(url)] as const));
  const total = weights.reduce((sum, [, bytes]) => sum + bytes, 0);
  expect(weights.length, 'page, styles, script and module').toBeGreaterThanOrEqual(4);
  expect(total, JSON.stringify(weights)).toBeLessThan(150 * 1024);
});
