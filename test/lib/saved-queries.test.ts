import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LOG_QUERIES, REJECTIONS_BY_REASON, RUNS_OF_SYNC } from '../../lib/log-queries';
import { letEverythingHappen } from '../world/everything';
import { closeWorlds } from '../world/world';
import { MINIMAL, resources, synthesise } from './synthesis';

const template = synthesise(MINIMAL);
afterAll(closeWorlds);

const queries = resources(template, 'AWS::Logs::QueryDefinition').map(({ properties }) => ({
  name: String(properties['Name']),
  text: String(properties['QueryString']),
  logGroups: Object.values(Object(properties['LogGroupNames'])).map((group) => Object(group).Ref),
}));
const groupsOf = (isWanted: (id: string) => boolean) =>
  resources(template, 'AWS::Logs::LogGroup')
    .map(({ id }) => id)
    .filter(isWanted);

test('the log queries are saved under the name of the stack', () => {
  const saved = LOG_QUERIES.map(({ name }) => `FrontlineAirtable/${name}`);

  expect(queries.map(({ name }) => name).sort()).toEqual(saved.sort());
});

test('they are left out if the context says so', () => {
  const without = [{ savedQueries: 'false' }, { savedQueries: false }].map((context) => {
    const template = synthesise(MINIMAL, context);
    return resources(template, 'AWS::Logs::QueryDefinition');
  });

  expect(without).toEqual([[], []]);
});

describe.each(queries)('$name', ({ name, text, logGroups }) => {
  test('describes its result in its first line', () => {
    expect(text).toMatch(/^# .+\.\n[a-z]/);
  });

  test('has a placeholder, if any, that its first line explains', () => {
    const [comment = '', ...commands] = text.split('\n');
    const placeholders = commands.join('\n').match(/CH0{32}|worker@example\.com/g) ?? [];

    expect(placeholders).toHaveLength(/conversation|worker/.test(name) ? 1 : 0);
    for (const placeholder of placeholders) expect(comment).toContain(placeholder);
  });

  test('reads the functions with matching lines, and the API if it rejects requests itself', () => {
    const wanted = groupsOf((id) => sources(name).some((source) => source.test(id)));

    expect(logGroups.sort()).toEqual(wanted.sort());
  });
});

const CALLBACKS = /CallbackLogs/;
const AIRTABLE_WEBHOOK = /AirtableWebhookFunctionLogs/;
const SYNC = /SyncFunctionLogs/;

function sources(query: string): readonly RegExp[] {
  switch (query.replace('FrontlineAirtable/', '')) {
    case REJECTIONS_BY_REASON.name:
      return [CALLBACKS, AIRTABLE_WEBHOOK, /AccessLogs/];
    case RUNS_OF_SYNC.name:
      return [SYNC];
    case 'notifications by Airtable':
      return [AIRTABLE_WEBHOOK];
    default:
      return [CALLBACKS];
  }
}

describe('the queried fields', () => {
  let fields: ReadonlySet<string>;

  beforeAll(async () => {
    const { log } = await letEverythingHappen();
    const [stage] = resources(template, 'AWS::ApiGatewayV2::Stage');
    const { Format } = Object(stage?.properties['AccessLogSettings']);
    fields = new Set([...log.flatMap((line) => paths(line)), ...paths(JSON.parse(Format))]);
  });

  test.each(queries)('by $name exist in the logs', ({ text }) => {
    for (const field of fieldsIn(text)) expect(fields).toContain(field);
  });
});

/** The fields of a line as Logs Insights names them, such as `failure.name` and `warnings.0`. */
function paths(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => paths(inner, path === '' ? key : `${path}.${key}`));
}

const WORDS = new Set(
  'fields filter sort stats limit as by and or asc desc like coalesce ispresent count max bin h'.split(' '),
);

/** The words of a query other than keywords, strings and its own names. */
function fieldsIn(text: string): string[] {
  const commands = text
    .replace(/^#.*\n/, '')
    .replace(/"[^"]*"|\/[^/\n]*\//g, '')
    .replace(/@\w+/g, '');
  const own = [...commands.matchAll(/ as (\w+)/g)].map(([, name]) => name);
  const words = commands.match(/[A-Za-z_][\w.]*/g) ?? [];
  return words.filter((word) => !WORDS.has(word) && !own.includes(word));
}
