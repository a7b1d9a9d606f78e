import * as v from 'valibot';
import { refusal } from './errors';

export type Form = Readonly<Record<string, string>>;

const Parameters = v.fallback(v.record(v.string(), v.string()), {});

/** A form body as Twilio reads it; the last of several values wins. */
export function parseForm(body: string): Form {
  return Object.fromEntries(new URLSearchParams(body));
}

/** Narrows a parsed body or query to a form; what is none, such as an absent body, holds no parameters. */
export function formIn(parsed: unknown): Form {
  return v.parse(Parameters, parsed);
}

/**
 * Takes the parameters that a resource knows here.
 * @throws {TwilioError} 501 for another one, so that nothing is taken for done that is not.
 */
export function take<Name extends string>(
  parsed: unknown,
  ...known: readonly Name[]
): { readonly [Key in Name]?: string } {
  const form = formIn(parsed);
  const unknown = Object.keys(form).filter((name) => !known.some((other) => other === name));
  if (unknown.length > 0) {
    throw refusal('notModelled', `The Twilio stand-in does not know ${unknown.join(', ')} here`);
  }
  return pick(form, known);
}

function pick<Name extends string>(form: Form, names: readonly Name[]): { readonly [Key in Name]?: string } {
  const picked: { [Key in Name]?: string } = {};
  for (const name of names) {
    const value = form[name];
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}
