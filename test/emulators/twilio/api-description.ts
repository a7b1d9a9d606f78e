import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { SeenRequest } from '../../../emulators/twilio/rest-server';

const Fact = v.object({
  type: v.optional(v.string()),
  format: v.optional(v.string()),
  pattern: v.optional(v.string()),
  enum: v.optional(v.array(v.nullable(v.string()))),
  nullable: v.optional(v.boolean(), false),
});
type Fact = v.InferOutput<typeof Fact>;

const Operation = v.object({
  operation: v.string(),
  status: v.number(),
  query: v.optional(v.record(v.string(), Fact), {}),
  form: v.optional(v.record(v.string(), Fact), {}),
  required: v.optional(v.array(v.string()), []),
  response: v.optional(v.record(v.string(), Fact), {}),
});
type Operation = v.InferOutput<typeof Operation>;

const [, ...lines] = readFileSync(join(import.meta.dirname, '../../fixtures/twilio-api.jsonl'), 'utf8')
  .trim()
  .split('\n');

/** The operations of Twilio's published API description that the emulator has. */
export const OPERATIONS: readonly Operation[] = lines.map((line) => v.parse(Operation, JSON.parse(line)));

/** The operation of a request; undefined if the description has none. */
export function operationOf(method: string, path: string): Operation | undefined {
  // Resources of Conversations have the same facts below the service's path; `/v1/Users/{Sid}` is Frontline's.
  const short = path.replace(
    /^\/v1\/Services\/[^/]+(?=\/(Conversations|ParticipantConversations|Users))/,
    '/v1',
  );
  return find(method, path) ?? find(method, short);
}

function find(method: string, path: string): Operation | undefined {
  return OPERATIONS.find(({ operation }) => {
    const pattern = operation.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+');
    return new RegExp(`^${pattern}$`).test(`${method} ${path}`);
  });
}

/** How a request differs from the description: unknown or missing parameters, and values that it does not allow. */
export function requestProblems({ method, path, query, form }: SeenRequest): string[] {
  const operation = operationOf(method, path);
  if (operation === undefined) return [`${method} ${path} is not an operation`];
  const problems = [
    ...Object.entries(query).flatMap(([name, value]) => parameterProblems(name, value, operation.query)),
    ...Object.entries(form).flatMap(([name, value]) => parameterProblems(name, value, operation.form)),
    ...operation.required.filter((name) => !Object.hasOwn(form, name)).map((name) => `${name} is missing`),
  ];
  return problems.map((problem) => `${operation.operation}: ${problem}`);
}

/** How a successful response differs from the description. */
export function responseProblems(method: string, path: string, status: number, body: unknown): string[] {
  const operation = operationOf(method, path);
  if (operation === undefined) return [`${method} ${path} is not an operation`];
  const problems = [
    ...(status === operation.status ? [] : [`returns ${status} in place of ${operation.status}`]),
    ...bodyProblems(body, operation.response),
    ...itemsIn(body).flatMap((item) => bodyProblems(item, rowFacts(path))),
  ];
  return problems.map((problem) => `${operation.operation}: ${problem}`);
}

function rowFacts(path: string): Operation['response'] {
  // The single user at `/v1/Users/{Sid}` is Frontline's.
  const single = path === '/v1/Users' ? '/v1/Services/IS0/Users/x' : `${path}/x`;
  return find('GET', single)?.response ?? {};
}

/** The rows of a list, which look like the fetched resource. */
function itemsIn(body: unknown): readonly unknown[] {
  const list = v.safeParse(v.object({ meta: v.object({ key: v.string() }) }), body);
  if (!list.success) return [];
  return (
    v.parse(v.looseObject({ [list.output.meta.key]: v.array(v.unknown()) }), body)[list.output.meta.key] ?? []
  );
}

function parameterProblems(name: string, value: string, facts: Readonly<Record<string, Fact>>): string[] {
  const fact = facts[name];
  if (fact === undefined) return [`has no parameter ${name}`];
  // Twilio accepts values of an enumeration in any case; a blank removes a setting.
  const isAllowed =
    value === '' ||
    (matches(value, fact) &&
      (fact.enum === undefined || fact.enum.includes(value.toLowerCase()) || fact.enum.includes(value)));
  return isAllowed ? [] : [`${name} cannot be ${value}`];
}

function bodyProblems(body: unknown, facts: Readonly<Record<string, Fact>>): string[] {
  if (Object.keys(facts).length === 0) return [];
  const values = new Map(Object.entries(v.parse(v.looseObject({}), body)));
  return [
    ...[...values.keys()]
      .filter((name) => !Object.hasOwn(facts, name))
      .map((name) => `has no property ${name}`),
    ...Object.entries(facts).flatMap(([name, fact]) => propertyProblems(name, values.get(name), fact)),
  ];
}

function propertyProblems(name: string, value: unknown, fact: Fact): string[] {
  if (value === undefined) return [`${name} is missing`];
  if (value === null) return fact.nullable ? [] : [`${name} is null`];
  if (!hasType(value, fact.type)) return [`${name} is not of type ${fact.type}`];
  if (typeof value !== 'string' || value === '') return [];
  const isAllowed = matches(value, fact) && (fact.enum === undefined || fact.enum.includes(value));
  return isAllowed ? [] : [`${name} cannot be ${value}`];
}

function hasType(value: unknown, type: string | undefined): boolean {
  switch (type) {
    case undefined:
      return true;
    case 'integer':
      return Number.isInteger(value);
    case 'array':
      return Array.isArray(value);
    default:
      return typeof value === type;
  }
}

const FORMATS: Readonly<Record<string, RegExp>> = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
  'date-time-rfc-2822': /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/,
  uri: /^https?:\/\/\S+$|^\/\S+$/,
};

function matches(value: string, { pattern, format = '' }: Fact): boolean {
  return (pattern === undefined || new RegExp(pattern).test(value)) && (FORMATS[format]?.test(value) ?? true);
}
