import { DynamoDBClient, ListTagsOfResourceCommand, paginateListTables } from '@aws-sdk/client-dynamodb';
import { BASE_TAG, INBOX_TAG, STACK_NAME, STACK_TAG } from '../../lib/stack-names';
import { SERVICE_OUTPUTS, type ServiceOutput } from '../../lib/stack-outputs';
import { AwsSetupError, callAws, clientOptions } from './aws-errors';
import type { DeployedStack } from './deployed-stack';
import type { Identity } from './identity';
import { stateOf } from './wait-for-stack';

/** A table that outlives its stack, and how it is found again. */
export interface TableKind {
  /** The tag with the name of its stack. */
  readonly tag: string;
  /** The stack's output with its name. */
  readonly output: ServiceOutput;
  /** A part of its logical id, for a stack that does not have its outputs yet. */
  readonly logicalId: string;
  /** The setting that names an existing table. */
  readonly variable: 'OPT_OUT_TABLE_NAME' | 'INBOX_TABLE_NAME';
  /** Its content, as in "the table X has …", and why it is kept. */
  readonly content: string;
  readonly use: string;
}

export const OPT_OUTS: TableKind = {
  tag: STACK_TAG,
  output: SERVICE_OUTPUTS.optOutTable,
  logicalId: 'OptOuts',
  variable: 'OPT_OUT_TABLE_NAME',
  content: 'the opt-outs',
  use: 'the record of who sent STOP and when',
};

export const INBOX: TableKind = {
  tag: INBOX_TAG,
  output: SERVICE_OUTPUTS.inboxTable,
  logicalId: 'Inbox',
  variable: 'INBOX_TABLE_NAME',
  content: "the inbox's chats and workers",
  use: 'of which only it has what each worker has read; the messages themselves are at Twilio',
};

export const TABLE_KINDS = [OPT_OUTS, INBOX] as const;

/** A table that an earlier stack left. */
export interface KeptTable {
  readonly name: string;
  readonly kind: TableKind;
  /** The base whose customers are in it; null if the tag was removed. */
  readonly baseId: string | null;
}

/**
 * Finds the table of a kind to pass to a deployment, by the tags that the stack puts on it.
 * @param tables of this stack's name, by `tablesOfStack`
 * @param stack the deployed stack; null if absent
 * @returns null if the stack has its own table, or will create the first one
 * @throws {AwsSetupError} if several tables match
 */
export function findKeptTable(
  kind: TableKind,
  tables: readonly KeptTable[],
  stack: DeployedStack | null,
  baseId: string,
): KeptTable | null {
  if (stack !== null && ownsTable(stack, kind)) return null;
  const kept = tables.filter((table) => table.kind === kind);
  const used = kept.find(({ name }) => name === stack?.outputs[kind.output]);
  if (used !== undefined) return used;
  const ofBase = kept.filter((table) => table.baseId === baseId);
  // After a change of the base, opt-outs by address still apply, so the earlier base's table is reused.
  const [first, ...others] = ofBase.length > 0 ? ofBase : kept;
  if (first === undefined) return null;
  if (others.length > 0) throw ambiguous(kind, [first, ...others]);
  return first;
}

/** Whether the table is one of the stack's own resources, not one that was passed to it or that it retained. */
function ownsTable({ status, resources, outputs }: DeployedStack, kind: TableKind): boolean {
  const isStanding = ['ready', 'in-progress', 'stuck'].includes(stateOf(status));
  const tables = resources.filter(({ type }) => type === 'AWS::DynamoDB::Table');
  const name = outputs[kind.output];
  return (
    isStanding &&
    tables.some(({ physicalId, logicalId }) =>
      name === undefined ? logicalId.includes(kind.logicalId) : physicalId === name,
    )
  );
}

/** The retained tables of this account and region that belong to a stack of this name, even if it was deleted. */
export async function tablesOfStack({ account, arn, region }: Identity): Promise<readonly KeptTable[]> {
  const client = new DynamoDBClient(clientOptions());
  const [, partition = 'aws'] = arn.split(':');
  const names = await callAws('dynamodb:ListTables', async () => {
    const found: string[] = [];
    for await (const page of paginateListTables({ client }, {})) found.push(...(page.TableNames ?? []));
    return found;
  });
  const tables: KeptTable[] = [];
  for (const name of names) {
    const ResourceArn = `arn:${partition}:dynamodb:${region}:${account}:table/${name}`;
    const { Tags = [] } = await callAws('dynamodb:ListTagsOfResource', () =>
      client.send(new ListTagsOfResourceCommand({ ResourceArn })),
    );
    const tag = (key: string) => Tags.find(({ Key }) => Key === key)?.Value ?? null;
    const kind = TABLE_KINDS.find((each) => tag(each.tag) === STACK_NAME);
    if (kind !== undefined) tables.push({ name, kind, baseId: tag(BASE_TAG) });
  }
  return tables;
}

function ambiguous({ content, variable }: TableKind, tables: readonly KeptTable[]): AwsSetupError {
  const names = tables.map(({ name, baseId }) => `${name} (base ${baseId ?? 'unknown'})`).join(', ');
  return new AwsSetupError(
    `Several tables contain ${content} of a stack ${STACK_NAME}: ${names}`,
    `set ${variable} in .env to the one to use`,
  );
}
