import { AIRTABLE_URL, type Environment } from '../../lambdas/config';
import { ConfigurationError, isKnownError } from '../../lambdas/errors';
import { type E164Number, toE164 } from '../../lambdas/phone-number/address';
import { describeTokens, listBases, type TokenDescription } from '../airtable/inspect-token';
import { tokenLimits, tokenProblems } from '../airtable/token-problems';
import type { Choice } from '../terminal/prompts';
import { openTwilioAccount, type TwilioAccount } from '../twilio/twilio-account';
import { VARIABLE, type Variable } from './config-variables';
import type { Stage } from './stage';

/**
 * The prompts, ordered so that each value helps with the next.
 * @param tryWriting whether the Airtable token may be tested by changing a record that cannot exist.
 */
export function stages({ tryWriting }: { readonly tryWriting: boolean }): readonly Stage[] {
  return [
    {
      variables: [VARIABLE.accountSid, VARIABLE.authToken],
      choices: nothingToChoose,
      check: async (environment) => {
        const { friendlyName, status } = await twilioOf(environment).readAccount();
        if (status !== 'active') {
          throw new ConfigurationError([`ACCOUNT_SID: the Twilio account "${friendlyName}" is ${status}`]);
        }
        return { upToDate: `Twilio account "${friendlyName}"`, limits: [] };
      },
    },
    {
      variables: [VARIABLE.smsNumber],
      choices: (environment) => orNothing(() => numbersOf(environment)),
      check: async (environment) => {
        const smsNumber = numberIn(environment);
        const found = await twilioOf(environment).findNumber(smsNumber);
        if (found === null) {
          throw new ConfigurationError([
            `TWILIO_SMS_NUMBER: ${smsNumber} is not a number of this Twilio account`,
          ]);
        }
        if (!found.canSms) {
          throw new ConfigurationError([
            `TWILIO_SMS_NUMBER: ${smsNumber} cannot send SMS: choose a number that can`,
          ]);
        }
        return { upToDate: `${smsNumber} belongs to the account and can send SMS`, limits: [] };
      },
    },
    // No API of Twilio's lists the senders that WhatsApp has approved: only the form can be checked.
    typed(VARIABLE.whatsappNumber),
    {
      variables: [VARIABLE.airtableApiKey, VARIABLE.airtableBaseId],
      choices: (environment, variable) =>
        variable === VARIABLE.airtableBaseId ? orNothing(() => basesOf(environment)) : nothingToChoose(),
      check: async (environment) => {
        const baseId = environment[VARIABLE.airtableBaseId.name] ?? '';
        const { url, apiKey } = airtableOf(environment);
        const setupApiKey = text(environment, SETUP_KEY) || apiKey;
        const tokens = await describeTokens({ url, baseId }, { apiKey, setupApiKey }, { tryWriting });
        const use = { variable: VARIABLE.airtableApiKey.name, baseId, needs: ['records'] } as const;
        const problems = [
          ...tokenProblems(tokens.service, use),
          // A correct base works without the schema scopes: the Airtable part reports them.
          ...(setupApiKey === apiKey
            ? []
            : tokenProblems(tokens.setup, { ...use, variable: SETUP_KEY, needs: [] })),
        ];
        if (problems.length > 0) {
          throw new ConfigurationError(problems.map(({ what, fix }) => `${what}. ${fix}`));
        }
        return {
          upToDate: `The Airtable token ${abilityOf(tokens.service)} ${baseId}`,
          limits: tokenLimits(tokens.service, VARIABLE.airtableApiKey.name),
        };
      },
    },
    typed(VARIABLE.defaultWorker),
    typed(VARIABLE.alarmEmail),
    typed(VARIABLE.ssoRealmSid),
  ];
}

const SETUP_KEY = 'AIRTABLE_SETUP_API_KEY';

/** A setting of which only the form can be checked. */
function typed(variable: Variable): Stage {
  return { variables: [variable], choices: nothingToChoose, check: async () => null };
}

/** All choices; a list of more does not help. */
const MOST_CHOICES = 30;

async function numbersOf(environment: Environment): Promise<readonly Choice[]> {
  const numbers = await twilioOf(environment).listNumbers();
  return numbers.filter(({ canSms }) => canSms).map(({ number }) => ({ value: number, label: number }));
}

async function basesOf(environment: Environment): Promise<readonly Choice[]> {
  const bases = (await listBases(airtableOf(environment))) ?? [];
  return bases.map(({ id, name }) => ({ value: id, label: `${name} (${id})` }));
}

async function nothingToChoose(): Promise<readonly Choice[]> {
  return [];
}

/** If no list is available, the person types, and the check reports an invalid value. */
async function orNothing(list: () => Promise<readonly Choice[]>): Promise<readonly Choice[]> {
  try {
    const choices = await list();
    return choices.length <= MOST_CHOICES ? choices : [];
  } catch (error) {
    if (isKnownError(error)) return [];
    throw error;
  }
}

function twilioOf(environment: Environment): TwilioAccount {
  return openTwilioAccount({
    accountSid: text(environment, VARIABLE.accountSid.name),
    authToken: text(environment, VARIABLE.authToken.name),
    apiUrl: text(environment, 'TWILIO_API_URL').replace(/\/+$/, '') || null,
  });
}

function airtableOf(environment: Environment): { readonly url: string; readonly apiKey: string } {
  return {
    url: text(environment, 'AIRTABLE_ENDPOINT_URL').replace(/\/+$/, '') || AIRTABLE_URL,
    apiKey: text(environment, VARIABLE.airtableApiKey.name),
  };
}

/** The message about the token. Whether it may change the base's tables only shows when they are changed. */
function abilityOf({ mayReadRecords, mayWriteRecords }: TokenDescription): string {
  if (mayReadRecords === null) return 'sees the base';
  return mayWriteRecords === null
    ? 'reads the records of the base'
    : 'reads and writes the records of the base';
}

/** The number that texts are sent from, once its form is valid. */
function numberIn(environment: Environment): E164Number {
  const number = toE164(text(environment, VARIABLE.smsNumber.name), 'US');
  if (number === null)
    throw new ConfigurationError([`${VARIABLE.smsNumber.name} is not a valid phone number`]);
  return number;
}

function text(environment: Environment, name: string): string {
  return environment[name]?.trim() ?? '';
}
