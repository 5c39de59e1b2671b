import { defineConfig, devices } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

// The whole story on the demonstration board, in a browser: with JavaScript and without, on a phone and on a desk.
// Each project has a server and a database of its own, because the story moves the demonstration's clock.
const server = (port: number, name: string) => ({
  command:
    `rm -f target/e2e-${name}.db* && target/debug/learning-gain serve --demo --listen 127.0.0.1:${port}` +
    ` --database-url 'sqlite://target/e2e-${name}.db?mode=rwc' --key-file target/e2e-${name}.key`,
  url: `http://127.0.0.1:${port}/health/ready`,
  cwd: join(__dirname, '..'),
  timeout: 180_000,
  reuseExistingServer: false,
  // What went wrong, not every request.
  env: { RUST_LOG: 'warn' },
});

// A board that nobody has set up: its one-time code stands in what the program says.
const emptyServer = (port: number) => ({
  ...server(port, 'empty'),
  env: {},
  command:
    'rm -rf target/e2e-empty-mail && ' + server(port, 'empty').command.replace(' --demo', '') +
    ' --mail-folder target/e2e-empty-mail 2>target/e2e-empty.log',
});

const launchOptions = {
  executablePath: execFileSync(join(__dirname, '../build/browser.sh'), ['--path'], { encoding: 'utf8' }).trim(),
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync',
  ],
};

const phone = { viewport: { width: 320, height: 640 }, hasTouch: true };
const desk = { viewport: { width: 1280, height: 900 } };
const handheld = { viewport: { width: 390, height: 844 }, hasTouch: true };
const site = (port: number) => ({ baseURL: `http://127.0.0.1:${port}` });

// A machine that cannot build the islands serves the site without them; then there is nothing here to test.
const hasIslands = existsSync(join(__dirname, '../target/site/pkg/learning_gain.js'));
// `make pictures` makes the README's pictures; it is no test.
const wantsPictures = process.env.PICTURES === 'yes';

const story = /(story|survey_door|team|told|waiting)\.spec/;
const part = (half: number, name: string, port: number, testMatch: RegExp, use: object) => ({
  half,
  project: { name, testMatch, use: { ...use, ...site(port) } },
  server: server(port, name),
});
/** What is tested, with which server, and in which half it is when the tests run in two halves at once. */
const parts = [
  part(1, 'pages-desk', 3108, /pages\.spec/, { ...desk, javaScriptEnabled: true }),
  { ...part(1, 'empty-desk', 3107, /empty\.spec/, desk), server: emptyServer(3107) },
  ...(hasIslands ? [part(1, 'island-phone', 3103, /\.island\.spec/, handheld)] : []),
  part(2, 'plain-phone', 3101, story, { ...phone, javaScriptEnabled: false }),
  part(2, 'plain-desk', 3105, story, { ...desk, javaScriptEnabled: false }),
  part(2, 'script-desk', 3102, story, { ...desk, javaScriptEnabled: true }),
  part(2, 'script-phone', 3106, story, { ...phone, javaScriptEnabled: true }),
];
const pictures = part(0, 'pictures', 3104, /pictures\.ts/, desk);
const half = Number(process.env.HALF ?? 0);
const wanted = wantsPictures ? [pictures] : parts.filter((part) => half === 0 || part.half === half);

export default defineConfig({
  testDir: '.',
  outputDir: `results/${half}`,
  timeout: 180_000,
  fullyParallel: false,
  workers: 1,
  forbidOnly: true,
  retries: 0,
  reporter: [['list']],
  use: { ...devices['Desktop Chrome'], launchOptions, channel: undefined, actionTimeout: 20_000, navigationTimeout: 30_000 },
  projects: wanted.map((part) => part.project),
  webServer: wanted.map((part) => part.server),
});
