import * as v from 'valibot';
import type { Secret, SecretStore } from './secret-store';

/** A response in AWS JSON 1.1. An error has its type in `__type`; every client error is a 400. */
export interface JsonResponse {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Handles one operation, such as `GetSecretValue`. */
export function perform(store: SecretStore, operation: string, body: unknown): JsonResponse {
  switch (operation) {
    case 'GetSecretValue':
      return withInput(GetInput, body, (input) => getSecretValue(store, input));
    case 'PutSecretValue':
      return withInput(PutInput, body, (input) => putSecretValue(store, input));
    case 'CreateSecret':
      return withInput(CreateInput, body, (input) => createSecret(store, input));
    default:
      return errorResponse(
        'UnknownOperationException',
        `The emulator does not support ${operation || 'X-Amz-Target'}`,
      );
  }
}

/** An error in the service's own words. */
export function errorResponse(type: string, message: string, status = 400): JsonResponse {
  return { status, body: { __type: type, Message: message } };
}

const Id = v.pipe(v.string(), v.minLength(1), v.maxLength(2048));
const GetInput = v.object({ SecretId: Id, VersionStage: v.optional(v.string(), 'AWSCURRENT') });
const PutInput = v.object({ SecretId: Id, SecretString: v.pipe(v.string(), v.minLength(1)) });
const CreateInput = v.object({ Name: Id, SecretString: v.optional(v.string()) });

function withInput<T>(
  schema: v.GenericSchema<unknown, T>,
  body: unknown,
  respond: (input: T) => JsonResponse,
): JsonResponse {
  const parsed = v.safeParse(schema, body);
  if (parsed.success) return respond(parsed.output);
  const faults = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'body'}: ${issue.message}`);
  return errorResponse('ValidationException', faults.join('; '));
}

function getSecretValue(
  store: SecretStore,
  { SecretId, VersionStage }: v.InferOutput<typeof GetInput>,
): JsonResponse {
  const secret = store.find(SecretId);
  if (secret === undefined) return notFound();
  const { value } = secret;
  if (value === null || VersionStage !== 'AWSCURRENT') return noValue(VersionStage);
  return succeeded(secret, {
    CreatedDate: secret.createdAt.getTime() / 1000,
    SecretString: value,
    VersionStages: ['AWSCURRENT'],
  });
}

function putSecretValue(
  store: SecretStore,
  { SecretId, SecretString }: v.InferOutput<typeof PutInput>,
): JsonResponse {
  const secret = store.find(SecretId);
  if (secret === undefined) return notFound();
  return succeeded(store.put(secret.name, SecretString), { VersionStages: ['AWSCURRENT'] });
}

function createSecret(
  store: SecretStore,
  { Name, SecretString }: v.InferOutput<typeof CreateInput>,
): JsonResponse {
  if (store.find(Name) !== undefined) {
    return errorResponse(
      'ResourceExistsException',
      `The operation failed because the secret ${Name} already exists.`,
    );
  }
  return succeeded(store.put(Name, SecretString || null), {});
}

function succeeded({ arn, name, versionId }: Secret, more: JsonResponse['body']): JsonResponse {
  return { status: 200, body: { ARN: arn, Name: name, VersionId: versionId, ...more } };
}

function notFound(): JsonResponse {
  return errorResponse('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
}

function noValue(stage: string): JsonResponse {
  return errorResponse(
    'ResourceNotFoundException',
    `Secrets Manager can't find the specified secret value for staging label: ${stage}`,
  );
}
