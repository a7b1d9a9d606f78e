import { runProgram } from '../../cli/terminal/run-program';
import { CALLBACK_METRICS, SERVICE_METRICS, SYNC_METRICS } from '../../lambdas/telemetry/metric-names';
import { CALLBACK_NAMES } from '../../lambdas/twilio/callbacks';
import { SYNC } from '../../lib/service-function';
import { MINIMAL, resources, synthesise } from '../lib/synthesis';
import { inboxCostOf, readInboxStack, SERVICE_METRICS_OF_THE_INBOX } from './inbox-cost';
import { PRICE } from './prices';
import { DAYS, HOURS } from './working-month';

/** One worker's calls to the service in a working day. */
const CALLS_A_DAY = {
  'list pages and searches': 30,
  profiles: 15,
  'template menus': 10,
  'conversations begun': 3,
  'events of 40 messages written and 40 received': 160,
  'events and routing of 6 new conversations': 21,
};
/** Rows that one worker, or a tool, changes in the base in a working day, beside those by Frontline. */
const EDITS_A_DAY = 20;
/** Customers that one worker creates or deletes in Frontline in a working day, and customers who opt out. */
const WRITES_A_DAY = 1;
const CUSTOMERS_A_WORKER = 100;

/**
 * Of an average call. Half of the events call no other service and take 3 ms, a read of DynamoDB takes about 15, a call
 * to Twilio, as for each message that a worker writes, about 120.
 */
const CALL = { seconds: 0.05, gigabytes: 1, logBytes: 1_600, readUnits: 4 };

/** Sync, per month of 30 days. */
const SYNC_RUNS = {
  minutes: 5,
  /** While pings continue, a run waits for the rest of this before it drains. */
  pingSeconds: 30,
  /** A drain that finds nothing: one request to Airtable, the lease and the state. */
  drainSeconds: 1,
  writeUnits: 8,
  readUnits: 8,
  logBytes: 1_000,
};
const MONTH_DAYS = 30;
/** A customer's own item, the items of its keys, and the index. */
const CUSTOMER = { writeUnits: 9, bytes: 3_000 };
const PAGE = 100;

/** FailedRequests and ThrottledRequests, which are extracted from the access log. */
const METRICS_OF_THE_API = 2;

/** What the stack costs independently of its usage. */
function readStack() {
  const template = synthesise(MINIMAL);
  return {
    customMetrics:
      // The callbacks, and the function that Airtable calls.
      (CALLBACK_NAMES.length + 1) * Object.keys(CALLBACK_METRICS).length +
      Object.keys(SERVICE_METRICS).length -
      // Without the inbox nothing publishes these.
      SERVICE_METRICS_OF_THE_INBOX +
      Object.keys(SYNC_METRICS).length +
      METRICS_OF_THE_API,
    alarms: resources(template, 'AWS::CloudWatch::Alarm').length,
    dashboards: resources(template, 'AWS::CloudWatch::Dashboard').length,
    secrets: resources(template, 'AWS::SecretsManager::Secret').length,
  };
}

/** Each container rereads the secret after five minutes; this many are warm at a time. */
const containers = (workers: number) => 5 + workers / 30;

const callsADay = Object.values(CALLS_A_DAY).reduce((sum, calls) => sum + calls);

/** Sync's monthly work for a team. */
function syncOf(workers: number) {
  const scheduled = (MONTH_DAYS * 24 * 60) / SYNC_RUNS.minutes;
  const editsADay = workers * EDITS_A_DAY;
  const mostDrainsADay = (HOURS * 3_600) / SYNC_RUNS.pingSeconds;
  // Edits that arrive while a run waits are drained together, so that there are at most two drains a minute.
  const drains = Math.min(editsADay, mostDrainsADay) * DAYS;
  const pages = Math.ceil((workers * CUSTOMERS_A_WORKER) / PAGE);
  const writes = workers * WRITES_A_DAY * DAYS;
  const passSeconds = pages / 4;
  const seconds =
    scheduled * SYNC_RUNS.drainSeconds +
    Math.min(drains * SYNC_RUNS.pingSeconds, HOURS * 3_600 * DAYS) +
    MONTH_DAYS * passSeconds;
  return {
    scheduled,
    runs: scheduled + drains,
    seconds,
    airtable: {
      'by schedule': scheduled,
      // The list of changes, and the records themselves.
      'after changes': 2 * drains,
      'nightly passes': MONTH_DAYS * (pages + 3),
      'creates, deletes, ticks': 2 * writes,
    },
    writeUnits:
      (scheduled + drains) * SYNC_RUNS.writeUnits + (editsADay * DAYS + writes) * CUSTOMER.writeUnits,
    readUnits:
      (scheduled + drains) * SYNC_RUNS.readUnits +
      (MONTH_DAYS * workers * CUSTOMERS_A_WORKER * CUSTOMER.bytes) / 4_096,
  };
}

function costOf(workers: number, stack: ReturnType<typeof readStack>) {
  const calls = workers * callsADay * DAYS;
  const sync = syncOf(workers);
  const gigabytes = (workers * CUSTOMERS_A_WORKER * CUSTOMER.bytes) / 1e9;
  const logBytes = calls * CALL.logBytes + sync.runs * SYNC_RUNS.logBytes;
  const costs = {
    callbacks:
      calls *
      (CALL.seconds * CALL.gigabytes * PRICE.lambdaGigabyteSecond +
        PRICE.lambdaRequest +
        PRICE.httpApiRequest),
    sync:
      sync.seconds * (SYNC.memoryMegabytes / 1_024) * PRICE.lambdaGigabyteSecond +
      sync.runs * (PRICE.lambdaRequest + PRICE.httpApiRequest) +
      sync.scheduled * PRICE.schedule,
    dynamo:
      (calls * CALL.readUnits + sync.readUnits) * PRICE.dynamoReadUnit +
      sync.writeUnits * PRICE.dynamoWriteUnit +
      // The opt-outs, which have point-in-time recovery, are a few of the customers.
      gigabytes * (PRICE.dynamoGigabyte + 0.1 * PRICE.dynamoGigabyteRecoverable),
    logs: (logBytes / 1e9) * (PRICE.logGigabyte + PRICE.logGigabyteKept),
    watching:
      stack.customMetrics * PRICE.customMetric +
      stack.alarms * PRICE.alarm +
      stack.dashboards * PRICE.dashboard,
    secret:
      stack.secrets * PRICE.secret +
      (containers(workers) * 12 * HOURS * DAYS + sync.scheduled) * PRICE.secretRequest,
  };
  return { calls, costs, total: sum(Object.values(costs)) };
}

const TEAMS = [30, 100, 300];

/** A request without a signature: it is rejected after 25 ms at worst, and writes two log lines. */
const FORGED = { seconds: 0.025, logBytes: 2_000, anHour: 1_000 * 3_600 };

function printCosts(): void {
  const stack = readStack();
  console.log(
    '| workers | calls a month | callbacks | sync and its schedule | DynamoDB | logs | metrics, alarms, dashboard | secret | **AWS, a month** |',
  );
  console.log('| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
  for (const workers of TEAMS) {
    const { calls, costs, total } = costOf(workers, stack);
    const cells = [
      number(workers),
      number(calls),
      ...Object.values(costs).map(dollars),
      `**${dollars(total)}**`,
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }

  const kinds = Object.keys(syncOf(1).airtable);
  console.log(`\n| workers | customers | ${kinds.join(' | ')} | **Airtable requests a month** |`);
  console.log(`| ---: | ---: |${kinds.map(() => ' ---: |').join('')} ---: |`);
  for (const workers of TEAMS) {
    const requests = Object.values(syncOf(workers).airtable);
    const cells = [number(workers), number(workers * CUSTOMERS_A_WORKER), ...requests.map(number)];
    console.log(`| ${cells.join(' | ')} | **${number(sum(requests))}** |`);
  }

  printInboxCosts();

  const flood =
    FORGED.anHour *
    (PRICE.httpApiRequest +
      PRICE.lambdaRequest +
      FORGED.seconds * CALL.gigabytes * PRICE.lambdaGigabyteSecond +
      (FORGED.logBytes / 1e9) * PRICE.logGigabyte);
  console.log(`\nA flood of forged requests at the limit of one route costs ${dollars(flood)} an hour.`);
}

function printInboxCosts(): void {
  const stack = readInboxStack();
  console.log(
    '\n| workers | requests a month | events a month | API | live socket | queue and events | DynamoDB | site | sign-in | logs | metrics, alarms, dashboard | **the inbox, a month** |',
  );
  console.log('| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
  for (const workers of TEAMS) {
    const { requests, events, costs, total } = inboxCostOf(workers, stack);
    const cells = [
      ...[workers, requests, events].map(number),
      ...Object.values(costs).map(dollars),
      `**${dollars(total)}**`,
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}

function number(amount: number): string {
  return Math.round(amount).toLocaleString('en');
}

function dollars(amount: number): string {
  return `$${amount.toFixed(2)}`;
}

await runProgram(process.argv.slice(2), (program) => {
  program
    .name('npm run cost --')
    .description(
      "Prints the tables of docs/cost.md: AWS's published prices for us-east-1, times a team's monthly usage.",
    )
    .action(printCosts);
});
