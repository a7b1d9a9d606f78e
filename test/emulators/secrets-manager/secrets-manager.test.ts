import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type SecretsManager, startSecretsManager } from '../../../emulators/secrets-manager/secrets-manager';

let secretsManager: SecretsManager;
let client: SecretsManagerClient;

beforeEach(async () => {
  secretsManager = await startSecretsManager({ secrets: { Credentials: '{"AUTH_TOKEN":"a"}', Empty: null } });
  client = new SecretsManagerClient({
    endpoint: secretsManager.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
});
afterEach(async () => {
  client.destroy();
  await secretsManager.close();
});

const get = (SecretId: string) => client.send(new GetSecretValueCommand({ SecretId }));

describe('GetSecretValue', () => {
  test('returns the value by name and by ARN', async () => {
    const arn = secretsManager.arn('Credentials');

    const byName = await get('Credentials');
    const byArn = await get(arn);

    expect(arn).toMatch(/^arn:aws:secretsmanager:us-east-1:\d{12}:secret:Credentials-\w{6}$/);
    expect(byName).toMatchObject({
      ARN: arn,
      Name: 'Credentials',
      SecretString: '{"AUTH_TOKEN":"a"}',
      VersionStages: ['AWSCURRENT'],
      CreatedDate: expect.any(Date),
    });
    expect(byArn.VersionId).toBe(byName.VersionId);
  });

  test('does not find an unknown secret', async () => {
    await expect(get('Other')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: "Secrets Manager can't find the specified secret.",
    });
  });

  test('finds no value in a secret without one', async () => {
    await expect(get('Empty')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    });
  });

  test('returns the newest value', async () => {
    const before = await get('Credentials');
    await client.send(new PutSecretValueCommand({ SecretId: 'Credentials', SecretString: 'rotated' }));
    secretsManager.put('Empty', 'filled');

    const after = await get('Credentials');

    expect(after.SecretString).toBe('rotated');
    expect(after.VersionId).not.toBe(before.VersionId);
    expect((await get('Empty')).SecretString).toBe('filled');
  });
});

test('CreateSecret creates a secret once, with or without a value', async () => {
  await client.send(new CreateSecretCommand({ Name: 'Fresh' }));

  await expect(get('Fresh')).rejects.toThrow('staging label');
  await expect(client.send(new CreateSecretCommand({ Name: 'Fresh' }))).rejects.toMatchObject({
    name: 'ResourceExistsException',
  });
});

test('an unsupported operation is rejected', async () => {
  await expect(client.send(new DescribeSecretCommand({ SecretId: 'Credentials' }))).rejects.toMatchObject({
    name: 'UnknownOperationException',
  });
});

test('an unsigned request is rejected', async () => {
  const response = await fetch(secretsManager.url, {
    method: 'POST',
    headers: { 'x-amz-target': 'secretsmanager.GetSecretValue' },
    body: '{"SecretId":"Credentials"}',
  });

  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
});

test('every request is recorded with its operation', async () => {
  await get('Credentials');
  await get('Other').catch(() => undefined);

  expect(secretsManager.requests).toEqual([
    { operation: 'GetSecretValue', secretId: 'Credentials' },
    { operation: 'GetSecretValue', secretId: 'Other' },
  ]);
});

describe('a fault', () => {
  test.each([
    ['throttle', 'ThrottlingException'],
    ['internal-error', 'InternalServiceError'],
    ['access-denied', 'AccessDeniedException'],
  ] as const)('of %s reaches the client as %s', async (fault, name) => {
    secretsManager.faults.next(1, fault);

    await expect(get('Credentials')).rejects.toMatchObject({ name });
    expect((await get('Credentials')).SecretString).toBeDefined();
  });

  test('of stalling leaves the client waiting until it times out', async () => {
    secretsManager.faults.always('stall');
    const abortController = new AbortController();

    const waiting = client.send(new GetSecretValueCommand({ SecretId: 'Credentials' }), {
      abortSignal: abortController.signal,
    });
    const early = await Promise.race([waiting, arrived().then(() => 'still waiting')]);
    abortController.abort();

    expect(early).toBe('still waiting');
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    secretsManager.faults.clear();
    expect((await get('Credentials')).SecretString).toBeDefined();
  });
});

/** Resolves when a request was received. */
async function arrived(): Promise<void> {
  while (secretsManager.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
}
