import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { type HttpResponse, json } from '../core/http-response';
import { CURRENT, type Secret, type SecretStore, type SecretVersion } from './secret-store';

/** Handles one operation, such as `GetSecretValue`. */
export function perform(store: SecretStore, operation: string, body: unknown): HttpResponse {
  switch (operation) {
    case 'GetSecretValue':
      return withInput(GetInput, body, (input) => getSecretValue(store, input));
    case 'PutSecretValue':
      return withInput(PutInput, body, (input) => putSecretValue(store, input));
    default:
      return notEmulated(operation || 'a request without X-Amz-Target');
  }
}

/** A response in AWS JSON 1.1. */
function jsonResponse(body: object, status = 200): HttpResponse {
  return json(body, status, {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': randomUUID(),
  });
}

/** An error with the service's own message. Every client error is a 400. */
export function errorResponse(type: string, message: string, status = 400): HttpResponse {
  return jsonResponse({ __type: type, Message: message }, status);
}

function notEmulated(subject: string): HttpResponse {
  const message = `The Secrets Manager emulator does not support ${subject}`;
  return errorResponse('NOT_SUPPORTED_BY_EMULATOR', message, 501);
}

const LARGEST_SECRET_BYTES = 65_536;
const Id = v.pipe(v.string(), v.minLength(1), v.maxLength(2048));
const GetInput = v.object({
  SecretId: Id,
  VersionId: v.optional(v.string()),
  VersionStage: v.optional(v.string()),
});
const PutInput = v.object({
  SecretId: Id,
  SecretString: v.optional(v.pipe(v.string(), v.minLength(1), v.maxBytes(LARGEST_SECRET_BYTES))),
  SecretBinary: v.optional(v.string()),
  ClientRequestToken: v.optional(v.pipe(v.string(), v.minLength(32), v.maxLength(64))),
  VersionStages: v.optional(v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(20))),
});

function withInput<T>(
  schema: v.GenericSchema<unknown, T>,
  body: unknown,
  respond: (input: T) => HttpResponse,
): HttpResponse {
  const parsed = v.safeParse(schema, body);
  if (parsed.success) return respond(parsed.output);
  const problems = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'body'}: ${issue.message}`);
  return errorResponse('ValidationException', problems.join('; '));
}

function getSecretValue(store: SecretStore, input: v.InferOutput<typeof GetInput>): HttpResponse {
  const secret = store.find(input.SecretId);
  if (secret === undefined) return notFound();
  const { VersionId, VersionStage = VersionId === undefined ? CURRENT : undefined } = input;
  const version = secret.versions.find(
    ({ id, stages }) =>
      (VersionId === undefined || id === VersionId) &&
      (VersionStage === undefined || stages.has(VersionStage)),
  );
  if (version === undefined)
    return notFound(VersionId ? `VersionId: ${VersionId}` : `staging label: ${VersionStage}`);
  const { value, createdAt } = version;
  return succeeded(secret, version, { CreatedDate: createdAt.getTime() / 1000, SecretString: value });
}

function putSecretValue(store: SecretStore, input: v.InferOutput<typeof PutInput>): HttpResponse {
  const { SecretId, SecretString, SecretBinary, ClientRequestToken, VersionStages } = input;
  const secret = store.find(SecretId);
  if (secret === undefined) return notFound();
  if (SecretBinary !== undefined) return notEmulated('SecretBinary');
  if (SecretString === undefined)
    return errorResponse('InvalidRequestException', 'You must provide either SecretString or SecretBinary.');
  const known = secret.versions.find(({ id }) => id === ClientRequestToken);
  if (known === undefined)
    return succeeded(secret, store.put(secret, SecretString, VersionStages, ClientRequestToken));
  if (known.value === SecretString) return succeeded(secret, known);
  const message = `You can't modify version ${known.id} of the secret: it already exists with another value.`;
  return errorResponse('ResourceExistsException', message);
}

function succeeded({ arn, name }: Secret, { id, stages }: SecretVersion, more: object = {}): HttpResponse {
  return jsonResponse({ ARN: arn, Name: name, VersionId: id, VersionStages: [...stages], ...more });
}

/** @param value the missing value, where the secret itself exists */
function notFound(value?: string): HttpResponse {
  const subject = value === undefined ? 'secret.' : `secret value for ${value}`;
  return errorResponse('ResourceNotFoundException', `Secrets Manager can't find the specified ${subject}`);
}
