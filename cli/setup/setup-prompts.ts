import * as v from 'valibot';
import type { Environment } from '../../lambdas/config';
import { CredentialsRejectedError, isKnownError } from '../../lambdas/errors';
import { addressOn } from '../../lambdas/phone-number/address';
import { AllSettings } from '../../lib/settings-schema';
import {
  describeTokens,
  listBases,
  type TokenDescription,
  tokenLimits,
  tokenProblems,
} from '../airtable/inspect-token';
import { apiKeyOf } from '../settings/settings';
import type { Choice } from '../terminal/prompts';
import { planDefaultWorkers } from '../twilio/default-workers';
import { planSmsNumber } from '../twilio/phone-number';
import { routingOf } from '../twilio/routing';
import { openTwilioAccount, type TwilioAccount } from '../twilio/twilio-account';
import { WHATSAPP_FIX } from '../twilio/twilio-parts';
import { type Stage, VARIABLE, type Variable, type Verification } from './config-variables';

interface PromptOptions {
  /** Whether the Airtable token may be tested by changing a record that cannot exist. */
  readonly tryWriting: boolean;
  /** Whether setup turns the inbox on, whose workers need no Frontline. */
  readonly inbox: boolean;
}

/** The prompts, ordered so that each value helps with the next. */
export function stages({ tryWriting, inbox }: PromptOptions): readonly Stage[] {
  return [
    {
      variables: [VARIABLE.accountSid, VARIABLE.authToken],
      choices: noChoices,
      verify: verifyAccount,
    },
    {
      variables: [VARIABLE.smsNumber],
      choices: (environment) => orNone(() => numbersOf(environment)),
      verify: verifySmsNumber,
    },
    { variables: [VARIABLE.whatsappNumber], choices: noChoices, verify: verifyWhatsAppNumber },
    {
      variables: [VARIABLE.airtableApiKey, VARIABLE.airtableBaseId],
      choices: (environment, variable) =>
        variable === VARIABLE.airtableBaseId ? orNone(() => basesOf(environment)) : noChoices(),
      verify: (environment) => verifyBase(environment, tryWriting),
    },
    {
      variables: [VARIABLE.defaultWorker],
      choices: noChoices,
      verify: (environment) => verifyWorkers(environment, inbox),
    },
    formOnly(VARIABLE.alarmEmail),
    ...(inbox ? [] : [formOnly(VARIABLE.ssoRealmSid)]),
  ];
}

const NOTHING: Verification = { confirmed: null };

/** A setting of which only the form can be verified. */
function formOnly(variable: Variable): Stage {
  return { variables: [variable], choices: noChoices, verify: async () => NOTHING };
}

async function verifyAccount(environment: Environment): Promise<Verification> {
  const problem = (variable: string, what: string, fix: string): Verification => ({
    confirmed: null,
    problems: [{ variable, what, fix }],
  });
  try {
    const { friendlyName, status } = await twilioOf(environment).readAccount();
    if (status === 'active') return { confirmed: `Twilio account "${friendlyName}"` };
    const what = `ACCOUNT_SID: the Twilio account "${friendlyName}" is ${status}`;
    return problem(
      VARIABLE.accountSid.name,
      what,
      'Enter the account that has your numbers, and Frontline if you use it',
    );
  } catch (error) {
    if (!(error instanceof CredentialsRejectedError)) throw error;
    return problem(
      VARIABLE.authToken.name,
      `Twilio rejected this AUTH_TOKEN for the account ${setting(environment, 'ACCOUNT_SID')}`,
      'Copy both from the first page of the Twilio console. Twilio also rejects those of a suspended or closed account',
    );
  }
}

async function verifySmsNumber(environment: Environment): Promise<Verification> {
  const number = setting(environment, 'TWILIO_SMS_NUMBER');
  const { upToDate = [], manualSteps = [] } = planSmsNumber(
    number,
    await twilioOf(environment).findNumber(number),
  );
  const variable = VARIABLE.smsNumber.name;
  return { confirmed: upToDate[0] ?? null, problems: manualSteps.map((step) => ({ ...step, variable })) };
}

/** A warning and not a problem, because a sender may be too new to be listed. */
async function verifyWhatsAppNumber(environment: Environment): Promise<Verification> {
  const number = setting(environment, 'TWILIO_WHATSAPP_NUMBER');
  if (number === null) return NOTHING;
  const { text: sender } = addressOn('whatsapp', number);
  const senders = await twilioOf(environment).messaging.listWhatsAppSenders();
  if (senders === null) return NOTHING;
  const addresses = senders.map(({ address }) => address);
  if (addresses.includes(sender)) return { confirmed: `${sender} is a WhatsApp sender of the account` };
  const what = `${sender} is not a WhatsApp sender of this Twilio account (senders: ${addresses.join(', ') || 'none'})`;
  return { confirmed: null, warnings: [{ what, fix: WHATSAPP_FIX }] };
}

/** A warning and not a problem, because a new user appears only after signing in to the app once. */
async function verifyWorkers(environment: Environment, inbox: boolean): Promise<Verification> {
  const workers = setting(environment, 'DEFAULT_WORKER');
  if (workers.length === 0 || !(await routesByFrontline(environment, inbox))) return NOTHING;
  const { upToDate = [], manualSteps = [] } = await planDefaultWorkers(twilioOf(environment), workers);
  return { confirmed: upToDate[0] ?? null, warnings: manualSteps };
}

/** Whether default workers are users of Frontline; otherwise they are workers of the inbox, who may not be invited yet. */
async function routesByFrontline(environment: Environment, inbox: boolean): Promise<boolean> {
  const isChosen = !inbox || Boolean(environment['ROUTING']?.trim());
  const routing = isChosen ? setting(environment, 'ROUTING') : await routingOf(twilioOf(environment));
  return routing === 'frontline';
}

async function verifyBase(environment: Environment, tryWriting: boolean): Promise<Verification> {
  const baseId = setting(environment, 'AIRTABLE_BASE_ID');
  const { url, apiKey } = airtableOf(environment);
  const setupApiKey = setting(environment, 'AIRTABLE_SETUP_API_KEY') ?? apiKey;
  const tokens = await describeTokens({ url, baseId }, { apiKey, setupApiKey }, { tryWriting });
  const use = { variable: VARIABLE.airtableApiKey.name, baseId, needs: ['records'] } as const;
  const canSeeOtherBases = (tokens.service.bases ?? []).length > 0;
  const variable = canSeeOtherBases ? VARIABLE.airtableBaseId.name : use.variable;
  // A correct base works without the schema scopes: the Airtable part reports them.
  const setupUse = { ...use, variable: 'AIRTABLE_SETUP_API_KEY', needs: [] };
  return {
    confirmed: `The Airtable token ${abilityOf(tokens.service)} ${baseId}`,
    problems: [
      ...tokenProblems(tokens.service, use).map((problem) => ({ ...problem, variable })),
      ...(setupApiKey === apiKey ? [] : tokenProblems(tokens.setup, setupUse)).map((problem) => ({
        ...problem,
        variable: null,
      })),
    ],
    warnings: tokenLimits(tokens.service, use.variable),
  };
}

/** The longest list of choices; a person types rather than scrolling through more. */
const MAX_CHOICES = 30;

async function numbersOf(environment: Environment): Promise<readonly Choice[]> {
  const numbers = await twilioOf(environment).listNumbers();
  return numbers.filter(({ canSms }) => canSms).map(({ number }) => ({ value: number, label: number }));
}

async function basesOf(environment: Environment): Promise<readonly Choice[]> {
  const bases = (await listBases(airtableOf(environment))) ?? [];
  return bases.map(({ id, name }) => ({ value: id, label: `${name} (${id})` }));
}

async function noChoices(): Promise<readonly Choice[]> {
  return [];
}

/** If no list is available, the person types, and the verification reports an invalid value. */
async function orNone(list: () => Promise<readonly Choice[]>): Promise<readonly Choice[]> {
  try {
    const choices = await list();
    return choices.length <= MAX_CHOICES ? choices : [];
  } catch (error) {
    if (isKnownError(error)) return [];
    throw error;
  }
}

function twilioOf(environment: Environment): TwilioAccount {
  return openTwilioAccount({
    accountSid: setting(environment, 'ACCOUNT_SID'),
    authToken: setting(environment, 'AUTH_TOKEN'),
    apiKey: apiKeyOf({
      TWILIO_API_KEY_SID: setting(environment, 'TWILIO_API_KEY_SID'),
      TWILIO_API_KEY_SECRET: setting(environment, 'TWILIO_API_KEY_SECRET'),
    }),
    apiUrl: setting(environment, 'TWILIO_API_URL'),
  });
}

function airtableOf(environment: Environment): { readonly url: string; readonly apiKey: string } {
  return {
    url: setting(environment, 'AIRTABLE_ENDPOINT_URL'),
    apiKey: setting(environment, 'AIRTABLE_API_KEY'),
  };
}

/** The message about the token. Whether it may change the base's tables only shows when they are changed. */
function abilityOf({ mayReadRecords, mayWriteRecords }: TokenDescription): string {
  if (mayReadRecords === null) return 'sees the base';
  return mayWriteRecords === null
    ? 'reads the records of the base'
    : 'reads and writes the records of the base';
}

type Entries = typeof AllSettings.entries;

/** A setting whose form is valid. */
function setting<K extends keyof Entries>(environment: Environment, name: K): v.InferOutput<Entries[K]> {
  return v.parse(AllSettings.entries[name], environment[name]);
}
