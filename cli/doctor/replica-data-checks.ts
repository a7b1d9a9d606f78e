import { STACK_NAME } from '../../lib/stack-names';
import { listOptOuts } from '../opt-outs/list-opt-outs';
import { OptOutEvents } from '../opt-outs/opt-out-events';
import { counted } from '../terminal/counted';
import { untickedOptOuts } from './data/customer-findings';
import { duration, recordPage } from './data/team-data';
import type { DoctorContext } from './doctor-context';
import { type CheckResult, type Finding, failed, type HealthCheck, passed } from './health-check';

const STACK = ['configuration', 'aws', 'stack', 'replica-stack'];
const ROWS = [...STACK, 'airtable-token', 'table-customers'];

/** Checks that compare the replica and the opt-outs with every row of the base. */
export const REPLICA_DATA_CHECKS: readonly HealthCheck[] = [
  {
    id: 'replica-content',
    title: 'Replica compared with Airtable',
    dependsOn: [...ROWS, 'table-templates', 'replica'],
    run: compareContent,
  },
  {
    id: 'opt-outs-unticked',
    title: 'Opt-outs unticked in Airtable',
    dependsOn: ROWS,
    run: async (context) => {
      const pending = await (await context.stores()).optOuts.listPending();
      const findings = await unticked(context, new Set(pending.map(({ event }) => event.id)));
      return unlessNone(
        findings,
        `${counted(findings.length, 'opt-out')} in force but not ticked in opt_out`,
        'Sync ticks them again, because clearing opt_out does not lift a STOP. If the customer wants messages again: npx frontline opt-outs lift ADDRESS --reason "…"',
      );
    },
  },
];

/**
 * Whether the service may go back to a version without a replica. Such a version reads opt-outs from Airtable alone,
 * so that an opt-out which Airtable does not show would no longer be in force.
 */
export const ROLLBACK_CHECKS: readonly HealthCheck[] = [
  {
    id: 'rollback-waiting',
    title: 'Opt-outs not yet in Airtable',
    dependsOn: STACK,
    run: async ({ stores }) => {
      const pending = await (await stores()).optOuts.listPending();
      return wouldBeLost(
        pending
          .filter(({ event }) => event.kind === 'opt-out')
          .map(({ address, event }) => ({ what: `${address}: ${event.keyword} at ${event.at}`, link: null })),
        `${NOT_YET}. Sync writes them to Airtable within minutes: run npx frontline doctor --before-rollback again. If they stay, npx frontline logs --callback sync shows why`,
      );
    },
  },
  {
    id: 'rollback-ticks',
    title: 'Opt-outs not ticked in Airtable',
    dependsOn: ROWS,
    run: async (context) =>
      wouldBeLost(
        await unticked(context, new Set()),
        `${NOT_YET}. Tick opt_out of these customers in Airtable, or wait for sync to do it`,
      ),
  },
  {
    id: 'rollback-texts',
    title: 'Texts in opt_out that an older version ignores',
    dependsOn: ROWS,
    run: async ({ data }) => {
      const customers = await data().customers();
      return wouldBeLost(
        customers
          .filter(({ optOut: { text, cell } }) => cell !== 'no' && text.toLowerCase() !== 'true')
          .map(({ name, link, optOut: { text } }) => ({ what: `${name}: opt_out is "${text}"`, link })),
        'Set opt_out of these customers to true: an older version ignores any other text',
      );
    },
  },
  {
    id: 'rollback-without-customer',
    title: 'Opt-outs without a customer',
    dependsOn: STACK,
    run: async ({ stores }) => {
      const optOuts = await listOptOuts(await stores());
      const strangers = optOuts.filter(({ inAirtable }) => inAirtable === 'no customer');
      if (strangers.length === 0) return NONE;
      return {
        status: 'limited',
        message: `${counted(strangers.length, 'address', 'addresses')} opted out without a customer: an older version ignores this`,
        fix: 'The table keeps them for the return. Until then, keep the list and do not add these numbers as customers: npx frontline opt-outs list --csv > opt-outs.csv',
      };
    },
  },
];

const NOT_YET = `Do not deploy an older version over ${STACK_NAME} yet`;
const NONE = passed('none');

function unlessNone(findings: readonly Finding[], message: string, fix: string): CheckResult {
  return findings.length === 0 ? NONE : failed(message, fix, findings);
}

function wouldBeLost(findings: readonly Finding[], fix: string): CheckResult {
  return unlessNone(findings, `${counted(findings.length, 'opt-out')} would be lost by a rollback now`, fix);
}

async function unticked(
  { stores, data }: DoctorContext,
  waiting: ReadonlySet<string>,
): Promise<readonly Finding[]> {
  const events = await OptOutEvents.read((await stores()).optOuts);
  return untickedOptOuts(await data().customers(), events, waiting);
}

/** Later changes may not have arrived yet: ping, debounce and drain together take less. */
const MARGIN_MS = 5 * 60_000;

/**
 * Whether the replica has the same records as the base. This needs no extra requests to Airtable, because the table is
 * read once for all checks of its rows. Contents are not compared: the nightly pass repairs them and counts the
 * repairs.
 */
async function compareContent({ stores, customers, data, now }: DoctorContext): Promise<CheckResult> {
  const { replica } = await stores();
  const inReplica = new Set<string>();
  for await (const { recordId } of replica.scanHeads()) inReplica.add(recordId);
  const records = await data().customerStamps();
  const inBase = new Set(records.map(({ id }) => id));
  const missing = records.filter(({ id, createdAt }) => !inReplica.has(id) && now() - createdAt > MARGIN_MS);
  const surplus = [...inReplica].filter((recordId) => !inBase.has(recordId));
  const [templates, copies] = [
    (await data().templates()).length,
    (await (await customers()).listTemplates()).length,
  ];
  const findings: Finding[] = [
    ...missing.map(({ id }) => ({
      what: `record ${id} is not in the replica`,
      link: recordPage(data().baseId, id),
    })),
    ...surplus.map((id) => ({ what: `record ${id} is in the replica only`, link: null })),
  ];
  if (templates !== copies) {
    findings.push({ what: `${templates} templates in Airtable, ${copies} in the replica`, link: null });
  }
  if (findings.length === 0) {
    const message = `the same ${records.length} customers and ${templates} templates in both`;
    return passed(message);
  }
  return failed(
    `${records.length} customers in Airtable, ${inReplica.size} in the replica`,
    `Changes of the last ${duration(MARGIN_MS)} may still be on their way: run the doctor again. If it persists, the nightly pass repairs it; to repair it now, see docs/runbook.md, "replica-repairs"`,
    findings,
  );
}
