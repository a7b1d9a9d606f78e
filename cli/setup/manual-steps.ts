import { type Environment, readPublicBaseUrl } from '../../lambdas/config';
import { isKnownError } from '../../lambdas/errors';
import { CALLBACK_NAMES, type CallbackName, callbackPath, perCallback } from '../../lambdas/twilio/callbacks';
import { UserError } from '../../lib/user-error';
import { deployedUrls } from '../aws/deployed-stack';
import type { ManualStep } from '../plan/plan';
import { readSettings, settingProblems } from '../settings/settings';
import type { ConsoleOutput } from '../terminal/console-output';
import { usesFrontline } from './uses-frontline';

type CallbackUrls = Readonly<Record<CallbackName, string>>;

const CALLBACKS_PAGE = 'Frontline > Manage > Callbacks';
const ROUTING_PAGE = 'Frontline > Manage > Routing';
/** The field of the Twilio console for each callback; null for the one whose URL setup itself sets. */
const FIELDS: Readonly<Record<CallbackName, { readonly page: string; readonly name: string } | null>> = {
  crm: { page: CALLBACKS_PAGE, name: 'CRM Callback URL' },
  'outgoing-conversation': { page: CALLBACKS_PAGE, name: 'Outgoing Conversations Callback URL' },
  templates: { page: CALLBACKS_PAGE, name: 'Templates Callback URL' },
  routing: { page: ROUTING_PAGE, name: 'Custom routing, its URL' },
  'twilio-conversations': null,
};

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
  if (urls === null) {
    if (number === 0) screen.pass('Nothing');
    return;
  }
  screen.line(`  ${number + 1}. Paste these URLs into the Twilio console (no API can set them):`);
  screen.detail(consoleFields(urls));
}

/**
 * Prints the URLs to paste into the Twilio console: the deployed stack's, or those below PUBLIC_BASE_URL.
 * @throws {UserError} if there are neither.
 */
export async function showUrls(environment: Environment, screen: ConsoleOutput): Promise<void> {
  if (await isWithoutFrontline(environment)) {
    screen.line(
      'The account has no Frontline (ROUTING=service), so there is nothing to paste: npx frontline setup sets what the inbox needs',
    );
    return;
  }
  const publicUrl = readPublicBaseUrl(environment);
  const urls = (await deployedUrls()) ?? (publicUrl === null ? null : urlsBelow(publicUrl));
  if (urls === null) {
    throw new UserError(
      'No stack is deployed, and PUBLIC_BASE_URL is not set: npx frontline setup deploys the stack',
    );
  }
  screen.line(consoleFields(urls));
}

/** False if that cannot be known, because settings are missing or Twilio does not answer. */
async function isWithoutFrontline(environment: Environment): Promise<boolean> {
  if (settingProblems(environment).length > 0) return false;
  try {
    return !(await usesFrontline(readSettings(environment)));
  } catch (error) {
    if (isKnownError(error)) return false;
    throw error;
  }
}

function urlsBelow(base: string): CallbackUrls {
  return perCallback((name) => `${base}${callbackPath(name)}`);
}

/** The fields that no API can set, by page of the console; each value on a line of its own, to be copied whole. */
function consoleFields(urls: CallbackUrls): string {
  const linesOf = (page: string) =>
    CALLBACK_NAMES.flatMap((callback) => {
      const field = FIELDS[callback];
      return field?.page === page ? [`  ${field.name}`, `    ${urls[callback]}`] : [];
    });
  return [CALLBACKS_PAGE, ROUTING_PAGE].flatMap((page) => [page, ...linesOf(page)]).join('\n');
}
