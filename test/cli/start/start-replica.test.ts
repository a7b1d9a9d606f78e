import { describe, expect, jest, test } from '@jest/globals';
import * as v from 'valibot';
import { DEMO_CREDENTIALS } from '../../../emulators/seed/demo-credentials';
import type { Command } from './child-process';
import { addressOf, askForPage, start, stop } from './started';

// Every test starts a process, which is slow on a busy machine.
jest.setTimeout(60_000);

const ANA = 'ana@example.com';
const Record = v.object({ id: v.string(), fields: v.looseObject({ opt_out: v.optional(v.string()) }) });
const Records = v.object({ records: v.array(Record) });

/** The base in the Airtable emulator, accessed with its token. */
async function openBase(started: Command) {
  const [, url = ''] = await started.message(/The base is (http:\S+),/);
  const call = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${url}/Customers${path}`, {
      method,
      headers: {
        authorization: `Bearer ${DEMO_CREDENTIALS.airtableApiKey}`,
        'content-type': 'application/json',
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    return response.json();
  };
  return {
    create: async (fields: object) => v.parse(Record, await call('POST', '', { fields })).id,
    change: (id: string, fields: object) => call('PATCH', `/${id}`, { fields }),
    remove: (id: string) => call('DELETE', `/${id}`),
    find: async (name: string) => {
      const formula = encodeURIComponent(`{name} = "${name}"`);
      return v.parse(Records, await call('GET', `?filterByFormula=${formula}`)).records[0];
    },
  };
}

/** Polls until the condition holds; the test's own timeout ends it. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 100));
}

describe('npm start', () => {
  test('shows every change of the base in the lists', async () => {
    const started = start();
    const url = await addressOf(started);
    const base = await openBase(started);
    const names = async (query: string) =>
      (await askForPage(url, { Query: query })).customers.map(({ display_name }) => display_name);

    const id = await base.create({ name: 'Zoë Newman', owner: ANA, sms: '+14155550177' });
    await until(async () => (await names('Newman')).includes('Zoë Newman'));
    await base.change(id, { name: 'Zoë Oldman' });
    await until(async () => (await names('Oldman')).length === 1 && (await names('Newman')).length === 0);
    await base.remove(id);
    await until(async () => (await names('Oldman')).length === 0);
    await stop(started);
  });

  test("ticks the base after a customer's STOP", async () => {
    const started = start();
    await addressOf(started);
    const base = await openBase(started);
    const [, twilio = ''] = await started.message(/Twilio +(http:\S+)/);

    await fetch(`${twilio}/simulate/inbound`, {
      method: 'POST',
      body: new URLSearchParams({ From: '+16285550101', Body: 'STOP' }),
    });

    await until(async () => (await base.find("Miles O'Brien"))?.fields.opt_out === 'true');
    await stop(started);
  });

  test('logs the first pass, and nothing without changes', async () => {
    const started = start();
    await addressOf(started);
    await started.message(/^\{.*"kind":"pass".*\}$/m);
    const { length } = started.output;

    // Time for two runs by schedule.
    await new Promise((resolve) => setTimeout(resolve, 5_000));

    expect(started.output.slice(length).trim()).toBe('');
    await stop(started);
  });
});
