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
