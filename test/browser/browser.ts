import { existsSync } from 'node:fs';
import type { Browser } from 'playwright-core';

const executablePath = process.env['CINZEL_TEST_CHROMIUM'] ?? '/usr/bin/chromium';

/** Whether tests that need a browser are left out: only outside CI, where the browser must be there. */
export const skipsBrowser: boolean = !existsSync(executablePath) && !process.env['CI'];

/** A real Chromium without a window. */
export async function launchBrowser(): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
