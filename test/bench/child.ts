import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';

/** A module in a process of its own. */
export interface Child<T> {
  /** Its first message. */
  readonly message: T;
  close(): Promise<void>;
}

const OUTPUT_KEPT = 4_000;

/**
 * Runs a module in a process of its own until it sends its first message. Its output is dropped.
 * @throws {Error} with the end of its output, if it ends without a message
 */
export async function startChild<T>(
  module: URL,
  args: readonly string[],
  schema: v.GenericSchema<unknown, T>,
  signal?: AbortSignal,
): Promise<Child<T>> {
  const child = fork(fileURLToPath(module), args, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    ...(signal && { signal }),
  });
  const message = v.parse(schema, await firstMessage(child, module));
  return { message, close: () => end(child) };
}

/** The first message of a module, which then ends or is stopped. */
export async function messageOf<T>(
  module: URL,
  args: readonly string[],
  schema: v.GenericSchema<unknown, T>,
  signal?: AbortSignal,
): Promise<T> {
  const child = await startChild(module, args, schema, signal);
  await child.close();
  return child.message;
}

/** Sends the message to the process that started this one. */
export function sendToParent(message: unknown): void {
  if (process.send === undefined) throw new Error('This module is started by another: npm run bench');
  process.send(message);
}

// A child ends together with the process that started it.
if (process.send !== undefined) process.once('disconnect', () => process.exit());

function firstMessage(child: ChildProcess, module: URL): Promise<unknown> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-OUTPUT_KEPT);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('error', reject);
    child.once('close', (code, signal) =>
      reject(new Error(`${module.href} ended (${code ?? signal}): ${output}`)),
    );
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}
