import { STACK_NAME } from '../../lib/stack-names';
import { memoize } from '../plan/memoize';
import type { Settings } from '../settings/settings';
import { type Assembly, type CdkCaller, synthesise } from './cdk';
import { type DeployedStack, readStack } from './deployed-stack';
import { type Identity, readIdentity } from './identity';
import { findKeptTable, type KeptTable, TABLE_KINDS, type TableKind, tablesOfStack } from './kept-tables';

/** What a setup deploys: this folder's stacks, with the tables that earlier ones left. */
export interface Deployment {
  readonly identity: Identity;
  /** The service's stack before the deployment; null if absent. */
  readonly present: DeployedStack | null;
  /** The tables that were found and are passed to the stack. */
  readonly kept: readonly KeptTable[];
  readonly caller: CdkCaller;
  readonly assembly: Assembly;
}

/**
 * Prepares a deployment when first called. Every later call returns the same, because synthesis takes a while.
 * @param directory the project's folder
 */
export function deploymentOf(
  { configuration, inbox }: Settings,
  directory: string,
): () => Promise<Deployment> {
  const tables: Readonly<Record<TableKind['variable'], string | null>> = {
    OPT_OUT_TABLE_NAME: configuration.optOutTable,
    INBOX_TABLE_NAME: inbox.table,
  };
  return memoize(async () => {
    const identity = await readIdentity();
    const present = await readStack(STACK_NAME);
    const unnamed = TABLE_KINDS.filter(({ variable }) => tables[variable] === null);
    const found = unnamed.length > 0 ? await tablesOfStack(identity) : [];
    const kept = unnamed.flatMap(
      (kind) => findKeptTable(kind, found, present, configuration.airtableBaseId) ?? [],
    );
    const named = Object.entries(tables).flatMap(([variable, name]) =>
      name === null ? [] : [[variable, name]],
    );
    const caller: CdkCaller = {
      directory,
      region: identity.region,
      variables: {
        ...Object.fromEntries(named),
        ...Object.fromEntries(kept.map(({ kind, name }) => [kind.variable, name])),
        // In a dry run, .env does not have them yet.
        ...(inbox.isOn && { INBOX: 'true', ROUTING: inbox.routing }),
      },
    };
    return { identity, present, kept, caller, assembly: await synthesise(caller) };
  });
}
