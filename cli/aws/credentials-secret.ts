import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import * as v from 'valibot';
import { errorMessage } from '../../lambdas/errors';
import { STACK_NAME } from '../../lib/stack-names';
import { SERVICE_OUTPUTS } from '../../lib/stack-outputs';
import type { Change, PlanPart } from '../plan/plan';
import type { Settings } from '../settings/settings';
import { AwsSetupError, awsErrorName, callAws, clientOptions } from './aws-errors';
import { readStackStatus, type StackStatus, stackOutputs } from './deployed-stack';
import { noStack } from './stack-errors';
import { stateOf } from './wait-for-stack';

/** The expected values of the secret by key; other keys are left unchanged. */
export type SecretValues = Readonly<Record<string, string>>;

/** The values for the secret from the settings; a second token, shared keys and an API key only if there are any. */
export function secretValues(settings: Settings): SecretValues {
  return {
    ACCOUNT_SID: settings.accountSid,
    AUTH_TOKEN: settings.authToken,
    ...(settings.authTokenSecondary !== null && { AUTH_TOKEN_SECONDARY: settings.authTokenSecondary }),
    AIRTABLE_API_KEY: settings.airtableApiKey,
    ...(settings.webhookSharedKeys !== null && { WEBHOOK_SHARED_KEYS: settings.webhookSharedKeys }),
    ...(settings.twilioApiKey !== null && {
      TWILIO_API_KEY_SID: settings.twilioApiKey.sid,
      TWILIO_API_KEY_SECRET: settings.twilioApiKey.secret,
    }),
  };
}

/** A difference between the expected and the actual value of a key. */
export interface SecretDifference {
  readonly key: string;
  readonly isThere: boolean;
}

/** The keys that are missing or have another value. @throws {AwsSetupError} {ServiceUnavailableError} */
export async function compareSecret(arn: string, wanted: SecretValues): Promise<readonly SecretDifference[]> {
  const held = entriesOf(await readText(new SecretsManagerClient(clientOptions()), arn));
  return differing(held, wanted);
}

/**
 * Puts the values into the secret and keeps its other keys. Writes nothing if the secret has the values already.
 * @throws {AwsSetupError} {ServiceUnavailableError}
 */
export async function fillSecret(arn: string, wanted: SecretValues): Promise<void> {
  const client = new SecretsManagerClient(clientOptions());
  const held = entriesOf(await readText(client, arn));
  if (differing(held, wanted).length === 0) return;
  const SecretString = JSON.stringify({ ...held, ...wanted });
  await callAws('secretsmanager:PutSecretValue', () =>
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

/** The entries of a secret's text; empty if it is not a JSON object, because no function could use it. */
function entriesOf(text: string): Readonly<Record<string, unknown>> {
  const parsed = v.safeParse(SecretText, text);
  return parsed.success ? parsed.output : {};
}

/** The secret's text; empty if it was never filled. */
async function readText(client: SecretsManagerClient, arn: string): Promise<string> {
  const request = async () => {
    try {
      return (await client.send(new GetSecretValueCommand({ SecretId: arn }))).SecretString ?? '';
    } catch (error) {
      // AWS returns this for a secret without a version, as the stack creates it. A missing secret has another message.
      const isAbsent = awsErrorName(error) === 'ResourceNotFoundException';
      if (isAbsent && /staging label|secret value/i.test(errorMessage(error))) return '';
      if (isAbsent) throw deletedSecret(arn, error);
      if (awsErrorName(error) === 'InvalidRequestException' && /delet/i.test(errorMessage(error))) {
        throw secretMarkedForDeletion(arn, error);
      }
      throw error;
    }
  };
  return callAws('secretsmanager:GetSecretValue', request);
}

function deletedSecret(arn: string, cause: unknown): AwsSetupError {
  return new AwsSetupError(
    `The stack's secret ${arn} no longer exists`,
    'tear the stack down and set it up again (npx frontline teardown, npx frontline setup): CloudFormation does not recreate it',
    cause,
  );
}

function secretMarkedForDeletion(arn: string, cause: unknown): AwsSetupError {
  return new AwsSetupError(
    `The secret ${arn} is marked for deletion`,
    `aws secretsmanager restore-secret --secret-id ${arn}`,
    cause,
  );
}

/**
 * Whether the stack's secret has the settings' credentials. Shows differences by name only.
 * @throws {AwsSetupError}
 */
export async function planSecret(settings: Settings, stack: StackStatus | null): Promise<PlanPart> {
  const wanted = secretValues(settings);
  const isReady = stack !== null && stateOf(stack.status) === 'ready';
  const arn = isReady ? stack.outputs[SERVICE_OUTPUTS.credentialsSecretArn] : undefined;
  const different: readonly SecretDifference[] = arn
    ? await compareSecret(arn, wanted)
    : Object.keys(wanted).map((key) => ({ key, isThere: false }));
  if (different.length === 0) return { upToDate: ['The credentials secret matches .env'] };
  const keys = different.map(({ key }) => key).join(', ');
  const change: Change = {
    summary: `Fill the credentials secret: ${keys}`,
    diff: different.map(({ key, isThere }) => ({
      what: key,
      from: isThere ? 'another value' : null,
      to: 'the value of .env',
    })),
    problem: `the secret lacks values of .env: ${keys}`,
    apply: async () => {
      const deployed = await readStackStatus(STACK_NAME);
      if (deployed === null) throw noStack();
      await fillSecret(stackOutputs(deployed).credentialsSecretArn, wanted);
    },
  };
  return { changes: [change] };
}
