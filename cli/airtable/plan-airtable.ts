import type { Cells } from '../../lambdas/airtable/airtable-records';
import { ConfigurationError } from '../../lambdas/errors';
import { memoize } from '../plan/memoize';
import { joined, type ManualStep, type Plan, type PlanPart, type Reconciler } from '../plan/plan';
import type { Settings } from '../settings/settings';
import { compareTable, compareTemplatesView } from './compare-schema';
import { creationOf } from './create-missing';
import { EXPECTED, type WantedTable } from './expected-schema';
import { PacedBase, type Pacing } from './rate-limited-base';
import {
  isEmpty,
  missingChoices,
  sampleChange,
  sampleCustomers,
  sampleTemplates,
  type TwoWays,
} from './sample-rows';
import { type BaseSchema, findTable, type TableModel } from './schema';

export interface AirtableStepOptions {
  readonly settings: Settings;
  /** Whether to add a few demo customers and templates to empty tables. */
  readonly sampleRows: boolean;
  readonly pacing?: Pacing;
}

/** Reconciles the base's tables, columns and their types, and checks the view of the templates. */
export function airtableStep(options: AirtableStepOptions): Reconciler {
  return { name: 'Airtable', plan: () => planAirtable(options) };
}

/** The base with the settings that it should match. Its schema is read once; an error if the token may not read it. */
export function airtableContext(settings: Settings, pacing?: Pacing) {
  const { configuration, airtableApiKey, airtableSetupApiKey } = settings;
  const { airtableUrl: url, airtableBaseId: baseId, templatesView } = configuration;
  const base: TwoWays = {
    schema: new PacedBase({ url, baseId, apiKey: airtableSetupApiKey }, pacing),
    records: new PacedBase({ url, baseId, apiKey: airtableApiKey }, pacing),
  };
  const schema = memoize(() =>
    base.schema.readSchema().catch((error: unknown) => {
      if (error instanceof ConfigurationError) return error;
      throw error;
    }),
  );
  return { base, schema, templatesView };
}

export type AirtableContext = ReturnType<typeof airtableContext>;

async function planAirtable({ settings, sampleRows, pacing }: AirtableStepOptions): Promise<Plan> {
  const context = airtableContext(settings, pacing);
  const schema = await context.schema();
  if (schema instanceof ConfigurationError) {
    return joined([
      { manualSteps: [{ what: "Cannot read the base's tables and columns", fix: schema.message }] },
    ]);
  }
  const tables = [EXPECTED.customers, EXPECTED.templates].map((wanted) => planTable(wanted, schema, context));
  const [worker] = settings.configuration.defaultWorkers;
  return joined([...tables, sampleRows ? await planSamples(schema, context.base, worker) : {}]);
}

/** Plans one table: its columns, their types, and the view that orders the templates. */
export function planTable(
  wanted: WantedTable,
  schema: BaseSchema,
  { base, templatesView }: Pick<AirtableContext, 'base' | 'templatesView'>,
): PlanPart {
  const ofView = wanted === EXPECTED.templates ? compareTemplatesView(templatesView, schema) : [];
  const problems = [...compareTable(wanted, schema), ...ofView];
  if (problems.length === 0) return { upToDate: [`${wanted.name} has every column, with supported types`] };
  return {
    changes: problems.flatMap(({ what, creation }) =>
      creation === null ? [] : [{ ...creationOf(creation, base.schema), problem: what }],
    ),
    manualSteps: problems.flatMap((one) => (one.creation === null ? [{ what: one.what, fix: one.fix }] : [])),
  };
}

async function planSamples(schema: BaseSchema, base: TwoWays, worker: string | undefined): Promise<PlanPart> {
  const templates = await planSample(EXPECTED.templates, sampleTemplates, schema, base);
  if (worker === undefined) {
    const noOwner: ManualStep = {
      what: 'Sample customers need an owner to appear in a list: none are created',
      fix: 'Set DEFAULT_WORKER in .env to the identity of an app user, and run setup again',
    };
    return joined([templates, { manualSteps: [noOwner] }]);
  }
  const rowsFor = (table: TableModel) => sampleCustomers(table, worker);
  return joined([await planSample(EXPECTED.customers, rowsFor, schema, base), templates]);
}

async function planSample(
  wanted: WantedTable,
  rowsFor: (table: TableModel) => readonly Cells[],
  schema: BaseSchema,
  base: TwoWays,
): Promise<PlanPart> {
  const change = sampleChange(wanted, rowsFor, base);
  if (compareTable(wanted, schema).some(({ creation }) => creation === null)) {
    const what = `Sample rows are not added to ${wanted.name} in its present state`;
    return { manualSteps: [{ what, fix: 'Fix the table first, and run setup again' }] };
  }
  const table = findTable(schema, wanted.name);
  if (table === undefined) return { changes: [change] };
  if (!(await isEmpty(table, wanted, base.records))) {
    return { upToDate: [`${wanted.name} has records already, so no sample rows are added`] };
  }
  const choices = missingChoices(rowsFor(table), table);
  if (choices.length === 0) return { changes: [change] };
  return {
    manualSteps: [
      {
        what: `The sample rows for ${wanted.name} need select options that the table lacks: ${choices.join(', ')}`,
        fix: `In Airtable, table ${wanted.name}, the arrow beside the column > Edit field > Add option, and run setup again`,
      },
    ],
  };
}
