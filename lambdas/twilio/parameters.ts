import * as v from 'valibot';
import { visibleLine } from '../characters/visible-text';
import { sidPattern } from './sids';

const REPEATED = 'is given more than once';

/** A parameter that may be absent or blank, in which case it is null. */
export const optionalText = v.pipe(
  v.optional(v.string(REPEATED), ''),
  v.trim(),
  v.maxLength(1_000, 'is longer than 1,000 characters'),
  v.transform((text) => text || null),
);

/** A required parameter, not blank. */
export const requiredText = v.pipe(
  v.optional(v.string(REPEATED), ''),
  v.trim(),
  v.nonEmpty('is missing'),
  v.maxLength(1_000, 'is longer than 1,000 characters'),
);

/** A person's name, on one line, as displayed. */
export const personName = v.pipe(
  requiredText,
  v.transform((name) => visibleLine(name) ?? ''),
  v.nonEmpty('is missing'),
);

/** A worker's identity: case matters, spaces round it do not; at most 256 characters (twilio.md#rest-requests). */
export const identity = v.pipe(requiredText, v.maxLength(256, 'is longer than 256 characters'));

/** Customers per page: 30 by default, 100 at most (twilio.md#customer-list). */
export const pageSize = v.pipe(
  v.optional(v.string(REPEATED), ''),
  v.trim(),
  v.regex(/^\d*$/, 'is malformed: it must be a whole number'),
  v.transform((digits) => (digits === '' ? 30 : Math.min(100, Math.max(1, Number(digits))))),
);

/** A longer text with its own format, such as JSON: only its presence is checked here. */
export const document = v.pipe(v.optional(v.string(REPEATED), ''), v.nonEmpty('is missing'));

/** A page token. The service creates it, so its length is not limited. */
export const pageToken = v.pipe(
  v.optional(v.string(REPEATED), ''),
  v.transform((text) => text || null),
);

/** Every value of a parameter that may be repeated. */
export const texts = v.pipe(
  v.optional(v.union([v.string(), v.array(v.string())]), ''),
  v.transform((given) => [given].flat()),
);

/** The first value that is valid by the schema; if none is, the error of the first. */
export function firstReadable(schema: v.GenericSchema<string | undefined, string>) {
  return v.pipe(
    texts,
    v.rawTransform<string[], string>(({ dataset, addIssue, NEVER }) => {
      const readings = dataset.value.map((each) => v.safeParse(schema, each, { abortPipeEarly: true }));
      const readable = readings.find(({ success }) => success);
      if (readable?.success) return readable.output;
      addIssue({ message: readings[0]?.issues?.[0].message ?? 'is missing' });
      return NEVER;
    }),
  );
}

const sid = (prefix: string) =>
  v.regex(sidPattern(prefix), `is malformed: it is "${prefix}" and 32 hexadecimal digits`);

/** A conversation's SID. */
export const conversationSid = v.pipe(requiredText, sid('CH'));
export const messageSid = v.pipe(requiredText, sid('IM'));
export const participantSid = v.pipe(requiredText, sid('MB'));

/** The SID of the conversation service of a conversation; null, which means the account's default, if in doubt. */
export const serviceSid = v.fallback(v.pipe(optionalText, v.nullable(v.pipe(v.string(), sid('IS')))), null);

/** The same for a parameter that may be repeated. */
export const firstServiceSid = v.fallback(v.nullable(firstReadable(v.pipe(requiredText, sid('IS')))), null);

/** A verbatim text; empty if absent or repeated. For events that must not fail because of a detail. */
export const lenientText = v.fallback(v.optional(v.string(), ''), '');
