import * as v from 'valibot';
import { FIELD_TYPES } from '../../lambdas/airtable/field-types';
import type { BaseData, CellValue } from '../airtable/base-model';

const Cell: v.GenericSchema<CellValue> = v.lazy(() =>
  v.union([v.string(), v.number(), v.boolean(), v.null(), v.array(Cell), v.record(v.string(), Cell)]),
);

const Named = { id: v.string(), name: v.string() };

const Field = v.looseObject({
  ...Named,
  type: v.picklist(FIELD_TYPES),
  description: v.exactOptional(v.string()),
  options: v.exactOptional(
    v.looseObject({
      choices: v.exactOptional(v.array(v.looseObject({ ...Named, color: v.exactOptional(v.string()) }))),
      precision: v.exactOptional(v.number()),
      max: v.exactOptional(v.number()),
      linkedTableId: v.exactOptional(v.string()),
      icon: v.exactOptional(v.string()),
      color: v.exactOptional(v.string()),
      symbol: v.exactOptional(v.string()),
      durationFormat: v.exactOptional(v.string()),
      dateFormat: v.exactOptional(v.looseObject({ name: v.string() })),
      timeFormat: v.exactOptional(v.looseObject({ name: v.string() })),
      timeZone: v.exactOptional(v.string()),
    }),
  ),
});

const View = v.looseObject({
  ...Named,
  type: v.string(),
  filterByFormula: v.exactOptional(v.string()),
  sort: v.exactOptional(
    v.array(v.looseObject({ field: v.string(), direction: v.exactOptional(v.picklist(['asc', 'desc'])) })),
  ),
});

const KeptRecord = v.looseObject({
  id: v.string(),
  createdTime: v.pipe(v.string(), v.isoTimestamp()),
  fields: v.record(v.string(), Cell),
});

/** A base as stored in the file. Unknown properties are kept. */
export const KeptBase: v.GenericSchema<unknown, BaseData> = v.looseObject({
  ...Named,
  collaborators: v.exactOptional(v.array(v.looseObject({ ...Named, email: v.string() }))),
  tables: v.array(
    v.looseObject({
      ...Named,
      description: v.exactOptional(v.string()),
      primaryFieldId: v.exactOptional(v.string()),
      fields: v.array(Field),
      views: v.array(View),
      records: v.array(KeptRecord),
    }),
  ),
});
