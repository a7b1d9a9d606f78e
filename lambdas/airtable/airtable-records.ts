import * as v from 'valibot';

/** A record as Airtable sends it; blank cells are absent (Airtable contract 2.1). */
export const AirtableRecord = v.object({
  id: v.string(),
  createdTime: v.optional(v.string(), ''),
  fields: v.record(v.string(), v.unknown()),
});
export type AirtableRecord = v.InferOutput<typeof AirtableRecord>;

export const RecordPage = v.object({ records: v.array(AirtableRecord), offset: v.optional(v.string()) });
export type RecordPage = v.InferOutput<typeof RecordPage>;

/** The four envelopes in which Airtable puts an error's type (Airtable contract 1.2). */
const Failure = v.union([
  v.pipe(
    v.object({ error: v.object({ type: v.string(), message: v.optional(v.string(), '') }) }),
    v.transform(({ error }) => error),
  ),
  v.pipe(
    v.object({ error: v.string() }),
    v.transform(({ error }) => ({ type: error, message: '' })),
  ),
  v.pipe(
    v.object({
      errors: v.tupleWithRest(
        [v.object({ error: v.string(), message: v.optional(v.string(), '') })],
        v.unknown(),
      ),
    }),
    v.transform(({ errors: [{ error, message }] }) => ({ type: error, message })),
  ),
]);

/** The type and message of an error body; both blank where the body is something else, such as a proxy's page. */
export function readFailure(body: unknown): { readonly type: string; readonly message: string } {
  const parsed = v.safeParse(Failure, body);
  return parsed.success ? parsed.output : { type: '', message: '' };
}
