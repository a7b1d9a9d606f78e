/** Prints the README's cost table: AWS's published prices for us-east-1, times what a team does in a month. */

import { CALLBACK_NAMES } from '../../lambdas/callback/callback-name';
import { CALLBACK_METRICS, SERVICE_METRICS } from '../../lambdas/metrics/metric-names';

/** In dollars; none of the free tiers is counted. */
const PRICE = {
  lambdaGigabyteSecond: 0.0000133334,
  lambdaRequest: 0.2e-6,
  httpApiRequest: 1e-6,
  logGigabyte: 0.5,
  logGigabyteKept: 0.03,
  customMetric: 0.3,
  alarm: 0.1,
  dashboard: 3,
  secret: 0.4,
  secretRequest: 0.05 / 10_000,
};

/** What one worker does in a working day, as calls to the service. */
const CALLS_A_DAY = {
  'list pages and searches': 30,
  profiles: 15,
  'template menus': 10,
  'conversations begun': 3,
  'events of 40 messages written and 40 received': 160,
  'events and routing of 6 new conversations': 21,
};
const DAYS = 22;
const HOURS = 8;

/** Of an average call. Half of the events ask nobody and take 3 ms, a question to Airtable takes about 300. */
const CALL = { seconds: 0.15, gigabytes: 1, logBytes: 1_600, airtableRequests: 0.49 };

/** FailedRequests and ThrottledRequests, which come out of the access log. */
const METRICS_OF_THE_API = 2;

/** What the stack has, whatever is done with it. */
const STACK = {
  customMetrics:
    CALLBACK_NAMES.length * Object.keys(CALLBACK_METRICS).length +
    Object.keys(SERVICE_METRICS).length +
    METRICS_OF_THE_API,
  alarms: 11,
  dashboards: 1,
  secrets: 1,
};
/** Every container reads the secret again after five minutes; so many are warm at a time. */
const containers = (workers: number) => 5 + workers / 30;

const callsADay = Object.values(CALLS_A_DAY).reduce((sum, calls) => sum + calls);
console.log(
  '| workers | calls a month | Lambda | HTTP API | logs | metrics, alarms, dashboard | secret | **AWS, a month** | Airtable requests a second |',
);
console.log('| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
for (const workers of [30, 300, 3_000]) {
  const calls = workers * callsADay * DAYS;
  const costs = [
    calls * (CALL.seconds * CALL.gigabytes * PRICE.lambdaGigabyteSecond + PRICE.lambdaRequest),
    calls * PRICE.httpApiRequest,
    ((calls * CALL.logBytes) / 1e9) * (PRICE.logGigabyte + PRICE.logGigabyteKept),
    STACK.customMetrics * PRICE.customMetric +
      STACK.alarms * PRICE.alarm +
      STACK.dashboards * PRICE.dashboard,
    STACK.secrets * PRICE.secret + containers(workers) * 12 * HOURS * DAYS * PRICE.secretRequest,
  ];
  const total = costs.reduce((sum, cost) => sum + cost);
  const requests = (workers * callsADay * CALL.airtableRequests) / (HOURS * 3_600);
  const cells = [
    workers.toLocaleString('en'),
    calls.toLocaleString('en'),
    ...costs.map(dollars),
    `**${dollars(total)}**`,
    requests.toFixed(1),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}

function dollars(amount: number): string {
  return `$${amount.toFixed(2)}`;
}
