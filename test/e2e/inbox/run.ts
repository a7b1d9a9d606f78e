/**
 * Uses the worker's inbox as people do: the demo of `npm start`, in Chromium. Needs no account. Functions log only with
 * POWERTOOLS_LOG_LEVEL set.
 */
import { startChromium } from './chromium';

process.env['POWERTOOLS_LOG_LEVEL'] ??= 'SILENT';
process.env['POWERTOOLS_METRICS_DISABLED'] ??= 'true';

const { Report } = await import('../report');
const { InboxWorld } = await import('./world');
const { composerRules } = await import('./parts/composer-rules');
const { customersAndStarting } = await import('./parts/customers-and-starting');
const { accessibility } = await import('./parts/accessibility');
const { customersPhone } = await import('./parts/customers-phone');
const { deployedSession } = await import('./parts/deployed-session');
const { deployedSignIn } = await import('./parts/deployed-sign-in');
const { deployedTokens } = await import('./parts/deployed-tokens');
const { firstLoad } = await import('./parts/first-load');
const { keyboardPlace } = await import('./parts/keyboard-place');
const { lateAnswers } = await import('./parts/late-answers');
const { offlineAndBack } = await import('./parts/offline-and-back');
const { readAndWrite } = await import('./parts/read-and-write');
const { smallAndKeyboard } = await import('./parts/small-and-keyboard');
const { together } = await import('./parts/together');

const PARTS = {
  ...{ firstLoad, readAndWrite, customersAndStarting, keyboardPlace, composerRules, together },
  ...{ customersPhone, smallAndKeyboard, offlineAndBack, lateAnswers, accessibility },
  ...{ deployedSignIn, deployedTokens, deployedSession },
};

const asked = process.argv.slice(2);
const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => stop.abort(new Error(`${name} was received`)));
}
const report = new Report(stop.signal);
const browser = await startChromium();
try {
  const world = await InboxWorld.start(report, browser);
  try {
    for (const [name, part] of Object.entries(PARTS)) {
      if (asked.length === 0 || asked.includes(name)) await part(world);
    }
  } finally {
    await world.close();
  }
} catch (error) {
  report.fail('The run ended early', error);
} finally {
  await browser.close();
}
process.exitCode = report.close() ? 0 : 1;
