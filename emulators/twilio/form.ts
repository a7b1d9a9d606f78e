import * as v from 'valibot';
import { twilioError } from './twilio-errors';

export type Form = Readonly<Record<string, string>>;
type RepeatingForm = Readonly<Record<string, string | readonly string[]>>;

const lastValue = v.pipe(
  v.array(v.string()),
  v.transform((values) => values.at(-1) ?? ''),
);
const Parameters = v.fallback(v.record(v.string(), v.union([v.string(), lastValue])), {});
const AllValues = v.fallback(
  v.record(
    v.string(),
    v.union([
      v.array(v.string()),
      v.pipe(
        v.string(),
        v.transform((value) => [value]),
      ),
    ]),
  ),
  {},
);

/** A received form body: each name with its value, or its values if repeated. */
export function parseForm(body: string): RepeatingForm {
  const parameters = new URLSearchParams(body);
  return Object.fromEntries(
    [...parameters.keys()].map((name) => {
      const values = parameters.getAll(name);
      return [name, values.length > 1 ? values : (values[0] ?? '')];
    }),
  );
}

/**
 * Narrows a parsed body or query to a form, in which the last of several values wins. Anything else, such as an absent
 * body, has no parameters.
 */
export function formIn(parsed: unknown): Form {
  return v.parse(Parameters, parsed);
}

/** All values of a repeatable parameter; undefined if it is absent. A single empty value means none. */
export function listIn(parsed: unknown, name: string): readonly string[] | undefined {
  return v.parse(AllValues, parsed)[name]?.filter((value) => value !== '');
}

/**
 * Takes the parameters that the emulator supports for a resource.
 * @throws {TwilioError} 501 for any other, so that no unsupported parameter is silently ignored.
 */
export function take<Name extends string>(
  parsed: unknown,
  ...known: readonly Name[]
): { readonly [Key in Name]?: string } {
  const form = formIn(parsed);
  checkNames(Object.keys(form), known);
  return pick(form, known);
}

/** @throws {TwilioError} 501 that lists the names which are not known. */
export function checkNames(names: readonly string[], known: readonly string[]): void {
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw twilioError('notEmulated', `The Twilio emulator does not support ${unknown.join(', ')} here`);
}

function pick<Name extends string>(form: Form, names: readonly Name[]): { readonly [Key in Name]?: string } {
  const picked: { [Key in Name]?: string } = {};
  for (const name of names) {
    const value = form[name];
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}
