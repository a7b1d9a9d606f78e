import { setTimeout as pause } from 'node:timers/promises';
import type { Service } from './service';

const LOOK_EVERY_MS = 50;
const PATIENCE_MS = 90_000;

/** Whether a worker's search finds a customer of this name. */
export async function isInList(service: Service, owner: string, name: string): Promise<boolean> {
  const parameters = { Location: 'GetCustomersList', Worker: owner, PageSize: '30', Query: name };
  const { status, body } = await service.ask('crm', parameters);
  if (status !== 200) throw new Error(`crm returns ${status}: ${body}`);
  return body.includes(name);
}

/** Seconds until the condition holds, looked at again and again. @throws {Error} where it never does */
export async function secondsUntil(isTrue: () => Promise<boolean>): Promise<number> {
  const startedAt = performance.now();
  while (!(await isTrue())) {
    if (performance.now() - startedAt > PATIENCE_MS) throw new Error('The change was never seen');
    await pause(LOOK_EVERY_MS);
  }
  return (performance.now() - startedAt) / 1_000;
}
