import { afterEach, expect, test } from '@jest/globals';
import { startAirtable } from '../../../emulators/airtable/airtable-emulator';
import { aBase, customersTable } from '../../../emulators/airtable/base-data';
import { AirtableClient } from '../../../lambdas/airtable/airtable-client';
import { callbackTransport } from '../../../lambdas/airtable/airtable-transport';
import { Deadline } from '../../../lambdas/http-client/deadline';
import { RequestLog } from '../../../lambdas/telemetry/request-log';
import { collectGarbage } from '../../world/garbage';

let stopCollecting = () => {};
afterEach(() => stopCollecting());

test('a deadline within another ends in time, despite garbage collection', async () => {
  stopCollecting = collectGarbage();
  const { signal } = Deadline.in(5_000).within(200);

  await new Promise((resolve) => signal.addEventListener('abort', resolve));

  expect(signal.aborted).toBe(true);
});

test('a request whose response stalls half way is aborted, despite garbage collection', async () => {
  const airtable = await startAirtable({
    base: aBase([customersTable([{ name: 'Jane' }])]),
    tokens: [{ token: 'pat' }],
  });
  airtable.faults.always({ kind: 'stalled-body' });
  stopCollecting = collectGarbage();
  const access = { url: airtable.url, baseId: airtable.base.id, apiKey: 'pat' };
  const context = { deadline: Deadline.in(600), requestLog: new RequestLog() };
  const client = new AirtableClient(access, callbackTransport(context, airtable.url));

  await expect(client.list('Customers')).rejects.toMatchObject({ name: 'Unavailable' });

  await airtable.close();
});
