import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  type GetSecretValueCommandInput,
  PutSecretValueCommand,
  type PutSecretValueCommandInput,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type SecretsManager, startSecretsManager } from '../../../emulators/secrets-manager/secrets-manager';

const NAME = 'Credentials';
let secretsManager: SecretsManager;
let client: SecretsManagerClient;

beforeAll(async () => {
  secretsManager = await startSecretsManager({ secrets: { Empty: null } });
  client = new SecretsManagerClient({
    endpoint: secretsManager.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
});
beforeEach(() => secretsManager.put(NAME, 'first'));
afterEach(() => secretsManager.reset());
afterAll(async () => {
  client.destroy();
  await secretsManager.close();
});

const get = (SecretId = NAME, which: Partial<GetSecretValueCommandInput> = {}) =>
  client.send(new GetSecretValueCommand({ SecretId, ...which }));
const put = (SecretString: string, more: Partial<PutSecretValueCommandInput> = {}) =>
  client.send(new PutSecretValueCommand({ SecretId: NAME, SecretString, ...more }));

describe('GetSecretValue', () => {
  test('returns the value by name, by ARN and by ARN without its suffix', async () => {
    const arn = secretsManager.arn(NAME);

    const byName = await get();

    expect(arn).toMatch(/^arn:aws:secretsmanager:us-east-1:\d{12}:secret:Credentials-\w{6}$/);
    expect(byName).toMatchObject({
      ARN: arn,
      Name: NAME,
      SecretString: 'first',
      VersionStages: ['AWSCURRENT'],
      CreatedDate: expect.any(Date),
    });
    for (const id of [arn, arn.slice(0, -7)]) expect((await get(id)).VersionId).toBe(byName.VersionId);
    expect(secretsManager.requests[0]).toEqual({ operation: 'GetSecretValue', secretId: NAME, status: 200 });
  });

  test.each([
    ['Other', {}, 'secret.'],
    ['Empty', {}, 'secret value for staging label: AWSCURRENT'],
    [NAME, { VersionStage: 'AWSPENDING' }, 'secret value for staging label: AWSPENDING'],
    [NAME, { VersionId: 'v'.repeat(32) }, `secret value for VersionId: ${'v'.repeat(32)}`],
  ])('does not find %s %j', async (id, which, subject) => {
    await expect(get(id, which)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: `Secrets Manager can't find the specified ${subject}`,
    });
  });
});

describe('PutSecretValue', () => {
  test('replaces the current version and keeps the older ones', async () => {
    const { VersionId } = await get();

    await put('second');
    await put('third');

    expect((await get()).SecretString).toBe('third');
    expect((await get(NAME, { VersionStage: 'AWSPREVIOUS' })).SecretString).toBe('second');
    expect(await get(NAME, { VersionId })).toMatchObject({ SecretString: 'first', VersionStages: [] });
  });

  test('of a pending version leaves the current one', async () => {
    await put('next', { VersionStages: ['AWSPENDING'] });

    expect((await get()).SecretString).toBe('first');
    expect((await get(NAME, { VersionStage: 'AWSPENDING' })).SecretString).toBe('next');
  });

  test('with the same token is idempotent, and rejected with another value', async () => {
    const ClientRequestToken = 'a'.repeat(32);
    await put('second', { ClientRequestToken });
    await put('second', { ClientRequestToken });

    expect(await get()).toMatchObject({ SecretString: 'second', VersionId: ClientRequestToken });
    await expect(put('third', { ClientRequestToken })).rejects.toMatchObject({
      name: 'ResourceExistsException',
    });
  });

  test('is rejected above 65,536 bytes', async () => {
    await put('x'.repeat(65_536));

    await expect(put('x'.repeat(65_537))).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

test.each([
  ['DescribeSecret', () => client.send(new DescribeSecretCommand({ SecretId: NAME }))],
  ['SecretBinary', () => put('', { SecretString: undefined, SecretBinary: Buffer.from('x') })],
])('%s is not supported, and the error says so', async (subject, send) => {
  await expect(send()).rejects.toMatchObject({
    $metadata: { httpStatusCode: 501 },
    message: expect.stringContaining(subject),
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

test.each([
  ['throttle', 'ThrottlingException'],
  ['internal-error', 'InternalServiceError'],
  ['access-denied', 'AccessDeniedException'],
] as const)('the fault %s reaches the client as %s', async (kind, name) => {
  secretsManager.faults.next(1, { kind });

  await expect(get()).rejects.toMatchObject({ name });
  expect((await get()).SecretString).toBe('first');
});
