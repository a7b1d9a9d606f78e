import * as v from 'valibot';
import {
  invalidRequest,
  missingFieldOptions,
  notSupportedHere,
  unsupportedFieldType,
} from './airtable-errors';
import {
  type ChoiceData,
  COMPUTED_TYPES,
  FIELD_TYPES,
  type FieldOptions,
  type FieldType,
} from './base-model';
import { newId } from './ids';

const digits = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(most));
const Named = v.object({ name: v.string() });
const DateFormat = v.object({ name: v.picklist(['local', 'friendly', 'us', 'european', 'iso']) });
const Choices = v.object({
  choices: v.pipe(
    v.array(v.object({ name: v.pipe(v.string(), v.nonEmpty()), color: v.exactOptional(v.string()) })),
    v.transform((choices) => choices.map((choice): ChoiceData => ({ id: newId('sel'), ...choice }))),
  ),
});
const Precision = v.object({ precision: digits(8) });

/** The options that a type requires at creation (airtable.md#metadata). */
const REQUIRED: Partial<Record<FieldType, v.GenericSchema<unknown, FieldOptions>>> = {
  number: Precision,
  percent: Precision,
  currency: v.object({ precision: digits(7), symbol: v.string() }),
  duration: v.object({ durationFormat: v.string() }),
  rating: v.object({ icon: v.string(), max: v.pipe(digits(10), v.minValue(1)), color: v.string() }),
  checkbox: v.object({ icon: v.string(), color: v.string() }),
  singleSelect: Choices,
  multipleSelects: Choices,
  date: v.object({ dateFormat: DateFormat }),
  dateTime: v.object({ timeZone: v.string(), dateFormat: DateFormat, timeFormat: Named }),
};

const MAY_BE_EMPTY: ReadonlySet<string> = new Set(['singleCollaborator', 'multipleCollaborators']);

/** Types that only a person can create; the last two are not in the model, because none of our bases has them. */
const NOT_CREATABLE: ReadonlySet<string> = new Set([...COMPUTED_TYPES, 'aiText', 'externalSyncSource']);

const Type = v.picklist(FIELD_TYPES);

/**
 * A type under which a field can be created.
 * @throws AirtableError 422 for any other or unknown type; 501 for links, because their inverse is not created here
 */
export function creatableType(type: string): FieldType {
  if (NOT_CREATABLE.has(type)) throw unsupportedFieldType(type);
  if (type === 'multipleRecordLinks') throw notSupportedHere('the creation of a link field');
  if (!v.is(Type, type)) throw invalidRequest();
  return type;
}

/**
 * The options as stored; undefined for a type without options.
 * @throws AirtableError 422 for options that are missing, invalid, or not allowed
 */
export function createdOptions(field: string, type: FieldType, given: unknown): FieldOptions | undefined {
  const required = REQUIRED[type];
  if (required === undefined) {
    const isNone = given === undefined || (MAY_BE_EMPTY.has(type) && v.is(v.strictObject({}), given));
    if (!isNone) throw missingFieldOptions(`${field}.options is not expected`);
    return undefined;
  }
  if (given === undefined) throw missingFieldOptions(`${field}.options is missing`);
  const { success, output, issues } = v.safeParse(required, given);
  if (!success) throw missingFieldOptions(`${field}.options.${v.getDotPath(issues[0]) ?? ''} is invalid`);
  return output;
}
