import * as v from 'valibot';
import { parseJson } from '../text/parse-json';

const Attributes = v.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

/** Twilio takes no more than this for a participant (Twilio contract 8). */
const MOST_BYTES = 4_096;

/**
 * Adds to `attributes`, a text that holds a JSON object, what it lacks; what is there stays.
 * @returns the new text, or null where there is nothing to add, or no room, or no object to add it to.
 */
export function addMissing(
  attributes: string,
  additions: Readonly<Record<string, string | null>>,
): string | null {
  const present = v.safeParse(Attributes, parseJson(attributes || '{}'));
  if (!present.success) return null;
  const missing = Object.entries(additions).filter(
    ([name, value]) => value !== null && (present.output[name] ?? '') === '',
  );
  if (missing.length === 0) return null;
  const merged = JSON.stringify({ ...present.output, ...Object.fromEntries(missing) });
  return Buffer.byteLength(merged) <= MOST_BYTES ? merged : null;
}
