import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

const run = promisify(execFile);
const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Starts Chromium. Where the machine has none, Debian's package is installed first, which needs root. */
export async function startChromium(args: readonly string[] = []): Promise<Browser> {
  const executablePath = findChromium() ?? (await installChromium());
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage', ...args] });
}

function findChromium(): string | undefined {
  const asked = process.env['CHROMIUM_PATH'];
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const candidates = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...(asked === undefined ? [] : [asked]), ...candidates].find((path) => existsSync(path));
}

async function installChromium(): Promise<string> {
  console.log('Installing Chromium (apt-get install chromium)');
  await run('apt-get', ['update']);
  await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium']);
  const installed = findChromium();
  if (installed === undefined) throw new Error('Chromium is missing: install it, or set CHROMIUM_PATH');
  return installed;
}
