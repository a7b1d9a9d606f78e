import { STACK_NAME } from '../../lib/stack-names';
import { memoize } from '../plan/memoize';
import type { Settings } from '../settings/settings';
import { type Identity, readIdentity } from './cached-lookups';
import { type Assembly, type CdkCaller, synthesise } from './cdk';
import { type DeployedStack, readStack } from './deployed-stack';
import { findKeptTable, type KeptTable, TABLE_KINDS, type TableKind, tablesOfStack } from './kept-tables';

export interface DeploymentOptions {
  readonly settings: Settings;
  /** The retained tables that `.env` names, by their setting; null to find one that an earlier stack left. */
  readonly tables: Readonly<Record<TableKind['variable'], string | null>>;
  /** Further settings that override `.env`. @default none */
  readonly variables?: Readonly<Record<string, string>>;
  /** The project's folder. */
  readonly directory: string;
}

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

/** Prepares a deployment when first called. Every later call returns the same, because synthesis takes a while. */
export function deploymentOf({
  settings,
  tables,
  variables = {},
  directory,
}: DeploymentOptions): () => Promise<Deployment> {
  return memoize(async () => {
    const identity = await readIdentity();
    const present = await readStack(STACK_NAME);
    const { airtableBaseId } = settings.configuration;
    const unnamed = TABLE_KINDS.filter(({ variable }) => tables[variable] === null);
    const found = unnamed.length > 0 ? await tablesOfStack(identity) : [];
    const kept = unnamed.flatMap((kind) => findKeptTable(kind, found, present, airtableBaseId) ?? []);
    const named = Object.entries(tables).flatMap(([variable, name]) =>
      name === null ? [] : [[variable, name]],
    );
    const caller: CdkCaller = {
      directory,
      region: identity.region,
      variables: {
        ...Object.fromEntries(named),
        ...Object.fromEntries(kept.map(({ kind, name }) => [kind.variable, name])),
        ...variables,
      },
    };
    return { identity, present, kept, caller, assembly: await synthesise(caller) };
  });
}
