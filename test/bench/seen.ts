import { setTimeout as pause } from 'node:timers/promises';
import * as v from 'valibot';
import type { CallbackResponse } from '../../cli/callback/send-callback';
import type { Service } from './service';

const LOOK_EVERY_MS = 50;
const PATIENCE_MS = 90_000;

const Page = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    objects: v.object({
      customers: v.array(v.object({ display_name: v.string() })),
      next_page_token: v.optional(v.string()),
    }),
  }),
);

/** The names that a worker's search finds, on all pages. */
export async function searchAll(
  service: Service,
  worker: string,
  query: string,
): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (let token: string | undefined = ''; token !== undefined; ) {
    const { status, body }: CallbackResponse = await service.ask('crm', {
      Location: 'GetCustomersList',
      Worker: worker,
      PageSize: '100',
      Query: query,
      NextPageToken: token,
    });
    if (status !== 200) throw new Error(`crm returns ${status}: ${body}`);
    const { customers, next_page_token } = v.parse(Page, body).objects;
    for (const { display_name } of customers) names.add(display_name);
    token = next_page_token;
  }
  return names;
}

/** Seconds until the condition holds, by polling. @throws {Error} if it never does */
export async function secondsUntil(isTrue: () => Promise<boolean>): Promise<number> {
  const startedAt = performance.now();
  while (!(await isTrue())) {
    if (performance.now() - startedAt > PATIENCE_MS) throw new Error('The change was never seen');
    await pause(LOOK_EVERY_MS);
  }
  return (performance.now() - startedAt) / 1_000;
}
