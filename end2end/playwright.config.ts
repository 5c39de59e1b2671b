import { defineConfig, devices } from '@playwright/test';

// The whole story on the demonstration board, in a browser: with JavaScript and without, on a phone and on a desk.
// Each project has a server and a database of its own, because the story moves the demonstration's clock.
const server = (port: number, name: string) => ({
  command:
    `rm -f target/e2e-${name}.db* && target/debug/learning-gain serve --demo --listen 127.0.0.1:${port}` +
    ` --database-url 'sqlite://target/e2e-${name}.db?mode=rwc' --key-file target/e2e-${name}.key`,
  url: `http://127.0.0.1:${port}/health/ready`,
  cwd: '..',
  timeout: 180_000,
  reuseExistingServer: false,
});

const launchOptions = {
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync',
  ],
};

const phone = { viewport: { width: 320, height: 640 }, hasTouch: true };
const desk = { viewport: { width: 1280, height: 900 } };

export default defineConfig({
  testDir: '.',
  outputDir: 'results',
  timeout: 120_000,
  fullyParallel: false,
  workers: 1,
  forbidOnly: true,
  retries: 0,
  reporter: [['list']],
  use: { ...devices['Desktop Chrome'], launchOptions, channel: undefined },
  projects: [
    { name: 'plain-phone', testIgnore: /island/, use: { ...phone, javaScriptEnabled: false, baseURL: 'http://127.0.0.1:3101' } },
    { name: 'script-desk', use: { ...desk, javaScriptEnabled: true, baseURL: 'http://127.0.0.1:3102' } },
  ],
  webServer: [server(3101, 'plain'), server(3102, 'script')],
});
