import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, expect, test } from '@jest/globals';
import { type SqsEmulator, startSqs } from '../../../emulators/sqs/sqs-emulator';

interface Batch {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

let queue: SqsEmulator;
afterEach(() => queue.close());

/** Starts the queue with a consumer that reports the messages that fail. */
async function start(fails: (body: string, time: number) => boolean): Promise<string[]> {
  const received: string[] = [];
  const handler = (event: unknown) => {
    const { Records }: Batch = JSON.parse(JSON.stringify(event));
    received.push(...Records.map(({ body }) => body));
    const failed = Records.filter(({ body }) => fails(body, received.filter((each) => each === body).length));
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
  queue = await startSqs({
    consumer: { name: 'consumer', timeoutMilliseconds: 1_000, handler },
    visibilityMs: 5,
  });
  return received;
}

const send = (body: string) => {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new SQSClient({ endpoint: queue.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  return client.send(new SendMessageCommand({ QueueUrl: queue.queueUrl, MessageBody: body }));
};

test('a message of the official client reaches the consumer', async () => {
  const received = await start(() => false);
  expect((await send('{"a":1}')).MessageId).toMatch(/^[0-9a-f-]{36}$/);
  await queue.settled();
  expect(received).toEqual(['{"a":1}']);
  expect(queue.delivered).toEqual(['{"a":1}']);
});

test('a message that fails comes again, without the others of its batch, and is given up after five times', async () => {
  const received = await start((body, time) => body === 'never' || (body === 'twice' && time < 2));
  for (const body of ['once', 'twice', 'never']) queue.put(body);
  await queue.settled();
  expect(received.filter((body) => body === 'once')).toHaveLength(1);
  expect(received.filter((body) => body === 'twice')).toHaveLength(2);
  expect(received.filter((body) => body === 'never')).toHaveLength(5);
  expect(queue.deadLetters).toEqual(['never']);
});

test('a fault of the service is an error of the client', async () => {
  await start(() => false);
  queue.faults.next(1, { kind: 'throttled' });
  await expect(send('x')).rejects.toThrow('RequestThrottled');
});
