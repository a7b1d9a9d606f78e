import { OptOutEvents } from '../opt-outs/opt-out-events';
import { untickedOptOuts } from './data/customer-findings';
import { counted } from './data/findings';
import type { TeamData } from './data/team-data';
import type { HealthCheck } from './health-check';
import { contentOutcome } from './replica/replica-content';
import type { ReplicaLook } from './replica/replica-look';

export interface ReplicaDataChecksOptions {
  /** @throws {ConfigurationError} if there is no stack with a replica */
  readonly open: () => Promise<ReplicaLook>;
  /** The team's records, shared with other checks. @throws {ConfigurationError} */
  readonly openData: () => TeamData;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const STACK = ['configuration', 'aws', 'stack', 'replica-stack'];
const BASE = ['airtable-token', 'table-customers'];

/** Checks that compare the replica and the opt-outs with every row of the base. */
export function replicaDataChecks({ open, openData, now }: ReplicaDataChecksOptions): readonly HealthCheck[] {
  return [
    {
      id: 'replica-content',
      title: 'Replica compared with Airtable',
      dependsOn: [...STACK, ...BASE, 'table-templates', 'replica'],
      run: async () => contentOutcome(await open(), openData(), now()),
    },
    {
      id: 'opt-outs-unticked',
      title: 'Opt-outs unticked in Airtable',
      dependsOn: [...STACK, ...BASE],
      run: async () => {
        const { optOuts } = await open();
        const waiting = new Set((await optOuts.listPending()).map(({ event }) => event.id));
        const events = await OptOutEvents.read(optOuts);
        const findings = untickedOptOuts(await openData().customers(), events, waiting);
        if (findings.length === 0) return { status: 'pass', message: 'none' };
        return {
          status: 'fail',
          message: `${counted(findings.length, 'opt-out')} in force but not ticked in opt_out`,
          fix: 'Sync ticks them again, because clearing opt_out does not lift a STOP. If the customer wants messages again: npm run opt-outs -- lift ADDRESS --reason "…"',
          findings,
        };
      },
    },
  ];
}
