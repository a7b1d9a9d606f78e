import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import * as v from 'valibot';
import { type Credentials, parseSecret } from '../../lambdas/credentials/credentials';
import { reasonOf } from '../../lambdas/errors/errors';
import type { Settings } from '../settings/settings';
import { askAws, awsErrorName, clientOptions } from './ask-aws';
import { AwsUnusable } from './aws-unusable';

/** What the functions find in their secret. */
export interface HeldSecret {
  readonly credentials: Credentials;
  /** The names of all that is in it, ours or not. */
  readonly keys: readonly string[];
}

/** What the secret is to hold, by key; other keys in it are left alone. */
export type SecretValues = Readonly<Record<string, string>>;

/** The values for the secret out of the settings; a second token and shared keys only where there are any. */
export function secretValues(settings: Settings): SecretValues {
  return {
    ACCOUNT_SID: settings.accountSid,
    AUTH_TOKEN: settings.authToken,
    ...(settings.authTokenSecondary !== null && { AUTH_TOKEN_SECONDARY: settings.authTokenSecondary }),
    AIRTABLE_API_KEY: settings.airtableApiKey,
    ...(settings.webhookSharedKeys !== null && { WEBHOOK_SHARED_KEYS: settings.webhookSharedKeys }),
  };
}

/**
 * Reads the secret as the functions do.
 * @throws {Misconfigured} where it is empty, or naming the keys that it lacks; {AwsUnusable} where it is gone
 */
export async function readSecret(arn: string): Promise<HeldSecret> {
  const text = await readText(new SecretsManagerClient(clientOptions()), arn);
  return { credentials: parseSecret(text), keys: Object.keys(entriesOf(text)) };
}

/** How a key of the secret is not as it should be. */
export interface SecretDifference {
  readonly key: string;
  readonly isThere: boolean;
}

/** The keys that the secret lacks or holds another value under. @throws {AwsUnusable} {Unavailable} */
export async function compareSecret(arn: string, wanted: SecretValues): Promise<readonly SecretDifference[]> {
  const held = entriesOf(await readText(new SecretsManagerClient(clientOptions()), arn));
  return differing(held, wanted);
}

/**
 * Puts the values into the secret, beside whatever else others keep there; nothing is written where it holds them
 * already.
 * @throws {AwsUnusable} {Unavailable}
 */
export async function fillSecret(arn: string, wanted: SecretValues): Promise<void> {
  const client = new SecretsManagerClient(clientOptions());
  const held = entriesOf(await readText(client, arn));
  if (differing(held, wanted).length === 0) return;
  const SecretString = JSON.stringify({ ...held, ...wanted });
  await askAws('secretsmanager:PutSecretValue', () =>
    client.send(new PutSecretValueCommand({ SecretId: arn, SecretString })),
  );
}

function differing(
  held: Readonly<Record<string, unknown>>,
  wanted: SecretValues,
): readonly SecretDifference[] {
  return Object.entries(wanted).flatMap(([key, value]) =>
    held[key] === value ? [] : [{ key, isThere: Boolean(held[key]) }],
  );
}

const SecretText = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown()));

/** What is in a secret's text; nothing in one that is no JSON object, which nobody could use either. */
function entriesOf(text: string): Readonly<Record<string, unknown>> {
  const parsed = v.safeParse(SecretText, text);
  return parsed.success ? parsed.output : {};
}

/** The secret's text; blank where it was never filled. */
async function readText(client: SecretsManagerClient, arn: string): Promise<string> {
  const request = async () => {
    try {
      return (await client.send(new GetSecretValueCommand({ SecretId: arn }))).SecretString ?? '';
    } catch (error) {
      // The answer for a secret without any version yet, as the stack creates it. Without one at all, it reads else.
      const isAbsent = awsErrorName(error) === 'ResourceNotFoundException';
      if (isAbsent && /staging label|secret value/i.test(reasonOf(error))) return '';
      if (isAbsent) throw gone(arn, error);
      if (awsErrorName(error) === 'InvalidRequestException' && /delet/i.test(reasonOf(error))) {
        throw marked(arn, error);
      }
      throw error;
    }
  };
  return askAws('secretsmanager:GetSecretValue', request);
}

function gone(arn: string, cause: unknown): AwsUnusable {
  return new AwsUnusable(
    `The secret ${arn} of the stack is gone`,
    'take the stack down and set it up again (npm run teardown, npm run setup): CloudFormation does not make it anew',
    cause,
  );
}

function marked(arn: string, cause: unknown): AwsUnusable {
  return new AwsUnusable(
    `The secret ${arn} is marked for deletion`,
    `aws secretsmanager restore-secret --secret-id ${arn}`,
    cause,
  );
}
