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
      title: 'Opt-outs not yet in Airtable',
      dependsOn: STACK,
      run: async () => {
        const { optOuts } = await open();
        const waiting = (await optOuts.listPending()).filter(({ event }) => event.kind === 'opt-out');
        if (waiting.length === 0) return { status: 'pass', message: 'none' };
        return {
          status: 'fail',
          message: `${counted(waiting.length, 'opt-out')} would be lost by a rollback now`,
          fix: `Do not deploy an older version over ${STACK_NAME} yet. Sync writes them to Airtable within minutes: run npm run doctor -- --before-rollback again. If they stay, npm run logs -- --callback sync shows why`,
          findings: waiting.map(({ address, event }) => ({
            what: `${address}: ${event.keyword} at ${event.at}`,
            link: null,
          })),
        };
      },
    },
    {
      id: 'rollback-ticks',
      title: 'Opt-outs not ticked in Airtable',
      dependsOn: [...STACK, 'airtable-token', 'table-customers'],
      run: async () => {
        const events = await OptOutEvents.read((await open()).optOuts);
        const findings = untickedOptOuts(await openData().customers(), events, new Set());
        if (findings.length === 0) return { status: 'pass', message: 'none' };
        return {
          status: 'fail',
          message: `${counted(findings.length, 'opt-out')} would be lost by a rollback now`,
          fix: `Do not deploy an older version over ${STACK_NAME} yet. Tick opt_out of these customers in Airtable, or wait for sync to do it`,
          findings,
        };
      },
    },
    {
      id: 'rollback-texts',
      title: 'Texts in opt_out that an older version ignores',
      dependsOn: [...STACK, 'airtable-token', 'table-customers'],
      run: async () => {
        const findings = (await openData().customers())
          .filter(({ optOut: { text, cell } }) => cell !== 'no' && text.toLowerCase() !== 'true')
          .map(({ name, link, optOut: { text } }) => ({ what: `${name}: opt_out is "${text}"`, link }));
        if (findings.length === 0) return { status: 'pass', message: 'none' };
        return {
          status: 'fail',
          message: `${counted(findings.length, 'opt-out')} would be lost by a rollback now`,
          fix: 'Set opt_out of these customers to true: an older version ignores any other text',
          findings,
        };
      },
    },
    {
      id: 'rollback-without-customer',
      title: 'Opt-outs without a customer',
      dependsOn: STACK,
      run: async () => {
        const strangers = (await listOptOuts()).filter(({ inAirtable }) => inAirtable === 'no customer');
        if (strangers.length === 0) return { status: 'pass', message: 'none' };
        return {
          status: 'limited',
          message: `${counted(strangers.length, 'address', 'addresses')} opted out without a customer: an older version ignores this`,
          fix: 'The table keeps them for the return. Until then, keep the list and do not add these numbers as customers: npm run opt-outs -- list --csv > opt-outs.csv',
        };
      },
    },
  ];
}
