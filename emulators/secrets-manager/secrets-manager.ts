import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import * as v from 'valibot';
import { listen } from '../core/listen';
import { readBody } from '../core/request-body';
import { errorResponse, type JsonResponse, perform } from './secret-operations';
import { arnOf, SecretStore } from './secret-store';
import { FAULT_RESPONSES, Faults } from './secrets-manager-faults';

/** A received request and its outcome. */
interface SeenRequest {
  readonly operation: string;
  readonly secretId: string | null;
}

export interface SecretsManager {
  /** The value for AWS_ENDPOINT_URL_SECRETS_MANAGER. */
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  readonly faults: Faults;
  arn(name: string): string;
  /** Creates the secret or replaces its value; null leaves it without a value, as after its creation. */
  put(name: string, value: string | null): void;
  close(): Promise<void>;
}

const JSON_1_1 = 'application/x-amz-json-1.1';
const LARGEST_BODY = 256 * 1024;
const TARGET = /^secretsmanager\.(\w+)$/;

/**
 * Starts an emulator of AWS Secrets Manager for the official client. It speaks AWS JSON 1.1, supports
 * GetSecretValue, PutSecretValue and CreateSecret, and requires a signature but does not verify it.
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
  const faults = new Faults();
  const requests: SeenRequest[] = [];
  for (const [name, value] of Object.entries(secrets)) store.put(name, value);

  async function respond(request: IncomingMessage): Promise<JsonResponse | null> {
    const body = parseJson(await readBody(request, LARGEST_BODY));
    const operation = TARGET.exec(String(request.headers['x-amz-target']))?.[1] ?? '';
    requests.push({ operation, secretId: secretIdOf(body) });
    const fault = faults.take();
    if (fault === 'stall') return null;
    if (fault !== null) return FAULT_RESPONSES[fault];
    if (!request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ')) {
      return errorResponse('MissingAuthenticationTokenException', 'Missing Authentication Token');
    }
    return perform(store, operation, body);
  }

  const server = createServer((request, response) => {
    respond(request).then(
      (found) => found && send(response, found),
      () => send(response, errorResponse('SerializationException', 'The body cannot be read')),
    );
  });
  const listening = await listen(server, port);
  return {
    ...listening,
    requests,
    faults,
    arn: arnOf,
    put: (name, value) => void store.put(name, value),
  };
}

function send(response: ServerResponse, { status, body }: JsonResponse): void {
  response
    .writeHead(status, { 'content-type': JSON_1_1, 'x-amzn-requestid': randomUUID() })
    .end(JSON.stringify(body));
}

function parseJson(body: Buffer): unknown {
  return JSON.parse(body.toString('utf8') || '{}');
}

const Identified = v.object({ SecretId: v.optional(v.string()), Name: v.optional(v.string()) });

function secretIdOf(body: unknown): string | null {
  const parsed = v.safeParse(Identified, body);
  return (parsed.success && (parsed.output.SecretId ?? parsed.output.Name)) || null;
}
