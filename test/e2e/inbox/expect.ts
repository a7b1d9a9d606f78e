import { setTimeout as pause } from 'node:timers/promises';
import type { Locator } from 'playwright-core';

/** How long anything may take to appear, on a machine with much else to do. */
export const PATIENCE_MS = 30_000;

/** Waits until an element with this text is visible. */
export async function sees(element: Locator): Promise<void> {
  await element.filter({ visible: true }).first().waitFor();
}

/** Waits until no such element is visible. */
export async function seesNo(element: Locator): Promise<void> {
  await element.filter({ visible: true }).first().waitFor({ state: 'hidden' });
}

/** Asks until the answer is as wanted. @throws an error with the last answer */
export async function becomes<T>(
  what: string,
  ask: () => Promise<T> | T,
  wanted: (answer: T) => boolean,
): Promise<T> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    if (Date.now() > giveUpAt) throw new Error(`${what}: it stays ${JSON.stringify(answer)}`);
    await pause(100);
  }
}

/** @throws an error with both values unless they are the same JSON */
export function same(what: string, actual: unknown, wanted: unknown): void {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(wanted)];
  if (is !== should) throw new Error(`${what} is ${is}, not ${should}`);
}
