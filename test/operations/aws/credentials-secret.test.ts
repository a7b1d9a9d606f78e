import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type SecretsManager, startSecretsManager } from '../../../local/secrets-manager/secrets-manager';
import {
  compareSecret,
  fillSecret,
  readSecret,
  secretValues,
} from '../../../operations/aws/credentials-secret';
import { readSettings } from '../../../operations/settings/settings';

const SETTINGS = {
  ACCOUNT_SID: `AC${'1'.repeat(32)}`,
  AUTH_TOKEN: 'token-of-env',
  AIRTABLE_API_KEY: 'patOfEnv.1',
  AIRTABLE_BASE_ID: 'appTest',
  TWILIO_SMS_NUMBER: '+14135550100',
};
const WANTED = secretValues(readSettings(SETTINGS));

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

/** What was asked of Secrets Manager since. */
function operationsSince(count: number): readonly string[] {
  return manager.requests.slice(count).map(({ operation }) => operation);
}

describe('the values for the secret', () => {
  test('are the credentials of .env, and a second token only where there is one', () => {
    expect(WANTED).toEqual({
      ACCOUNT_SID: SETTINGS.ACCOUNT_SID,
      AUTH_TOKEN: 'token-of-env',
      AIRTABLE_API_KEY: 'patOfEnv.1',
    });
    expect(
      secretValues(
        readSettings({
          ...SETTINGS,
          AUTH_TOKEN_SECONDARY: 'second',
          AIRTABLE_SETUP_API_KEY: 'patForSetUp.1',
        }),
      ),
    ).toEqual({ ...WANTED, AUTH_TOKEN_SECONDARY: 'second' });
  });

  test('have shared keys where .env has any', () => {
    const settings = readSettings({ ...SETTINGS, WEBHOOK_SHARED_KEYS: 'one,two' });

    expect(secretValues(settings)).toEqual({ ...WANTED, WEBHOOK_SHARED_KEYS: 'one,two' });
  });
});

describe('filling the secret', () => {
  test('fills an empty one, and the functions can read it', async () => {
    hold(null);

    await fillSecret(arn, WANTED);

    expect(await readSecret(arn)).toEqual({
      credentials: {
        accountSid: SETTINGS.ACCOUNT_SID,
        authToken: 'token-of-env',
        signingTokens: ['token-of-env'],
        sharedKeys: [],
        airtableApiKey: 'patOfEnv.1',
      },
      keys: ['ACCOUNT_SID', 'AUTH_TOKEN', 'AIRTABLE_API_KEY'],
    });
  });

  test('leaves alone what others keep there', async () => {
    hold({ ...WANTED, AUTH_TOKEN: 'old', AUTH_TOKEN_SECONDARY: 'second', OTHER: { a: 1 } });

    await fillSecret(arn, WANTED);

    const { credentials, keys } = await readSecret(arn);
    expect(credentials.signingTokens).toEqual(['token-of-env', 'second']);
    expect(keys).toContain('OTHER');
  });

  test('writes nothing where it holds the values already', async () => {
    hold({ OTHER: 1, ...WANTED });
    const count = manager.requests.length;

    await fillSecret(arn, WANTED);

    expect(operationsSince(count)).toEqual(['GetSecretValue']);
  });

  test('replaces what is no JSON object, which no function could read', async () => {
    hold('generated password');

    await fillSecret(arn, WANTED);

    expect((await readSecret(arn)).keys).toEqual(Object.keys(WANTED));
  });

  test('fails with the reason, and without a value', async () => {
    hold(null);
    manager.faults.always('access-denied');

    const filling = fillSecret(arn, WANTED);

    await expect(filling).rejects.toMatchObject({
      name: 'Misconfigured',
      message: expect.stringContaining('AWS does not allow secretsmanager:GetSecretValue'),
    });
    await expect(filling).rejects.not.toMatchObject({ message: expect.stringContaining('patOfEnv') });
  });
});

describe('comparing the secret', () => {
  test('names what it lacks and what it holds another value of, and never a value', async () => {
    hold({ ACCOUNT_SID: SETTINGS.ACCOUNT_SID, AUTH_TOKEN: 'old', AIRTABLE_API_KEY: '' });

    expect(await compareSecret(arn, WANTED)).toEqual([
      { key: 'AUTH_TOKEN', isThere: true },
      { key: 'AIRTABLE_API_KEY', isThere: false },
    ]);
  });

  test('names nothing where all is as it should be', async () => {
    hold({ ...WANTED, OTHER: 'x' });

    expect(await compareSecret(arn, WANTED)).toEqual([]);
  });
});

describe('reading the secret', () => {
  test.each([
    [null, 'The credentials secret is empty'],
    [{ ...WANTED, AUTH_TOKEN: '' }, 'The credentials secret lacks a usable AUTH_TOKEN'],
    ['[]', 'The credentials secret'],
  ])('says what is wrong with %j', async (held, message) => {
    hold(held);

    await expect(readSecret(arn)).rejects.toMatchObject({
      name: 'Misconfigured',
      message: expect.stringContaining(message),
    });
  });

  test('says that the secret is gone', async () => {
    await expect(readSecret(manager.arn('another'))).rejects.toMatchObject({
      says: expect.stringMatching(/^The secret arn:.* is gone$/),
      remedy: expect.stringContaining('npm run teardown'),
    });
  });
});
