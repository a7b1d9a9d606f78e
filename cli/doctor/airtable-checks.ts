import { EXPECTED, type WantedTable } from '../airtable/expected-schema';
import { describeTokens, tokenLimits, tokenProblems } from '../airtable/inspect-token';
import { planTable } from '../airtable/plan-airtable';
import type { DoctorContext } from './doctor-context';
import { type CheckResult, type HealthCheck, resultOf } from './health-check';

/** Checks of the base itself: the tokens' access, and what setup would change in its tables. */
export const AIRTABLE_CHECKS: readonly HealthCheck[] = [
  { id: 'airtable-token', title: 'Airtable token', dependsOn: ['configuration'], run: checkToken },
  tableCheck('table-customers', EXPECTED.customers),
  tableCheck('table-templates', EXPECTED.templates),
];

function tableCheck(id: string, wanted: WantedTable): HealthCheck {
  return {
    id,
    title: `Table ${wanted.name}`,
    dependsOn: ['configuration', 'airtable-token'],
    run: async ({ schema, airtable }) => resultOf(planTable(wanted, await schema(), airtable())),
  };
}

async function checkToken({ settings, pacing }: DoctorContext): Promise<CheckResult> {
  const { configuration, airtableApiKey: apiKey, airtableSetupApiKey: setupApiKey } = settings();
  const { airtableUrl: url, airtableBaseId: baseId } = configuration;
  const trial = { tryWriting: true, pacing };
  const { service, setup } = await describeTokens({ url, baseId }, { apiKey, setupApiKey }, trial);
  const manualSteps = [
    ...tokenProblems(service, { variable: 'AIRTABLE_API_KEY', baseId, needs: ['records'] }),
    // The checks of the tables report missing scopes of the setup token.
    ...(setup === service
      ? []
      : tokenProblems(setup, { variable: 'AIRTABLE_SETUP_API_KEY', baseId, needs: [] })),
  ];
  const may = service.mayReadRecords === null ? 'sees the base' : 'reads and writes the records of the base';
  const [limit] = tokenLimits(service, 'AIRTABLE_API_KEY');
  return manualSteps.length === 0 && limit !== undefined
    ? { status: 'limited', message: limit.what, fix: limit.fix }
    : resultOf({ manualSteps, upToDate: [`${may} ${baseId}`] });
}
