import * as v from 'valibot';

const AttributesText = v.pipe(
  v.string(),
  v.parseJson(),
  v.custom<Record<string, unknown>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  ),
);

/** Twilio takes no more than this for a participant (twilio.md#rest-requests); what a conversation may have beyond is spared. */
const MOST_BYTES = 4_096;

/**
 * Adds to `attributes`, a text that holds a JSON object, what it lacks, in the order given and as long as there is
 * room; what is there stays.
 * @returns the new text, or null where nothing is added, be it for want of need, of room or of an object.
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
    if (Buffer.byteLength(text) > MOST_BYTES) continue;
    known = more;
    merged = text;
  }
  return merged;
}
