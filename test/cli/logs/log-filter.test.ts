import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cloudWatchPattern, describeFilter, isWanted, type LogFilter } from '../../../cli/logs/log-filter';
import { type LogEvent, readLogLine } from '../../../cli/logs/log-line';
import {
  CONVERSATION_SID,
  CUSTOMER_NUMBER,
  callbackNamed,
  startWorldForFive,
} from '../../world/five-callbacks';
import { closeWorlds, type World } from '../../world/world';

let world: World;
beforeAll(async () => {
  world = await startWorldForFive();
});
afterAll(async () => {
  await world.close();
  await closeWorlds();
});

/** A callback's log line of a response. */
async function lineOf(
  name: Parameters<typeof callbackNamed>[0],
  form: Readonly<Record<string, string>> = {},
) {
  const { handler, asks, path } = callbackNamed(name);
  const { log } = await world.ask(handler, { ...asks, ...form }, { path });
  return JSON.stringify(log.at(-1));
}

function isShown(filter: LogFilter, text: string, callback: LogEvent['callback'] = null): boolean {
  return isWanted(filter, { id: '1', at: 0, callback, text }, readLogLine(text));
}

describe('a line that a callback wrote', () => {
  test('is shown by its conversation, its worker, its customer and its callback', async () => {
    const line = await lineOf('templates');

    expect(isShown({}, line)).toBe(true);
    expect(isShown({ conversation: CONVERSATION_SID, worker: 'ana@example.com' }, line)).toBe(true);
    expect(isShown({ customer: '1', callback: 'templates' }, line)).toBe(true);
    expect(isShown({ conversation: `CH${'f'.repeat(32)}` }, line)).toBe(false);
    expect(isShown({ worker: 'Ana@example.com' }, line)).toBe(false);
    expect(isShown({ customer: '11' }, line)).toBe(false);
    expect(isShown({ callback: 'crm' }, line)).toBe(false);
  });

  test('is an error from status 400 on', async () => {
    expect(isShown({ errors: true }, await lineOf('crm'))).toBe(false);
    expect(isShown({ errors: true }, await lineOf('crm', { Location: 'Unknown' }))).toBe(true);
  });

  test('is shown only on request, or if it is an error, if Airtable sent the request', async () => {
    const ofCallback = await lineOf('crm');
    const line = (status: number) =>
      ofCallback.replace('"crm"', '"airtable-webhook"').replace('"status":200', `"status":${status}`);

    expect(isShown({}, line(204))).toBe(false);
    expect(isShown({}, line(403))).toBe(true);
    expect(isShown({ callback: 'airtable-webhook' }, line(204))).toBe(true);
  });

  test('is found by an identity of any characters', async () => {
    const worker = 'O"Brien\\ && $.status = * {";} ünïcode';
    const line = await lineOf('crm', { Worker: worker });

    expect(isShown({ worker }, line)).toBe(true);
    expect(isShown({ worker: 'O"Brien' }, line)).toBe(false);
  });

  test('is found by an identity or an id that is a number, although it is redacted there', async () => {
    const line = await lineOf('outgoing-conversation', {
      Worker: CUSTOMER_NUMBER,
      CustomerId: '+1 415 555 0123',
    });

    expect(line).not.toContain('5550123');
    expect(isShown({ worker: CUSTOMER_NUMBER, customer: '+1 415 555 0123' }, line)).toBe(true);
  });
});

describe('a line of other origin', () => {
  const CRASH = '2026-11-23T10:00:00.000Z 1 Task timed out after 6.00 seconds';

  test('is shown without a filter, and among the errors', () => {
    expect(isShown({}, CRASH)).toBe(true);
    expect(isShown({ errors: true }, CRASH)).toBe(true);
  });

  test('is shown with its callback, if that is known', () => {
    expect(isShown({ callback: 'crm' }, CRASH, 'crm')).toBe(true);
    expect(isShown({ callback: 'crm' }, CRASH, 'routing')).toBe(false);
    expect(isShown({ callback: 'crm' }, CRASH, null)).toBe(false);
  });

  test('belongs to no worker, customer or conversation', () => {
    expect(isShown({ worker: 'ana@example.com' }, CRASH)).toBe(false);
    expect(isShown({ conversation: CONVERSATION_SID, errors: true }, CRASH)).toBe(false);
  });

  test.each([
    'START RequestId: 1 Version: $LATEST',
    'END RequestId: 1',
    'REPORT RequestId: 1\tDuration: 123 ms',
    'INIT_START Runtime Version: nodejs:24.v1',
    '{"_aws":{"Timestamp":1,"CloudWatchMetrics":[]},"Requests":1}',
    '',
  ])('is never shown if it is bookkeeping: %s', (text) => {
    expect(isShown({}, text)).toBe(false);
    expect(isShown({ errors: true }, text)).toBe(false);
  });

  test('is shown if it is JSON of another origin', () => {
    expect(isShown({}, '{"level":"WARN","message":"no metrics"}')).toBe(true);
    expect(isShown({}, '{"half')).toBe(true);
  });
});

describe('the pattern for CloudWatch', () => {
  const pattern = (filter: LogFilter) => cloudWatchPattern(filter);

  test('matches the fields of the lines’ subjects', () => {
    expect(pattern({ conversation: CONVERSATION_SID, worker: 'ana@example.com', errors: true })).toBe(
      `{ ($.conversationSid = "${CONVERSATION_SID}") && ($.worker = "ana@example.com") && ($.status >= 400) }`,
    );
    expect(pattern({ customer: 'recAbc' })).toBe('{ ($.customerId = "recAbc") }');
  });

  test('is null if lines are wanted that are not JSON', () => {
    expect(pattern({})).toBeNull();
    expect(pattern({ errors: true, callback: 'crm' })).toBeNull();
  });

  test.each([
    ['O"Brien', 'O*'],
    ['a\\b', 'a*'],
    ['ana*', 'ana*'],
    ['ünï', '*'],
    ['ana smith', 'ana*'],
    ['+14155550123', '*'],
  ])('lets no character of %s have a meaning', (worker, expected) => {
    expect(pattern({ worker })).toBe(`{ ($.worker = "${expected}") }`);
  });
});

test.each([
  [{}, 'nothing'],
  [{ errors: true, callback: 'crm' }, 'no errors of crm'],
  [{ worker: 'ana', customer: '5' }, 'nothing by ana about the customer 5'],
] satisfies [LogFilter, string][])('says in words what was looked for: %j', (filter, words) => {
  expect(describeFilter(filter)).toBe(words);
});

describe('runs of sync', () => {
  const runLine = (failure?: object) => {
    const text = JSON.stringify({
      message: 'sync ran',
      timestamp: '2026-11-03T09:05:07.000Z',
      kind: 'drain',
      failure,
    });
    const event: LogEvent = { id: '1', at: 0, callback: 'sync', text };
    return { event, line: readLogLine(text) };
  };
  const isShown = (filter: LogFilter, failure?: object) => {
    const { event, line } = runLine(failure);
    return isWanted(filter, event, line);
  };

  test('are shown on request, and failed ones always', () => {
    const failure = { message: 'Airtable is down' };

    expect([isShown({}), isShown({}, failure)]).toEqual([false, true]);
    expect([isShown({ callback: 'sync' }), isShown({ callback: 'crm' }, failure)]).toEqual([true, false]);
    expect([isShown({ callback: 'sync', errors: true }), isShown({ errors: true }, failure)]).toEqual([
      false,
      true,
    ]);
    expect(isShown({ worker: 'ana@example.com' }, failure)).toBe(false);
  });
});
