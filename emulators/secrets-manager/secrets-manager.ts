import { createHash, randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { type EmulatorServer, hasAwsSignature, startEmulator } from '../core/emulator-server';
import { type HttpResponse, json } from '../core/http-response';

/** A received request. */
interface SeenRequest {
  readonly operation: string;
  readonly secretId: string | null;
}

/** How Secrets Manager can fail. */
type SecretsManagerFault = { readonly kind: 'throttle' | 'internal-error' | 'access-denied' };

export interface SecretsManager extends EmulatorServer<SeenRequest, SecretsManagerFault> {
  arn(name: string): string;
  /** Creates the secret or replaces its value; null leaves it without a value, as after its creation. */
  put(name: string, value: string | null): void;
}

const TARGET = /^secretsmanager\.(\w+)$/;
const Body = v.fallback(
  v.pipe(v.string(), v.parseJson(), v.looseObject({ SecretId: v.optional(v.string()) })),
  {},
);

/**
 * Starts an emulator of AWS Secrets Manager for the official client, whose endpoint (AWS_ENDPOINT_URL_SECRETS_MANAGER)
 * is its `url`. It speaks AWS JSON 1.1 and supports GetSecretValue and PutSecretValue, with versions.
 * @param options.secrets values by name; null for a secret without a value
 * @param options.port 0 picks a free port
 */
export async function startSecretsManager({
  secrets = {},
  port = 0,
}: {
  readonly secrets?: Readonly<Record<string, string | null>>;
  readonly port?: number;
} = {}): Promise<SecretsManager> {
  const store = new SecretStore();
  const put = (name: string, value: string | null) => {
    const secret = store.create(name);
    if (value !== null) store.put(secret, value);
  };
  for (const [name, value] of Object.entries(secrets)) put(name, value);

  const server = await startEmulator<SeenRequest, SecretsManagerFault>({
    port,
    about: 'This is an emulator of AWS Secrets Manager, for AWS_ENDPOINT_URL_SECRETS_MANAGER.',
    maxBodyBytes: 256 * 1024,
    describe: ({ headers, body }) => ({
      operation: TARGET.exec(String(headers['x-amz-target']))?.[1] ?? '',
      secretId: v.parse(Body, body).SecretId ?? null,
    }),
    respond: async ({ headers, body }, { operation }) =>
      hasAwsSignature(headers)
        ? perform(store, operation, v.parse(Body, body))
        : errorResponse('MissingAuthenticationTokenException', 'Missing Authentication Token'),
    respondToFault,
    respondToError: (error) => errorResponse('InternalServiceError', `The emulator failed: ${error}`, 500),
  });
  return { ...server, arn: arnOf, put };
}

function respondToFault({ kind }: SecretsManagerFault): HttpResponse {
  switch (kind) {
    case 'throttle':
      return errorResponse('ThrottlingException', 'Rate exceeded');
    case 'internal-error':
      return errorResponse('InternalServiceError', 'An error occurred on the server side.', 500);
    case 'access-denied':
      return errorResponse(
        'AccessDeniedException',
        'User is not authorized to perform: secretsmanager:GetSecretValue because no identity-based policy allows it',
      );
  }
}

/** One value of a secret. */
interface SecretVersion {
  readonly id: string;
  readonly value: string;
  readonly stages: ReadonlySet<string>;
  readonly createdAt: Date;
}

/** A secret, which exists without a version until a value is put. */
interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly versions: readonly SecretVersion[];
}

const CURRENT = 'AWSCURRENT';
const PREVIOUS = 'AWSPREVIOUS';

/** The secrets of one account in one region. */
class SecretStore {
  readonly #secrets = new Map<string, Secret>();

  /** Creates the secret, or removes its versions. */
  create(name: string): Secret {
    const secret = { name, arn: arnOf(name), versions: [] };
    this.#secrets.set(name, secret);
    return secret;
  }

  /** Finds a secret by its name, its ARN, or its ARN without the six random characters. */
  find(id: string): Secret | undefined {
    const secrets = [...this.#secrets.values()];
    return this.#secrets.get(id) ?? secrets.find(({ arn }) => arn === id || arn.slice(0, -7) === id);
  }

  /**
   * Adds a version. Each of its stages moves from the version that has it; the version that loses AWSCURRENT becomes
   * AWSPREVIOUS. The first version is always AWSCURRENT.
   */
  put(
    { name, arn, versions }: Secret,
    value: string,
    stages = [CURRENT],
    id: string = randomUUID(),
  ): SecretVersion {
    const added = new Set(versions.length === 0 ? [CURRENT, ...stages] : stages);
    const isReplaced = added.has(CURRENT);
    const older = versions.map((version) => {
      const wasCurrent = version.stages.has(CURRENT);
      const kept = [...version.stages].filter(
        (stage) => !added.has(stage) && !(isReplaced && stage === PREVIOUS),
      );
      return { ...version, stages: new Set(isReplaced && wasCurrent ? [...kept, PREVIOUS] : kept) };
    });
    const version = { id, value, stages: added, createdAt: new Date() };
    this.#secrets.set(name, { name, arn, versions: [version, ...older] });
    return version;
  }
}

/** AWS appends six random characters to the name; here they derive from it, so that an ARN is stable. */
function arnOf(name: string): string {
  const suffix = createHash('sha256').update(name).digest('hex').slice(0, 6);
  return `arn:aws:secretsmanager:us-east-1:000000000000:secret:${name}-${suffix}`;
}

/** Handles one operation, such as `GetSecretValue`. */
function perform(store: SecretStore, operation: string, body: unknown): HttpResponse {
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
function errorResponse(type: string, message: string, status = 400): HttpResponse {
  return jsonResponse({ __type: type, Message: message }, status);
}

function notEmulated(subject: string): HttpResponse {
  const message = `The Secrets Manager emulator does not support ${subject}`;
  return errorResponse('NOT_SUPPORTED_BY_EMULATOR', message, 501);
}

const MAX_SECRET_BYTES = 65_536;
const Id = v.pipe(v.string(), v.minLength(1), v.maxLength(2048));
const GetInput = v.object({
  SecretId: Id,
  VersionId: v.optional(v.string()),
  VersionStage: v.optional(v.string()),
});
const PutInput = v.object({
  SecretId: Id,
  SecretString: v.optional(v.pipe(v.string(), v.minLength(1), v.maxBytes(MAX_SECRET_BYTES))),
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
