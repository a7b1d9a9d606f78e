import * as v from 'valibot';

const AttributesText = v.pipe(
  v.string(),
  v.parseJson(),
  v.custom<Record<string, unknown>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  ),
);

/** Twilio's limit for a participant (twilio.md#rest-requests); the higher limit of a conversation is not used. */
const MAX_BYTES = 4_096;

/**
 * Adds the missing keys to `attributes`, a JSON object as text, in the given order and up to the limit. Existing keys
 * are kept.
 * @returns the new text, or null because nothing changes, the limit is reached, or the text is not an object.
 */
export function addMissing(
  attributes: string,
  additions: Readonly<Record<string, string | null>>,
): string | null {
  const present = v.safeParse(AttributesText, attributes || '{}');
  if (!present.success) return null;
  let merged: string | null = null;
  let known = present.output;
  for (const [name, value] of Object.entries(additions)) {
    if (value === null || (known[name] ?? '') !== '') continue;
    const more = { ...known, [name]: value };
    const text = JSON.stringify(more);
    if (Buffer.byteLength(text) > MAX_BYTES) continue;
    known = more;
    merged = text;
  }
  return merged;
}
