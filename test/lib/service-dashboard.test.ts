import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { letEverythingHappen } from '../world/everything';
import { closeWorlds } from '../world/world';
import { MINIMAL, resources, synthesise } from './synthesis';

const template = synthesise(MINIMAL);
afterAll(closeWorlds);

const Metric = v.looseTuple([v.string(), v.string()]);
const Body = v.object({
  widgets: v.array(
    v.object({
      type: v.string(),
      properties: v.looseObject({
        title: v.optional(v.string(), ''),
        markdown: v.optional(v.string(), ''),
        metrics: v.optional(v.array(Metric), []),
        alarms: v.optional(v.array(v.string()), []),
        query: v.optional(v.string(), ''),
      }),
    }),
  ),
});

const [dashboard] = resources(template, 'AWS::CloudWatch::Dashboard');
const { widgets } = v.parse(Body, JSON.parse(plain(dashboard?.properties['DashboardBody'])));
const titled = (title: RegExp) => {
  const found = widgets.find(({ properties }) => title.test(properties.title));
  if (found === undefined) throw new Error(`There is no widget ${title}`);
  return found.properties;
};
const namesIn = (title: RegExp) => titled(title).metrics.map(([, name]) => name);

/** A text with a placeholder for values that only a deployment knows. */
function plain(value: unknown): string {
  const parts: unknown[] = Object(value)['Fn::Join'][1];
  return parts
    .map((part) => (typeof part === 'string' ? part : JSON.stringify(part).replace(/\W/g, '')))
    .join('');
}

test('the dashboard has its five questions, in this order', () => {
  const questions = widgets.flatMap(({ properties }) => properties.markdown || []);

  expect(questions).toEqual([
    '## Is it working?',
    '## Is the replica fresh?',
    '## Is it fast?',
    '## Which requests are rejected?',
    '## Do Airtable and Twilio work?',
  ]);
});

test('every widget has a title', () => {
  const titles = widgets.filter(({ type }) => type !== 'text').map(({ properties }) => properties.title);

  expect(titles).toHaveLength(18);
  expect(titles).not.toContain('');
});

test('all alarms are in it', () => {
  expect(titled(/^Alarms/).alarms).toHaveLength(resources(template, 'AWS::CloudWatch::Alarm').length);
});

test('failures are those that the callbacks report, and those that only API Gateway does', () => {
  expect(namesIn(/^Failures/)).toEqual([...Array(6).fill('Errors'), 'FailedRequests']);
});

test("the slowest responses are shown with Twilio's timeouts", () => {
  const { annotations, metrics } = titled(/p99/);

  expect(metrics.map((metric) => Object(metric.at(-1)).stat)).toEqual(Array(7).fill('p99'));
  expect(annotations).toMatchObject({ horizontal: [{ value: 5_000 }, { value: 10_000 }] });
});

test('Airtable and Twilio are beside each other', () => {
  expect(namesIn(/^Airtable/)).toEqual(['AirtableRequests', 'AirtableRateLimited', 'AirtableRetries']);
  expect(namesIn(/^Twilio: requests/)).toEqual(['TwilioRequests', 'TwilioFailures']);
});

test('rejections come from the logs of all functions behind the API, and of the API', () => {
  expect(titled(/^Rejected requests/).query.match(/SOURCE '/g)).toHaveLength(7);
});

test("the replica's age is beside the wait of opt-outs, and above the last runs", () => {
  expect(namesIn(/^Age of the replica/)).toEqual(['ReplicaAgeSeconds', 'WaitingOptOutSeconds']);
  expect(titled(/^The last runs of sync/).query.match(/SOURCE '/g)).toHaveLength(1);
});

test('it is small enough for the free tier: fifty metrics', () => {
  const all = widgets.flatMap(({ properties }) =>
    properties.metrics.map((metric) => JSON.stringify(metric.slice(0, -1))),
  );

  expect(new Set(all).size).toBeLessThanOrEqual(50);
});

test('its URL opens it in the console, in its region', () => {
  const { Value } = Object(template.Outputs['DashboardUrl']);

  expect(plain(Value)).toBe(
    `https://RefAWSRegion.console.aws.amazon.com/cloudwatch/home?region=RefAWSRegion#dashboards/dashboard/Ref${dashboard?.id}`,
  );
});

describe('the watched metrics are those that the service publishes:', () => {
  /** The identity of a metric in CloudWatch. */
  const keyOf = (namespace: string, name: string, dimensions: Readonly<Record<string, unknown>>) =>
    [
      namespace,
      name,
      ...Object.entries(dimensions)
        .map(([key, value]) => `${key}=${value}`)
        .sort(),
    ].join(' ');
  /** Counted from the API's access log, not by the functions. */
  const isCountedByTheApi = (name: unknown) => name === 'FailedRequests' || name === 'ThrottledRequests';
  let published: ReadonlySet<string>;

  beforeAll(async () => {
    const { metrics } = await letEverythingHappen();
    published = new Set(
      metrics.flatMap(({ namespace, values, dimensions }) =>
        Object.keys(values).map((name) => keyOf(namespace, name, dimensions)),
      ),
    );
  });

  test('by the dashboard, all of them', () => {
    const shown = widgets
      .flatMap(({ properties }) => properties.metrics)
      .filter(([namespace, name]) => namespace === 'FrontlineAirtable' && !isCountedByTheApi(name))
      .map(([namespace, name, ...rest]) => {
        const dimensions = rest.filter((part) => typeof part === 'string');
        const pairs = dimensions.flatMap((part, at) => (at % 2 === 0 ? [[part, dimensions[at + 1]]] : []));
        return keyOf(namespace, name, Object.fromEntries(pairs));
      });

    expect(new Set(shown)).toEqual(published);
  });

  test('by alarms, some of them', () => {
    const watched = resources(template, 'AWS::CloudWatch::Alarm')
      .map(({ properties }) => properties)
      .filter(
        ({ Namespace, MetricName }) => Namespace === 'FrontlineAirtable' && !isCountedByTheApi(MetricName),
      )
      .map(({ Namespace, MetricName, Dimensions }) => {
        const pairs = Object.values(Object(Dimensions)).map((each) => [
          Object(each).Name,
          Object(each).Value,
        ]);
        return keyOf(String(Namespace), String(MetricName), Object.fromEntries(pairs));
      });

    expect(watched).toHaveLength(11);
    for (const key of watched) expect(published).toContain(key);
  });
});
