import type { ActionChanges } from './action-changes';
import { unknownField } from './airtable-errors';
import {
  type BaseData,
  type CellValue,
  type FieldData,
  findField,
  isComputed,
  type RecordData,
  type TableData,
} from './base-model';
import { type CellContext, writtenCell } from './cell-writing';
import { newId } from './ids';
import { type PresentedRecord, presentRecord } from './presenting';
import { type Cells, changeRecord, insertRecord } from './record-store';

/** The target and the options of a write. */
export interface Target {
  readonly base: BaseData;
  readonly table: TableData;
  readonly now: Date;
  /** Called with every change, for the webhooks. */
  readonly actionChanges: ActionChanges;
  readonly batchSize: number;
  readonly formatBarePhoneNumbers: boolean;
}

/** PATCH keeps the other cells, PUT clears them. */
export type UpdateMode = 'merge' | 'replace';

export interface ChangeOptions {
  readonly typecast: boolean;
  readonly returnFieldsByFieldId: boolean;
}

type FieldValues = Readonly<Record<string, unknown>>;

interface Change {
  /** Undefined for a record to be created. */
  readonly record: RecordData | undefined;
  readonly cells: Cells;
}

/** The changes of one request. All are checked before the first is made, so that an error leaves nothing changed. */
export class WriteBatch {
  readonly #target: Target;
  readonly #byFieldId: boolean;
  readonly #cellContext: CellContext;
  readonly #changes: Change[] = [];

  constructor(target: Target, { typecast, returnFieldsByFieldId }: ChangeOptions) {
    const { base, formatBarePhoneNumbers } = target;
    this.#target = target;
    this.#byFieldId = returnFieldsByFieldId;
    this.#cellContext = { base, typecast, formatBarePhoneNumbers, newChoices: new Map() };
  }

  /** The cell that would result from a value. @throws AirtableError 422 */
  cell(field: FieldData, value: unknown, record?: RecordData): CellValue {
    return writtenCell(field, value, this.#cellContext, record);
  }

  create(fields: FieldValues): void {
    this.#changes.push({ record: undefined, cells: this.#cells(fields) });
  }

  update(record: RecordData, fields: FieldValues, mode: UpdateMode): void {
    const named = this.#cells(fields, record);
    const cells = mode === 'replace' ? new Map([...this.#cleared(), ...named]) : named;
    this.#changes.push({ record, cells });
  }

  /** Makes the changes, and returns the records in the request's order. */
  commit(): readonly PresentedRecord[] {
    const { table, now, actionChanges } = this.#target;
    for (const [field, names] of this.#cellContext.newChoices) addChoices(field, names);
    return this.#changes.map(({ record, cells }) => {
      if (record) changeRecord(table, record, cells, now, actionChanges);
      return presentRecord(record ?? insertRecord(table, cells, now, actionChanges), table, {
        byFieldId: this.#byFieldId,
      });
    });
  }

  #cells(fields: FieldValues, record?: RecordData): Cells {
    return new Map(
      Object.entries(fields).map(([name, value]) => {
        const field = findField(this.#target.table, name);
        if (!field) throw unknownField(name);
        return [field, this.cell(field, value, record)] as const;
      }),
    );
  }

  #cleared(): Cells {
    const writable = this.#target.table.fields.filter((field) => !isComputed(field));
    return new Map(writable.map((field) => [field, this.cell(field, null)] as const));
  }
}

function addChoices(field: FieldData, names: ReadonlySet<string>): void {
  const added = [...names].map((name) => ({ id: newId('sel'), name }));
  field.options = { ...field.options, choices: [...(field.options?.choices ?? []), ...added] };
}
