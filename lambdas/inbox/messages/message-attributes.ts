import * as v from 'valibot';
import { cutToBytes } from '../../replica/keys';

/** What the inbox writes into the attributes of its messages. */
export interface OwnAttributes {
  readonly sendId: string;
  /** The rendered text of an approved template, because Twilio may return an empty body (twilio.md#conversations-by-rest). */
  readonly template: { readonly sid: string | null; readonly text: string } | null;
}

const Attributes = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    send_id: v.fallback(v.nullable(v.string()), null),
    template: v.fallback(v.nullable(v.object({ sid: v.nullable(v.string()), text: v.string() })), null),
  }),
);

/** Of the 4 kB that Twilio stores, with room for the rest and for what JSON escapes. */
const TEXT_BYTES = 3_000;

export function writeAttributes({ sendId, template }: OwnAttributes): string {
  const text = cutToBytes(template?.text ?? '', TEXT_BYTES);
  return JSON.stringify({ send_id: sendId, ...(template !== null && { template: { ...template, text } }) });
}

/** The attributes of any message; of one that the inbox did not send, nulls. */
export function readAttributes(text: string): {
  readonly sendId: string | null;
  readonly template: OwnAttributes['template'];
} {
  const parsed = v.safeParse(Attributes, text);
  if (!parsed.success) return { sendId: null, template: null };
  return { sendId: parsed.output.send_id, template: parsed.output.template };
}
