import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict';
import { findTable, type RecordData } from '../../emulators/airtable/base-model';
import { conversationWith, event, type Scene } from './callback-checks';
import { DeployedSync } from './deployed-sync';
import { eventually } from './eventually';
import { ANA, BEN, CREDENTIALS, type Customer, JANE, OMAR, SEAN } from './team';

/** Enough pages for a run to be ended among them. */
const MANY = 450;

const SIGNED = CREDENTIALS.AUTH_TOKEN;
/** A person whose number no customer has. */
const STRANGER: Customer = { ...JANE, id: '', name: 'A stranger', address: '+14155550170' };

/** The first callback starts the first pass, without the schedule; the responses until it is done. */
export async function checkFirstPass(scene: Scene, signal: AbortSignal): Promise<void> {
  const { report, airtable } = scene;
  await report.check('until the first pass a list answers 503 with a sentence for the worker', async () => {
    const { status, body } = await listOf(scene, ANA);
    equal(status, 503);
    match(JSON.stringify(body), /being loaded from Airtable/);
  });
  await report.check('that callback has started the first pass, which brings the customers', async () => {
    await eventually(signal, async () => deepEqual(await namesOf(scene, ANA), inBase(scene, ANA)));
  });
  await report.check('the pass has registered one webhook, at the public address', () => {
    const urls = airtable.webhooks.list().map(({ notificationUrl }) => notificationUrl);
    deepEqual(urls, [`${scene.stack.publicUrl}/airtable/webhook`]);
  });
}

/** Changes in Airtable are in the lists by its pings, without the schedule. */
export async function checkChanges(scene: Scene, signal: AbortSignal): Promise<void> {
  const { report, airtable } = scene;
  const change = async (what: string, edit: () => void) => {
    let took = 0;
    await report.check(`${what} in Airtable is in the list by Airtable's ping`, async () => {
      edit();
      took = await eventually(signal, async () => deepEqual(await namesOf(scene, ANA), inBase(scene, ANA)));
    });
    report.note(`after ${Math.round(took)} ms`);
  };
  const added = { name: 'Ada Added', sms: '+14155550171', owner: ANA };
  await change('a customer added', () => void airtable.edit.addRecord('Customers', added));
  await change('a name changed', () => {
    airtable.edit.changeRecord('Customers', recordNamed(scene, 'Ada Added').id, { name: 'Ada Changed' });
  });
  await change('a customer deleted', () => {
    airtable.edit.deleteRecord('Customers', recordNamed(scene, 'Ada Changed').id);
  });
}

/** A ping that is not Airtable's is rejected, and starts nothing. */
export async function checkForgedPings(scene: Scene): Promise<void> {
  const { report, stack, airtable } = scene;
  await report.check('a forged ping is rejected with 403, and Airtable is asked nothing', async () => {
    const body = JSON.stringify({ base: { id: airtable.base.id }, webhook: { id: 'achForged' } });
    const json = { 'content-type': 'application/json' };
    const macs = ['', `hmac-sha256=${'0'.repeat(64)}`, 'hmac-sha256=short', `sha1=${'0'.repeat(40)}`];
    const answers = [];
    for (const mac of macs) {
      const headers = { ...json, ...(mac !== '' && { 'x-airtable-content-mac': mac }) };
      answers.push((await stack.send('POST', '/airtable/webhook', body, headers)).status);
    }
    deepEqual(answers, [403, 403, 403, 403]);
  });
  await report.check('a ping with a body of a megabyte is rejected', async () => {
    const { status } = await stack.send('POST', '/airtable/webhook', 'x'.repeat(1_000_000), {
      'content-type': 'application/json',
      'x-airtable-content-mac': `hmac-sha256=${'0'.repeat(64)}`,
    });
    equal(status, 403);
  });
}

/** Callbacks work during an Airtable outage, and a STOP received meanwhile is neither lost nor late. */
export async function checkOutage(scene: Scene, signal: AbortSignal): Promise<void> {
  const { report, airtable } = scene;
  airtable.faults.always({ kind: 'unavailable' });
  await report.check('while Airtable is down, lists come as before', async () => {
    deepEqual(await namesOf(scene, ANA), inBase(scene, ANA));
  });
  await report.check(
    'while Airtable is down, a STOP is kept, and no message goes out from then on',
    async () => {
      equal((await write(scene, SEAN, BEN)).status, 200);
      equal((await say(scene, SEAN, ' stop ', 'IM1')).status, 200);
      equal((await write(scene, SEAN, BEN)).status, 403);
    },
  );
  await report.check('a STOP from a number that no customer has counts too', async () => {
    equal((await say(scene, STRANGER, 'STOP', 'IM2')).status, 200);
    equal((await write(scene, STRANGER, BEN)).status, 403);
  });
  airtable.faults.clear();
  await report.check('when Airtable is back, the opt-out is ticked there', async () => {
    await eventually(signal, () => {
      const { fields } = recordNamed(scene, SEAN.name);
      ok(fields['opt_out'] === true || fields['opt_out'] === 'true', JSON.stringify(fields['opt_out']));
    });
  });
  await report.check('a tick that a person takes away is put back, and lets no message through', async () => {
    airtable.edit.changeRecord('Customers', recordNamed(scene, SEAN.name).id, { opt_out: null });
    equal((await write(scene, SEAN, BEN)).status, 403);
    await eventually(signal, () => {
      notEqual(recordNamed(scene, SEAN.name).fields['opt_out'] ?? null, null);
    });
    equal((await write(scene, SEAN, BEN)).status, 403);
  });
}

/** A renamed column does not let messages through. */
export async function checkRenamedColumn(scene: Scene, signal: AbortSignal): Promise<void> {
  const { report, airtable } = scene;
  await report.check('with opt_out renamed, no message goes out to those who opted out', async () => {
    airtable.edit.renameField('Customers', 'opt_out', 'Opt out');
    try {
      const sync = syncOf(scene);
      await sync.run({ run: 'pass' });
      equal((await write(scene, SEAN, BEN)).status, 403);
      equal((await write(scene, OMAR, ANA)).status, 403);
    } finally {
      airtable.edit.renameField('Customers', 'Opt out', 'opt_out');
    }
  });
  await report.check('with its name back, runs succeed again', async () => {
    const name = 'Rene Renamed';
    airtable.edit.addRecord('Customers', { name, sms: '+14155550172', owner: ANA });
    await eventually(signal, async () =>
      ok((await namesOf(scene, ANA)).includes(name), 'The customer is not in the list'),
    );
    airtable.edit.deleteRecord('Customers', recordNamed(scene, name).id);
    await eventually(signal, async () => deepEqual(await namesOf(scene, ANA), inBase(scene, ANA)));
  });
}

/** A run that Lambda ends half way leaves no wrong data, and the next one finishes its work. */
export async function checkKilledRun(scene: Scene, signal: AbortSignal): Promise<void> {
  const { report, airtable } = scene;
  const sync = syncOf(scene);
  await report.check('a pass is ended half way by its time-out, and lists come as before', async () => {
    // Otherwise the runs that they start would read the changes before the pass does.
    airtable.webhooks.dropPings();
    airtable.edit.atOnce(() => {
      for (let index = 0; index < MANY; index += 1) {
        const number = String(index).padStart(4, '0');
        airtable.edit.addRecord('Customers', {
          name: `Many ${number}`,
          sms: `+1212555${number}`,
          owner: ANA,
        });
      }
    });
    airtable.faults.always({ kind: 'slow', milliseconds: 1_200 });
    await sync.setTimeout(3);
    // While a scheduled run holds the lease, this one has nothing to do and succeeds.
    await eventually(signal, async () => match(String(await sync.run({ run: 'pass' })), /timed out/i));
    equal((await listOf(scene, ANA)).status, 200);
  });
  await report.check('the next run after it does the rest, and the replica is the base again', async () => {
    await sync.setTimeout(900);
    airtable.faults.clear();
    airtable.edit.changeRecord('Customers', recordNamed(scene, 'Many 0001').id, { name: 'Many, renamed' });
    airtable.edit.deleteRecord('Customers', recordNamed(scene, 'Many 0002').id);
    await eventually(signal, async () => deepEqual(await namesOf(scene, ANA), inBase(scene, ANA)));
    airtable.webhooks.dropPings(0);
  });
}

/** Opt-outs outlive the stack, whose other parts are all new. */
export async function checkRetainedOptOuts(scene: Scene, signal: AbortSignal): Promise<void> {
  const { report } = scene;
  await report.check('the redeployed stack reads the base again by itself', async () => {
    await eventually(signal, async () => deepEqual(await namesOf(scene, BEN), inBase(scene, BEN)));
  });
  await report.check(
    'a customer who opted out before is still opted out, also a number without customer',
    async () => {
      equal((await write(scene, SEAN, BEN)).status, 403);
      equal((await write(scene, STRANGER, BEN)).status, 403);
      equal((await write(scene, JANE, ANA)).status, 200);
    },
  );
  await report.check('a START lifts it, with the proof of both in the table', async () => {
    equal((await say(scene, STRANGER, 'START', 'IM3')).status, 200);
    equal((await write(scene, STRANGER, BEN)).status, 200);
  });
}

export function syncOf({ stack }: Scene): DeployedSync {
  return new DeployedSync(stack.cloud, stack.outputs.SyncFunctionName);
}

/** The customer's message, after it was added to the conversation. */
function say(scene: Scene, customer: Customer, Body: string, id: string) {
  const { sid } = conversationWith(scene.twilio, customer);
  const message = {
    ConversationSid: sid,
    MessageSid: id.padEnd(34, '0'),
    Body,
    Author: customer.address,
    DateCreated: new Date().toISOString(),
  };
  return scene.stack.post('twilio-conversations', event('onMessageAdded', message), SIGNED);
}

/** The worker's message, before it is sent. */
function write(scene: Scene, customer: Customer, worker: string) {
  const { sid } = conversationWith(scene.twilio, customer);
  const message = {
    ConversationSid: sid,
    Body: 'Hello',
    Author: worker,
    ClientIdentity: worker,
    Source: 'SDK',
  };
  return scene.stack.post('twilio-conversations', event('onMessageAdd', message), SIGNED);
}

function listOf({ stack }: Scene, Worker: string, more: Readonly<Record<string, string>> = {}) {
  return stack.post('crm', { Location: 'GetCustomersList', Worker, PageSize: '100', ...more }, SIGNED);
}

/** The names in a worker's list, on all pages. */
async function namesOf(scene: Scene, worker: string): Promise<string[]> {
  const names: string[] = [];
  let token: string | null = null;
  do {
    const { status, body } = await listOf(scene, worker, token === null ? {} : { NextPageToken: token });
    equal(status, 200, JSON.stringify(body));
    const { objects } = Object(body);
    for (const { display_name } of objects.customers) names.push(String(display_name));
    token = objects.next_page_token ?? null;
  } while (token !== null);
  return names.sort();
}

/** The names of the worker's customers in Airtable. */
function inBase({ airtable }: Scene, worker: string): string[] {
  return customers(airtable)
    .filter(({ fields }) => fields['owner'] === worker)
    .map(({ fields }) => String(fields['name']))
    .sort();
}

function recordNamed({ airtable }: Scene, name: string): RecordData {
  const found = customers(airtable).find(({ fields }) => fields['name'] === name);
  if (found === undefined) throw new Error(`The base has no customer ${name}`);
  return found;
}

function customers({ base }: Scene['airtable']): readonly RecordData[] {
  return findTable(base, 'Customers')?.records ?? [];
}
