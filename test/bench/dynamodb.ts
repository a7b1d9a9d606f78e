import * as v from 'valibot';
import type { DynamoDbEmulator } from '../../emulators/dynamodb/dynamodb-emulator';
import { startChild } from './child';

const PROCESS = new URL('./dynamodb-process.ts', import.meta.url);

/** Starts DynamoDB with every table, in a process of its own: it works while this one does. */
export async function startDynamoDbProcess(): Promise<Omit<DynamoDbEmulator, 'handle'>> {
  const { message, close } = await startChild(PROCESS, [], v.object({ url: v.string() }));
  return { url: message.url, close };
}
