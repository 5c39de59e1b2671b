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
});

// A board that nobody has set up: its one-time code stands in what the program says.
const emptyServer = (port: number) => ({
  ...server(port, 'empty'),
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

const tests = [
  { name: 'plain-phone', testMatch: /(story|team|told|waiting)\.spec/, use: { ...phone, javaScriptEnabled: false, ...site(3101) } },
  { name: 'script-desk', testMatch: /(pages|story|team|told|waiting)\.spec/, use: { ...desk, javaScriptEnabled: true, ...site(3102) } },
  { name: 'plain-desk', testMatch: /(story|team|told|waiting)\.spec/, use: { ...desk, javaScriptEnabled: false, ...site(3105) } },
  { name: 'script-phone', testMatch: /(story|team|told|waiting)\.spec/, use: { ...phone, javaScriptEnabled: true, ...site(3106) } },
  { name: 'empty-desk', testMatch: /empty\.spec/, use: { ...desk, ...site(3107) } },
];
const islands = { name: 'island-phone', testMatch: /\.island\.spec/, use: { ...handheld, ...site(3103) } };
const pictures = { name: 'pictures', testMatch: /pictures\.ts/, use: { ...desk, ...site(3104) } };

export default defineConfig({
  testDir: '.',
  outputDir: 'results',
  timeout: 180_000,
  fullyParallel: false,
  workers: 1,
  forbidOnly: true,
  retries: 0,
  reporter: [['list']],
  use: { ...devices['Desktop Chrome'], launchOptions, channel: undefined, actionTimeout: 20_000, navigationTimeout: 30_000 },
  projects: wantsPictures ? [pictures] : [...tests, ...(hasIslands ? [islands] : [])],
  webServer: wantsPictures
    ? [server(3104, 'pictures')]
    : [
        server(3101, 'plain'),
        server(3102, 'script'),
        server(3105, 'plain-desk'),
        server(3106, 'script-phone'),
        emptyServer(3107),
        ...(hasIslands ? [server(3103, 'island')] : []),
      ],
});
