import { CALLBACK_NAMES, callbackPath } from '../../../lambdas/twilio/callbacks';
import type { StartState } from '../start-state';

type Urls = StartState['urls'];

const EMULATORS = {
  airtable: 'Airtable',
  twilio: 'Twilio',
  secretsManager: 'Secrets Manager',
  dynamoDb: 'DynamoDB',
  lambda: 'Lambda',
} as const;
const EMULATOR_NAMES = ['airtable', 'twilio', 'secretsManager', 'dynamoDb', 'lambda'] as const;

/** The URLs of the callbacks, one line each. */
export function callbackUrls(baseUrl: string): string {
  return CALLBACK_NAMES.map((name) => `    ${baseUrl}${callbackPath(name)}`).join('\n');
}

/** The URLs of the running emulators, one line each. */
export function emulatorUrls(urls: Urls): string {
  return EMULATOR_NAMES.flatMap((name) => {
    const url = urls[name];
    return url === undefined ? [] : `    ${EMULATORS[name].padEnd(16)} ${url}`;
  }).join('\n');
}
