import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import type * as v from 'valibot';
import { type Environment, FUNCTION_VARIABLES } from '../lambdas/config';
import {
  type ConfigProblem,
  formatProblem,
  INBOX_FUNCTION_VARIABLES,
  parseSettings,
} from '../lambdas/config-schema';
import { ConfigurationError, errorCode } from '../lambdas/errors';
import { StackSettings } from './settings-schema';

/** The configuration of the stack. It contains no secrets. */
export interface DeploymentConfiguration {
  /** The variables that every function gets; those that are not configured are left out. */
  readonly functionVariables: Readonly<Record<string, string>>;
  /** The base that the service works on. */
  readonly baseId: string;
  /** Minutes between two runs of sync. */
  readonly syncMinutes: number;
  /** The opt-out table that an earlier stack left, or null to create one. */
  readonly optOutTableName: string | null;
  /** The inbox's table that an earlier stack left, or null to create one. */
  readonly inboxTableName: string | null;
  /** The workers' inbox, or null for none. */
  readonly inbox: InboxDeployment | null;
  /** Scheme, host and mapping path of the URL that Twilio calls, or null for the API's own address. */
  readonly publicBaseUrl: string | null;
  /** The e-mail address that alarms notify, or null for none. */
  readonly alarmEmail: string | null;
}

/** The configuration of the inbox's stack. */
export interface InboxDeployment {
  /** The variables that the inbox's functions get besides the others; those that are not configured are left out. */
  readonly functionVariables: Readonly<Record<string, string>>;
  /** The inbox's own address, scheme and host without a slash at the end; null for CloudFront's. */
  readonly siteUrl: string | null;
  /** The certificate with which CloudFront serves the own domain; null if something else serves it. */
  readonly certificateArn: string | null;
  /** Replaces the WebSocket API's management address, for trials; null for the API's own. */
  readonly connectionsUrl: string | null;
  /** Another server of Twilio's media, for trials; null for Twilio itself. */
  readonly mediaUrl: string | null;
}

/**
 * Reads the configuration of a deployment, with the checks that all commands and functions share. Credentials stay
 * behind.
 * @throws {ConfigurationError} naming every variable that is missing or malformed.
 */
export function readDeploymentConfiguration(environment: Environment): DeploymentConfiguration {
  const settings = parseSettings(StackSettings, environment);
  return {
    functionVariables: functionVariablesOf(environment),
    baseId: settings.AIRTABLE_BASE_ID,
    syncMinutes: settings.SYNC_MINUTES,
    optOutTableName: settings.OPT_OUT_TABLE_NAME,
    inboxTableName: settings.INBOX_TABLE_NAME,
    inbox: settings.INBOX ? inboxDeployment(settings, environment) : null,
    publicBaseUrl: settings.PUBLIC_BASE_URL,
    alarmEmail: settings.ALARM_EMAIL,
  };
}

/** The problem of INBOX_CERTIFICATE_ARN without INBOX_URL; empty without such a problem. */
export function certificateProblems(environment: Environment): readonly ConfigProblem[] {
  const has = (name: string) => Boolean(environment[name]?.trim());
  if (!has('INBOX_CERTIFICATE_ARN') || has('INBOX_URL')) return [];
  const message =
    'is missing: the address that the certificate INBOX_CERTIFICATE_ARN is for, such as https://inbox.example.com';
  return [{ variable: 'INBOX_URL', message }];
}

function inboxDeployment(
  settings: v.InferOutput<typeof StackSettings>,
  environment: Environment,
): InboxDeployment {
  const problems = certificateProblems(environment);
  if (problems.length > 0) throw new ConfigurationError(problems.map(formatProblem));
  return {
    functionVariables: inboxVariablesOf(environment),
    siteUrl: settings.INBOX_URL,
    certificateArn: settings.INBOX_CERTIFICATE_ARN,
    connectionsUrl: settings.INBOX_CONNECTIONS_URL,
    mediaUrl: settings.TWILIO_MEDIA_URL,
  };
}

/** The variables that a function gets, as they are written; those that are not configured are left out. */
export function functionVariablesOf(environment: Environment): Readonly<Record<string, string>> {
  return configuredOf(FUNCTION_VARIABLES, environment);
}

/** Likewise, the variables that the inbox's functions get besides these. */
export function inboxVariablesOf(environment: Environment): Readonly<Record<string, string>> {
  return configuredOf(INBOX_FUNCTION_VARIABLES, environment);
}

function configuredOf(names: readonly string[], environment: Environment): Readonly<Record<string, string>> {
  const configured = names.flatMap((name) => {
    const value = environment[name]?.trim();
    return value ? [[name, value] as const] : [];
  });
  return Object.fromEntries(configured);
}

/**
 * Merges the directory's `.env` into the environment: exported variables override those in the file. A missing file
 * counts as empty.
 * @throws {ConfigurationError} if the file exists and cannot be read.
 */
export function withDotEnv(directory: string, environment: Environment): Environment {
  return { ...parse(readFile(join(directory, '.env'))), ...environment };
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return '';
    throw new ConfigurationError([`${path} cannot be read: make it a readable file, or remove it`], {
      cause,
    });
  }
}
