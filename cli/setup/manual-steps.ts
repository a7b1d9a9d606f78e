import type { Environment } from '../../lambdas/config';
import { readPublicBaseUrl } from '../../lambdas/config';
import { type CallbackName, callbackPath, perCallback } from '../../lambdas/twilio/callbacks';
import { UserError } from '../../lib/user-error';
import { deployedUrls } from '../aws/deployed-urls';
import type { ManualStep } from '../plan/plan';
import type { ConsoleOutput } from '../terminal/console-output';

type CallbackUrls = Readonly<Record<Exclude<CallbackName, 'twilio-conversations'>, string>>;

/** Prints what is left for a person, numbered and each once, with the URLs to paste at the end, where they stay on the screen. */
export function showLeft(
  steps: readonly ManualStep[],
  urls: CallbackUrls | null,
  screen: ConsoleOutput,
): void {
  screen.heading('Left for you to do');
  const fixes = new Map(steps.map(({ what, fix }) => [what, fix]));
  let number = 0;
  for (const [what, fix] of fixes) {
    number += 1;
    screen.line(`  ${number}. ${what}`);
    screen.detail(fix);
  }
  if (urls === null) return;
  screen.line(`  ${number + 1}. Paste these URLs into the Twilio console (no API can set them):`);
  screen.detail(consoleFields(urls));
}

/**
 * Prints the URLs to paste into the Twilio console: the deployed stack's, or those below PUBLIC_BASE_URL.
 * @throws {UserError} if there are neither.
 */
export async function showUrls(environment: Environment, screen: ConsoleOutput): Promise<void> {
  const publicUrl = readPublicBaseUrl(environment);
  const urls = (await deployedUrls()) ?? (publicUrl === null ? null : urlsBelow(publicUrl));
  if (urls === null) {
    throw new UserError(
      'No stack is deployed, and PUBLIC_BASE_URL is not set: npm run setup deploys the stack',
    );
  }
  screen.line(consoleFields(urls));
}

function urlsBelow(base: string): CallbackUrls {
  return perCallback((name) => `${base}${callbackPath(name)}`);
}

/** The fields that no API can set, by page of the console; each value on a line of its own, to be copied whole. */
function consoleFields(urls: CallbackUrls): string {
  return [
    'Frontline > Manage > Callbacks',
    ...field('CRM Callback URL', urls.crm),
    ...field('Outgoing Conversations Callback URL', urls['outgoing-conversation']),
    ...field('Templates Callback URL', urls.templates),
    'Frontline > Manage > Routing',
    ...field('Custom routing, its URL', urls.routing),
  ].join('\n');
}

function field(name: string, value: string): readonly string[] {
  return [`  ${name}`, `    ${value}`];
}
