import { ConfigurationError } from '../../lambdas/errors';
import { compareTable, compareTemplatesView, type SchemaProblem } from '../airtable/compare-schema';
import { EXPECTED, type WantedTable } from '../airtable/expected-schema';
import { describeTokens } from '../airtable/inspect-token';
import { PacedBase, type Pacing } from '../airtable/rate-limited-base';
import { type BaseSchema, findTable } from '../airtable/schema';
import { tokenLimits, tokenProblems } from '../airtable/token-problems';
import type { Settings } from '../settings/settings';
import { recordPage } from './data/findings';
import type { CheckResult, HealthCheck } from './health-check';
import { memoize } from './memoize';

/** Checks of the base itself: who may read and write it, and whether it has everything that the service needs. */
export function airtableChecks({
  settings,
  pacing,
}: {
  readonly settings: () => Settings;
  readonly pacing?: Pacing;
}): readonly HealthCheck[] {
  const schema = memoize(() => readSchema(settings(), pacing));
  const dependsOn = ['configuration', 'airtable-token'];
  return [
    {
      id: 'airtable-token',
      title: 'Airtable token',
      dependsOn: ['configuration'],
      run: () => checkToken(settings(), pacing),
    },
    {
      id: 'table-customers',
      title: 'Table Customers',
      dependsOn,
      run: async () => outcomeOf(EXPECTED.customers, await schema(), settings(), () => []),
    },
    {
      id: 'table-templates',
      title: 'Table Templates',
      dependsOn,
      run: async () => {
        const { templatesView } = settings().configuration;
        const compareView = (base: BaseSchema) => compareTemplatesView(templatesView, base);
        return outcomeOf(EXPECTED.templates, await schema(), settings(), compareView);
      },
    },
  ];
}

async function checkToken(settings: Settings, pacing?: Pacing): Promise<CheckResult> {
  const { configuration, airtableApiKey, airtableSetupApiKey } = settings;
  const { airtableUrl: url, airtableBaseId: baseId } = configuration;
  const keys = { apiKey: airtableApiKey, setupApiKey: airtableSetupApiKey };
  const { service: token, setup } = await describeTokens({ url, baseId }, keys, {
    tryWriting: true,
    ...(pacing && { pacing }),
  });
  const problems = tokenProblems(token, { variable: 'AIRTABLE_API_KEY', baseId, needs: ['records'] });
  const setupProblems =
    setup === token
      ? []
      : // The check of the tables reports missing scopes.
        tokenProblems(setup, { variable: 'AIRTABLE_SETUP_API_KEY', baseId, needs: [] });
  const [first, ...others] = [...problems, ...setupProblems];
  if (first === undefined) {
    const may = token.mayReadRecords === null ? 'sees the base' : 'reads and writes the records of the base';
    const [limit] = tokenLimits(token, 'AIRTABLE_API_KEY');
    if (limit !== undefined) return { status: 'limited', message: limit.what, fix: limit.fix };
    return { status: 'pass', message: `${may} ${baseId}` };
  }
  return {
    status: 'fail',
    message: first.what,
    fix: first.fix,
    findings: others.map(({ what }) => ({ what, link: null })),
  };
}

/** The schema, or why it cannot be read; a check of its own reports faults of the token. */
async function readSchema(settings: Settings, pacing?: Pacing): Promise<BaseSchema | ConfigurationError> {
  const { airtableUrl: url, airtableBaseId: baseId } = settings.configuration;
  try {
    return await new PacedBase({ url, baseId, apiKey: settings.airtableSetupApiKey }, pacing).readSchema();
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
}

function outcomeOf(
  wanted: WantedTable,
  schema: BaseSchema | ConfigurationError,
  { configuration }: Settings,
  compareView: (schema: BaseSchema) => readonly SchemaProblem[],
): CheckResult {
  if (schema instanceof ConfigurationError) {
    return { status: 'skip', message: 'cannot read its columns', fix: schema.message };
  }
  const problems = [...compareTable(wanted, schema), ...compareView(schema)];
  const [first] = problems;
  if (first === undefined) return { status: 'pass', message: `${summary(wanted)}, with supported types` };
  if (problems.length === 1) return { status: 'fail', message: first.what, fix: first.fix };
  const link = recordPage(configuration.airtableBaseId, findTable(schema, wanted.name)?.id);
  return {
    status: 'fail',
    message: `${problems.length} differences from the schema that the service needs`,
    fix: fixOf(problems),
    findings: problems.map(({ what }) => ({ what, link })),
  };
}

function fixOf(problems: readonly SchemaProblem[]): string {
  const byHand = problems.filter(({ creation }) => creation === null).map(({ fix }) => fix);
  const creatable = problems.length - byHand.length;
  const setup = creatable === 0 ? [] : ['npm run setup creates what is missing'];
  return [...setup, ...byHand].join('. ');
}

function summary({ columns }: WantedTable): string {
  return `has ${columns.flatMap(({ name, draft }) => (draft === null ? [] : name)).join(', ')}`;
}
