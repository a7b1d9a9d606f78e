import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import {
  type EmulatorRequest,
  type EmulatorServer,
  hasAwsSignature,
  startEmulator,
} from '../core/emulator-server';
import { type HttpResponse, json } from '../core/http-response';
import { type InvokableFunction, invokeFunction } from '../lambda/invocation';

/** A received message. */
interface SeenMessage {
  readonly operation: string;
  readonly body: string;
}

/** How SQS rejects a message. */
type QueueFault = { readonly kind: 'throttled' | 'service-failed' };

export interface SqsEmulator extends EmulatorServer<SeenMessage, QueueFault> {
  readonly queueUrl: string;
  /** Messages that were given up after too many receives. */
  readonly deadLetters: readonly string[];
  /** Puts a message on the queue as another AWS service does, such as a schedule. */
  put(body: string): void;
  /** The messages that were handled, in the order of their handling. */
  readonly delivered: readonly string[];
  /** Resolves when the queue is empty and every accepted message is handled. */
  settled(): Promise<void>;
}

export interface SqsOptions {
  /** The function that the queue is an event source of; it reports the items that failed. */
  readonly consumer: InvokableFunction<unknown>;
  /** @default 0, a free port */
  readonly port?: number;
  /** How long a failed message stays away. @default 1000 */
  readonly visibilityMs?: number;
  /** Batches at once. @default 8 */
  readonly concurrency?: number;
  readonly log?: (line: string) => void;
}

interface Message {
  readonly id: string;
  readonly body: string;
  receives: number;
}

const BATCH = 10;
const MAX_RECEIVES = 5;

const SendMessage = v.object({ MessageBody: v.string() });
const BatchResponse = v.object({ batchItemFailures: v.array(v.object({ itemIdentifier: v.string() })) });

/**
 * Starts one SQS queue on this machine, with a function as its consumer. It takes SendMessage of the official client,
 * and requires a signature but does not verify it.
 */
export async function startSqs({
  consumer,
  port = 0,
  visibilityMs = 1_000,
  concurrency = 8,
  log = (line) => console.error(line),
}: SqsOptions): Promise<SqsEmulator> {
  const waiting: Message[] = [];
  const deadLetters: string[] = [];
  const delivered: string[] = [];
  const running = new Set<Promise<void>>();
  let isClosed = false;

  function put(body: string): string {
    const id = randomUUID();
    waiting.push({ id, body, receives: 0 });
    pump();
    return id;
  }

  function pump(): void {
    while (!isClosed && waiting.length > 0 && running.size < concurrency) {
      const batch = waiting.splice(0, BATCH);
      const work = consume(batch).finally(() => {
        running.delete(work);
        pump();
      });
      running.add(work);
    }
  }

  async function consume(batch: readonly Message[]): Promise<void> {
    for (const message of batch) message.receives += 1;
    const event = {
      Records: batch.map(({ id, body, receives }) => ({
        messageId: id,
        body,
        eventSource: 'aws:sqs',
        attributes: { ApproximateReceiveCount: String(receives) },
      })),
    };
    const result = await invokeFunction(consumer, event, log);
    const response = result.kind === 'returned' ? v.safeParse(BatchResponse, result.value) : null;
    const failures = response?.success
      ? response.output.batchItemFailures.map((item) => item.itemIdentifier)
      : null;
    const failed = batch.filter(({ id }) => failures === null || failures.includes(id));
    delivered.push(...batch.filter((message) => !failed.includes(message)).map(({ body }) => body));
    if (failed.length === 0) return;
    deadLetters.push(...failed.filter(({ receives }) => receives >= MAX_RECEIVES).map(({ body }) => body));
    await delay(visibilityMs, undefined, { ref: false });
    waiting.push(...failed.filter(({ receives }) => receives < MAX_RECEIVES));
  }

  async function respond({ headers }: EmulatorRequest, seen: SeenMessage): Promise<HttpResponse> {
    if (!hasAwsSignature(headers)) return failure(403, 'MissingAuthenticationToken');
    if (seen.operation !== 'SendMessage') return failure(501, 'NotSupportedByEmulator');
    const { MessageBody } = v.parse(SendMessage, JSON.parse(seen.body));
    const md5 = createHash('md5').update(MessageBody).digest('hex');
    return json({ MessageId: put(MessageBody), MD5OfMessageBody: md5 }, 200, AWS_JSON);
  }

  const server = await startEmulator<SeenMessage, QueueFault>({
    port,
    describe: ({ headers, body }) => ({
      operation: String(headers['x-amz-target'] ?? '').replace(/^AmazonSQS\./, ''),
      body,
    }),
    respond,
    respondToFault: ({ kind }) =>
      kind === 'throttled' ? failure(400, 'RequestThrottled') : failure(500, 'InternalFailure'),
    respondToError: (error) => failure(400, error instanceof Error ? error.message : String(error)),
  });
  return {
    ...server,
    queueUrl: `${server.url}/000000000000/inbox`,
    deadLetters,
    delivered,
    put: (body) => void put(body),
    settled: async () => {
      while (running.size > 0 || waiting.length > 0) await Promise.all(running);
    },
    close: () => {
      isClosed = true;
      return server.close();
    },
  };
}

const AWS_JSON = { 'content-type': 'application/x-amz-json-1.0' };

function failure(status: number, type: string): HttpResponse {
  return json({ __type: `com.amazonaws.sqs#${type}`, message: type }, status, AWS_JSON);
}
