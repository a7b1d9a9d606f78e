import * as v from 'valibot';

/** What the inbox writes into the attributes of its messages. */
export interface OwnAttributes {
  readonly sendId: string;
  /** The rendered text, because Twilio may return an empty body (twilio.md#conversations-by-rest). */
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

export function writeAttributes({ sendId, template }: OwnAttributes): string {
  return JSON.stringify({ send_id: sendId, ...(template !== null && { template }) });
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
