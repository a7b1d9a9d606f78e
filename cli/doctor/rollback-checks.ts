import { STACK_NAME } from '../../lib/stack-names';
import type { OptedOutAddress } from '../opt-outs/list-opt-outs';
import { OptOutEvents } from '../opt-outs/opt-out-events';
import { untickedOptOuts } from './data/customer-findings';
import { counted } from './data/findings';
import type { TeamData } from './data/team-data';
import type { HealthCheck } from './health-check';
import type { ReplicaLook } from './replica/replica-look';

export interface RollbackChecksOptions {
  /** @throws {ConfigurationError} if there is no stack with a replica */
  readonly open: () => Promise<Pick<ReplicaLook, 'optOuts'>>;
  /** All addresses that are opted out. */
  readonly listOptOuts: () => Promise<readonly OptedOutAddress[]>;
  readonly openData: () => TeamData;
}

const STACK = ['configuration', 'aws', 'stack', 'replica-stack'];

/**
 * Whether the service may go back to a version without a replica. Such a version reads opt-outs from Airtable alone,
 * so that an opt-out which Airtable does not show would no longer be in force.
 */
export function rollbackChecks({
  open,
  listOptOuts,
  openData,
}: RollbackChecksOptions): readonly HealthCheck[] {
  return [
    {
      id: 'rollback-waiting',
      title: 'Opt-outs that Airtable does not have yet',
      dependsOn: STACK,
      run: async () => {
        const { optOuts } = await open();
        const waiting = (await optOuts.listPending()).filter(({ event }) => event.kind === 'opt-out');
        if (waiting.length === 0) return { status: 'pass', message: 'none' };
        return {
          status: 'fail',
          message: `${counted(waiting.length, 'opt-out')} would be lost by going back now`,
          fix: `Do not deploy an older version over ${STACK_NAME} yet. Sync takes them to Airtable within minutes: run npm run doctor -- --before-rollback again. Where they stay, npm run logs -- --callback sync says why`,
          findings: waiting.map(({ address, event }) => ({
            what: `${address}: ${event.keyword} at ${event.at}`,
            link: null,
          })),
        };
      },
    },
    {
      id: 'rollback-ticks',
      title: 'Opt-outs that opt_out in Airtable does not show',
      dependsOn: [...STACK, 'airtable-token', 'table-customers'],
      run: async () => {
        const events = await OptOutEvents.read((await open()).optOuts);
        const findings = untickedOptOuts(await openData().customers(), events, new Set());
        if (findings.length === 0) return { status: 'pass', message: 'none' };
        return {
          status: 'fail',
          message: `${counted(findings.length, 'opt-out')} would be lost by going back now`,
          fix: `Do not deploy an older version over ${STACK_NAME} yet. Tick opt_out of these customers in Airtable, or wait for sync to do it`,
          findings,
        };
      },
    },
    {
      id: 'rollback-texts',
      title: 'Texts in opt_out that an older version does not read',
      dependsOn: [...STACK, 'airtable-token', 'table-customers'],
      run: async () => {
        const findings = (await openData().customers())
          .filter(({ optOut: { text, cell } }) => cell !== 'no' && text.toLowerCase() !== 'true')
          .map(({ name, link, optOut: { text } }) => ({ what: `${name}: opt_out is "${text}"`, link }));
        if (findings.length === 0) return { status: 'pass', message: 'none' };
        return {
          status: 'fail',
          message: `${counted(findings.length, 'opt-out')} would be lost by going back now`,
          fix: 'Write true into opt_out of these customers: an older version reads no other text',
          findings,
        };
      },
    },
    {
      id: 'rollback-without-customer',
      title: 'Opt-outs of numbers that no customer has',
      dependsOn: STACK,
      run: async () => {
        const strangers = (await listOptOuts()).filter(({ inAirtable }) => inAirtable === 'no customer');
        if (strangers.length === 0) return { status: 'pass', message: 'none' };
        return {
          status: 'limited',
          message: `${counted(strangers.length, 'address', 'addresses')} said STOP and has no customer: an older version does not know of it`,
          fix: 'The table keeps them for the way back. Keep the list meanwhile, and do not add these numbers as customers: npm run opt-outs -- list --csv > opt-outs.csv',
        };
      },
    },
  ];
}
