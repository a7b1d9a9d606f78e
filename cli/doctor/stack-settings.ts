import { isDeepStrictEqual } from 'node:util';
import {
  type Configuration,
  type FUNCTION_VARIABLES,
  readConfiguration,
  type STACK_VARIABLES,
} from '../../lambdas/config';
import { ConfigurationError } from '../../lambdas/errors';
import type { DeployedStack } from '../aws/deployed-stack';
import type { CheckResult, Finding } from './health-check';

/** Variables that only the stack or the bench sets, and `.env` does not. */
type NotInEnv = keyof typeof STACK_VARIABLES | 'airtableRequestsPerSecond';

/** The variable that each part of the configuration comes from; `frontlineUrl` has the same one as its neighbour. */
const VARIABLE_OF: Readonly<
  Record<Exclude<keyof Configuration, 'frontlineUrl' | NotInEnv>, (typeof FUNCTION_VARIABLES)[number]>
> = {
  airtableBaseId: 'AIRTABLE_BASE_ID',
  templatesView: 'AIRTABLE_TEMPLATES_VIEW',
  smsNumber: 'TWILIO_SMS_NUMBER',
  whatsappNumber: 'TWILIO_WHATSAPP_NUMBER',
  defaultCountry: 'DEFAULT_COUNTRY',
  defaultWorkers: 'DEFAULT_WORKER',
  customerVisibility: 'CUSTOMER_VISIBILITY',
  optOutWords: 'OPT_OUT_WORDS',
  optInWords: 'OPT_IN_WORDS',
  syncMinutes: 'SYNC_MINUTES',
  pingSeconds: 'SYNC_PING_SECONDS',
  publicBaseUrl: 'PUBLIC_BASE_URL',
  airtableUrl: 'AIRTABLE_ENDPOINT_URL',
  conversationsUrl: 'TWILIO_API_URL',
};

const IN_PARTS = Object.entries(VARIABLE_OF);

/**
 * Whether the functions run with these settings. Meanings are compared: a number in another notation is the same
 * number.
 */
export function settingsOutcome({ functionVariables }: DeployedStack, wanted: Configuration): CheckResult {
  const different = new Set([...functionVariables.values()].flatMap((held) => differences(held, wanted)));
  if (different.size === 0) return { status: 'pass', message: 'same as .env' };
  return {
    status: 'fail',
    message: 'the deployed settings differ from .env',
    fix: 'npm run setup deploys the settings of .env',
    findings: [...different].map((what): Finding => ({ what, link: null })),
  };
}

function differences(held: Readonly<Record<string, string>>, wanted: Configuration): readonly string[] {
  const deployed = attempt(held);
  if (deployed instanceof ConfigurationError) return deployed.problems;
  const [before, after] = [new Map(Object.entries(deployed)), new Map(Object.entries(wanted))];
  return IN_PARTS.flatMap(([part, variable]) => {
    const [from, to] = [before.get(part), after.get(part)];
    return isDeepStrictEqual(from, to)
      ? []
      : [`${variable}: deployed ${formatValue(from)}, in .env ${formatValue(to)}`];
  });
}

/** The deployed configuration; the error if it is invalid. */
function attempt(variables: Readonly<Record<string, string>>): Configuration | ConfigurationError {
  try {
    return readConfiguration(variables);
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
}

function formatValue(value: unknown): string {
  return [value].flat().join(', ') || '(not set)';
}
