import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { compareSecret, fillSecret, planSecret, secretValues } from '../../../cli/aws/credentials-secret';
import { readSettings } from '../../../cli/settings/settings';
import { type SecretsManager, startSecretsManager } from '../../../emulators/secrets-manager/secrets-manager';
import { MINIMAL } from '../settings/minimal-settings';

const EXPECTED = secretValues(readSettings(MINIMAL));

let manager: SecretsManager;
let arn: string;

beforeAll(async () => {
  manager = await startSecretsManager();
  arn = manager.arn('credentials');
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: manager.url,
  });
});
afterEach(() => manager.faults.clear());
afterAll(() => manager.close());

const hold = (value: object | string | null) =>
  manager.put('credentials', typeof value === 'object' && value !== null ? JSON.stringify(value) : value);

/** The entries of the secret. */
async function held(): Promise<unknown> {
  const client = new SecretsManagerClient({ endpoint: manager.url });
  const { SecretString = 'null' } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
  return JSON.parse(SecretString);
}

/** The requests to Secrets Manager since then. */
function operationsSince(count: number): readonly string[] {
  return manager.requests.slice(count).map(({ operation }) => operation);
}

describe('the values for the secret', () => {
  test('are the credentials of .env, and a second token only if there is one', () => {
    expect(EXPECTED).toEqual({
      ACCOUNT_SID: MINIMAL.ACCOUNT_SID,
      AUTH_TOKEN: 'token-of-env',
      AIRTABLE_API_KEY: 'patOfEnv.1',
    });
    expect(
      secretValues(
        readSettings({
          ...MINIMAL,
          AUTH_TOKEN_SECONDARY: 'second',
          AIRTABLE_SETUP_API_KEY: 'patForSetUp.1',
        }),
      ),
    ).toEqual({ ...EXPECTED, AUTH_TOKEN_SECONDARY: 'second' });
  });

  test('have shared keys if .env has any', () => {
    const settings = readSettings({ ...MINIMAL, WEBHOOK_SHARED_KEYS: 'one,two' });

    expect(secretValues(settings)).toEqual({ ...EXPECTED, WEBHOOK_SHARED_KEYS: 'one,two' });
  });

  test('have an API key if .env has one', () => {
    const key = { TWILIO_API_KEY_SID: `SK${'2'.repeat(32)}`, TWILIO_API_KEY_SECRET: 'key-secret' };

    expect(secretValues(readSettings({ ...MINIMAL, ...key }))).toEqual({ ...EXPECTED, ...key });
  });
});

describe('filling the secret', () => {
  test('fills an empty one', async () => {
    hold(null);

    await fillSecret(arn, EXPECTED);

    expect(await held()).toEqual(EXPECTED);
  });

  test('keeps the keys of others', async () => {
    hold({ ...EXPECTED, AUTH_TOKEN: 'old', AUTH_TOKEN_SECONDARY: 'second', OTHER: { a: 1 } });

    await fillSecret(arn, EXPECTED);

    expect(await held()).toEqual({ ...EXPECTED, AUTH_TOKEN_SECONDARY: 'second', OTHER: { a: 1 } });
  });

  test('writes nothing if it has the values already', async () => {
    hold({ OTHER: 1, ...EXPECTED });
    const count = manager.requests.length;

    await fillSecret(arn, EXPECTED);

    expect(operationsSince(count)).toEqual(['GetSecretValue']);
  });

  test('replaces a text that is not a JSON object, because no function could read it', async () => {
    hold('generated password');

    await fillSecret(arn, EXPECTED);

    expect(await held()).toEqual(EXPECTED);
  });

  test('fails with the reason, and without a value', async () => {
    hold(null);
    manager.faults.always({ kind: 'access-denied' });

    const filling = fillSecret(arn, EXPECTED);

    await expect(filling).rejects.toMatchObject({
      name: 'Misconfigured',
      message: expect.stringContaining('AWS denied secretsmanager:GetSecretValue'),
    });
    await expect(filling).rejects.not.toMatchObject({ message: expect.stringContaining('patOfEnv') });
  });
});

describe('comparing the secret', () => {
  test('names missing and different keys, and never a value', async () => {
    hold({ ACCOUNT_SID: MINIMAL.ACCOUNT_SID, AUTH_TOKEN: 'old', AIRTABLE_API_KEY: '' });

    expect(await compareSecret(arn, EXPECTED)).toEqual([
      { key: 'AUTH_TOKEN', isThere: true },
      { key: 'AIRTABLE_API_KEY', isThere: false },
    ]);
  });

  test('names nothing if it is up to date', async () => {
    hold({ ...EXPECTED, OTHER: 'x' });

    expect(await compareSecret(arn, EXPECTED)).toEqual([]);
  });
});

describe('the plan', () => {
  const settings = readSettings(MINIMAL);
  const stackWith = (name: string) => ({
    status: 'UPDATE_COMPLETE',
    reason: null,
    isProtected: false,
    outputs: { CredentialsSecretArn: manager.arn(name) },
  });

  test('names the keys in which the secret differs from .env, and no value', async () => {
    hold({ ...EXPECTED, AIRTABLE_API_KEY: 'patAnother.1' });

    const { changes } = await planSecret(settings, stackWith('credentials'));

    expect(changes).toMatchObject([{ problem: 'the secret lacks values of .env: AIRTABLE_API_KEY' }]);
    expect(JSON.stringify(changes)).not.toContain('pat');
  });

  test('is empty if the secret matches', async () => {
    hold({ ...EXPECTED, OTHER: 1 });

    expect((await planSecret(settings, stackWith('credentials'))).changes).toBeUndefined();
  });

  test('reports a deleted secret', async () => {
    await expect(planSecret(settings, stackWith('another'))).rejects.toMatchObject({
      problem: expect.stringMatching(/secret arn:.* no longer exists$/),
      fix: expect.stringContaining('npx frontline teardown'),
    });
  });
});
