import { recordPage } from '../data/findings';
import type { TeamData } from '../data/team-data';
import type { CheckResult, Finding } from '../health-check';
import { duration } from './duration';
import type { ReplicaLook } from './replica-look';

/** Later changes may not have arrived yet: ping, debounce and drain together take less. */
const MARGIN_MS = 5 * 60_000;

/**
 * Whether the replica has the same records as the base. This needs no extra requests to Airtable, because the table is
 * read once for all checks of its rows. Contents are not compared: the nightly pass repairs them and counts the
 * repairs.
 */
export async function contentOutcome(look: ReplicaLook, data: TeamData, now: number): Promise<CheckResult> {
  const replica = new Set<string>();
  for await (const { recordId } of look.replica.scanHeads()) replica.add(recordId);
  const records = await data.customerStamps();
  const inBase = new Set(records.map(({ id }) => id));
  const missing = records.filter(({ id, createdAt }) => !replica.has(id) && now - createdAt > MARGIN_MS);
  const surplus = [...replica].filter((recordId) => !inBase.has(recordId));
  const templates = { inBase: (await data.templates()).length, inReplica: await look.countTemplates() };
  const findings: readonly Finding[] = [
    ...missing.map(({ id }) => ({
      what: `record ${id} is not in the replica`,
      link: recordPage(data.baseId, id),
    })),
    ...surplus.map((id) => ({ what: `record ${id} is in the replica only`, link: null })),
    ...(templates.inBase === templates.inReplica
      ? []
      : [
          {
            what: `${templates.inBase} templates in Airtable, ${templates.inReplica} in the replica`,
            link: null,
          },
        ]),
  ];
  if (findings.length === 0) {
    return {
      status: 'pass',
      message: `the same ${records.length} customers and ${templates.inBase} templates in both`,
    };
  }
  return {
    status: 'fail',
    message: `${records.length} customers in Airtable, ${replica.size} in the replica`,
    fix: `Changes of the last ${duration(MARGIN_MS)} may still be on their way: run the doctor again. If it persists, the nightly pass repairs it; to repair it now, see docs/runbook.md, "replica-repairs"`,
    findings,
  };
}
