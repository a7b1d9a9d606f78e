import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { optOutTableName, STACK_NAME } from '../../lib/stack-names';
import type { CommandResult } from './command';
import type { MiniStack } from './ministack';
import type { Operator } from './operator';
import type { Report } from './report';
import { type SetUpWorld, stateOf } from './set-up-world';
import { itemsOf, putItem } from './tables';
import { BEN, CREDENTIALS } from './team';

const SETUP = ['setup', '--yes', '--sample-rows'] as const;
/** More runs than there are changes after which to kill. */
const MAX_RUNS = 30;
const LOOK_EVERY_MS = 20;

/** A dry run shows everything and changes nothing. */
export async function checkDryRun(report: Report, world: SetUpWorld): Promise<void> {
  await report.check('a dry run shows what set-up would do, and writes nowhere', async () => {
    const before = JSON.stringify(stateOf(world));
    const { status, output } = await world.operator.run('setup', '--dry-run', '--sample-rows');
    equal(status, 0, output);
    match(output, /→ Create the table Customers/);
    match(output, /→ Deploy the stack FrontlineAirtable/);
    match(output, /→ Point the webhooks/);
    equal(JSON.stringify(stateOf(world)), before);
    const writes = [...world.airtable.requests, ...world.twilio.requests].filter(isWrite);
    deepEqual(writes, []);
  });
}

function isWrite({ method, path }: { readonly method: string; readonly path: string }): boolean {
  return method !== 'GET' && !path.endsWith('/listRecords');
}

/** One run takes a checkout with nothing but `.env` to a state in which the doctor finds no fault. */
export async function checkSetUp(report: Report, world: SetUpWorld): Promise<void> {
  const first = await world.operator.run(...SETUP);
  await report.check('setup --yes goes from .env alone to a doctor with nothing but ✓', () => {
    assertAllRight(first);
  });
  await report.check('no secret is shown, and .env is its owner’s alone, with their comments in it', () => {
    const { ACCOUNT_SID: _, ...secrets } = CREDENTIALS;
    deepEqual(
      Object.values(secrets).filter((secret) => first.output.includes(secret)),
      [],
    );
    const env = join(world.operator.checkout, '.env');
    equal(statSync(env).mode & 0o777, 0o600);
    match(readFileSync(env, 'utf8'), /^# Ours\n/);
  });
  await report.check('the four addresses to paste are shown with their page and field', () => {
    for (const name of ['crm', 'outgoing-conversation', 'templates', 'routing']) {
      ok(first.output.includes(`${world.frontDoor.url}/callbacks/${name}\n`), name);
    }
  });
  await report.check('a second run finds everything right and changes nothing', async () => {
    const before = JSON.stringify(world.airtable.base) + JSON.stringify(world.twilio.configuration);
    const { status, output } = await world.operator.run(...SETUP);
    equal(status, 0, output);
    ok(!output.includes('→'), output);
    equal(JSON.stringify(world.airtable.base) + JSON.stringify(world.twilio.configuration), before);
  });
}

/** A setup killed after each of its changes, and once during a deployment, reaches the same state. */
export async function checkKilledSetUp(report: Report, world: SetUpWorld, cloud: MiniStack): Promise<void> {
  const promise =
    'setup killed after each change and during the deployment, and run again, gets to the same place';
  await report.check(promise, async () => {
    const killedAfter: string[] = [];
    for (let run = 0; run < MAX_RUNS; run += 1) {
      const { status, output, change } = await runOneChange(world.operator);
      if (change.startsWith('Bootstrap')) await killWhileDeploying(world.operator, cloud);
      if (status !== null) {
        assertAllRight({ status, output });
        ok(killedAfter.length >= 8, `Only killed after: ${killedAfter.join('; ')}`);
        return;
      }
      killedAfter.push(change);
    }
    throw new Error(`Still not done after it was killed after: ${killedAfter.join('; ')}`);
  });
}

/** Setup, doctor and the callbacks that the doctor calls stay within Airtable's rate limit together. */
export async function checkPace(report: Report, { airtable }: SetUpWorld): Promise<void> {
  await report.check('none of it asks Airtable more than five times in a second', () => {
    deepEqual(
      airtable.requests.filter(({ status }) => status === 429),
      [],
    );
  });
}

/**
 * Runs the setup until CloudFormation has begun with the stack. The emulator does not respond while it creates one, so
 * that the kill comes between its plan and its work, or right after that.
 */
async function killWhileDeploying(operator: Operator, cloud: MiniStack): Promise<void> {
  const killed = new AbortController();
  const [command, ...words] = SETUP;
  const running = operator.runUntil(killed.signal, command, words);
  let isOver = false;
  void running.finally(() => {
    isOver = true;
  });
  const query = 'Action=DescribeStacks&Version=2010-05-15&StackName=FrontlineAirtable';
  const hasBegun = async () =>
    /<StackStatus>(REVIEW_IN_PROGRESS|CREATE_(IN_PROGRESS|COMPLETE))/.test(
      await cloud.request('cloudformation', `/?${query}`, { method: 'POST' }),
    );
  while (!isOver && !(await hasBegun())) await delay(LOOK_EVERY_MS);
  killed.abort();
  const { status, output } = await running;
  equal(status, null, output);
}

/** Runs the setup until it has made one change; if none is left, to its end. */
async function runOneChange(operator: Operator): Promise<CommandResult & { readonly change: string }> {
  const planned = new Set<string>();
  let change = '';
  const killed = new AbortController();
  const seen = (line: string) => {
    const [, mark, text = ''] = /^ {2}([→✓]) (.+)$/.exec(line) ?? [];
    if (mark === '→') planned.add(text);
    if (mark !== '✓' || !planned.has(text) || change !== '') return;
    change = text;
    killed.abort();
  };
  const [command, ...words] = SETUP;
  return { ...(await operator.runUntil(killed.signal, command, words, seen)), change };
}

/** Both results are alike: that of the setup in one go, and that of the killed setups. */
export async function checkSameState(report: Report, one: unknown, other: unknown): Promise<void> {
  await report.check('what a killed set-up leaves is what one in one go leaves', () => {
    deepEqual(one, other);
  });
}

/** The functions' log lines are found again, by worker, customer and conversation. */
export async function checkLogsCommand(report: Report, { operator, airtable }: SetUpWorld): Promise<void> {
  await report.check('npx frontline logs finds what the doctor has asked in a worker’s name', async () => {
    const { status, output } = await operator.run('logs', '--worker', BEN, '--since', '1h');
    equal(status, 0, output);
    const lines = output.split('\n').filter((line) => line.includes('✓'));
    ok(lines.length > 0 && lines.every((line) => line.includes(BEN)), output);
    match(output, /GetCustomersList/);
  });
  await report.check(
    'npx frontline logs --errors shows the refusals with their reason, and nothing that went well',
    async () => {
      const { status, output } = await operator.run('logs', '--errors', '--since', '1h');
      equal(status, 0, output);
      match(output, /NotSigned/);
      ok(!output.includes('✓'), output);
    },
  );
  await report.check('no log line holds a credential or a customer’s number', async () => {
    const { output } = await operator.run('logs', '--json', '--since', '1h');
    const numbers = airtable.base.tables.flatMap(({ records }) => records.map(({ fields }) => fields['sms']));
    const { ACCOUNT_SID: _, ...secrets } = CREDENTIALS;
    deepEqual(
      [...Object.values(secrets), ...numbers].filter(
        (word) => typeof word === 'string' && output.includes(word),
      ),
      [],
    );
  });
}

/** Teardown removes everything of the service, and nothing else. */
export async function checkTeardown(report: Report, world: SetUpWorld): Promise<void> {
  const base = JSON.stringify(world.airtable.base);
  await report.check('teardown takes back what set-up made, and nothing else', async () => {
    const { status, output } = await world.operator.run('teardown', '--yes');
    equal(status, 0, output);
    const { services, addresses, phoneNumbers } = world.twilio.configuration;
    deepEqual(
      services.map(({ webhooks }) => webhooks),
      [{ preUrl: null, postUrl: null, filters: [], method: 'POST' }],
    );
    deepEqual(addresses, []);
    equal(phoneNumbers.length, 1);
    equal(JSON.stringify(world.airtable.base), base);
  });
  await report.check('a second teardown finds nothing left to take back', async () => {
    const { status, output } = await world.operator.run('teardown', '--yes');
    equal(status, 0, output);
    ok(!output.includes('→'), output);
  });
}

/** A setup that finds opt-outs of an earlier stack keeps using them. */
export async function checkSetUpAgain(report: Report, world: SetUpWorld, cloud: MiniStack): Promise<void> {
  const table = optOutTableName(STACK_NAME);
  await putItem(cloud, table, { pk: '+14155550170', sk: `${new Date().toISOString()}#IM0`, kind: 'opt-out' });
  const kept = await itemsOf(cloud, table);
  await report.check('set-up after a teardown finds the opt-out table, and loses none of it', async () => {
    const { status, output } = await world.operator.run(...SETUP);
    equal(status, 0, output);
    const functions = await cloud.request('lambda', '/2015-03-31/functions');
    ok(
      functions.includes(`"OPT_OUT_TABLE_NAME": "${table}"`) ||
        functions.includes(`"OPT_OUT_TABLE_NAME":"${table}"`),
    );
    const items = await itemsOf(cloud, table);
    for (const item of kept)
      ok(
        items.some((each) => isDeepStrictEqual(each, item)),
        JSON.stringify(item),
      );
  });
  await world.operator.run('teardown', '--yes');
}

function assertAllRight({ status, output }: CommandResult): void {
  equal(status, 0, output);
  const [, doctor = ''] = output.split('\nDoctor\n');
  ok(doctor.includes('✓'), output);
  deepEqual(
    doctor.split('\n').filter((line) => /^ {2}[✗–]/.test(line)),
    [],
  );
}
