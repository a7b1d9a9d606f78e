import { DynamoDBClient, ListTagsOfResourceCommand, paginateListTables } from '@aws-sdk/client-dynamodb';
import { BASE_TAG, STACK_NAME, STACK_TAG } from '../../lib/stack-names';
import { AwsSetupError, callAws, clientOptions } from './aws-errors';
import type { Identity } from './cached-lookups';
import type { DeployedStack } from './deployed-stack';
import { stateOf } from './wait-for-stack';

/** An opt-out table that an earlier stack left. */
export interface KeptTable {
  readonly name: string;
  /** The base whose customers sent STOP; null if the tag was removed. */
  readonly baseId: string | null;
}

/**
 * Finds the opt-out table to pass to a deployment, by the tags that the stack puts on it.
 * @param stack the deployed stack; null if absent
 * @returns null if the stack has its own table, or will create the first one
 * @throws {AwsSetupError} if several tables match
 */
export async function findKeptTable(
  stack: DeployedStack | null,
  baseId: string,
  identity: Identity,
): Promise<KeptTable | null> {
  if (stack !== null && ownsOptOutTable(stack)) return null;
  const kept = await tablesOfStack(identity);
  const used = kept.find(({ name }) => name === stack?.outputs['OptOutTableName']);
  if (used !== undefined) return used;
  const ofBase = kept.filter((table) => table.baseId === baseId);
  // After a change of the base, opt-outs by address still apply, so the earlier base's table is reused.
  const [first, ...others] = ofBase.length > 0 ? ofBase : kept;
  if (first === undefined) return null;
  if (others.length > 0) throw ambiguous([first, ...others]);
  return first;
}

/** Whether the table is one of the stack's own resources, not one that was passed to it or that it retained. */
function ownsOptOutTable({ status, resources, outputs }: DeployedStack): boolean {
  const isStanding = ['ready', 'in-progress', 'stuck'].includes(stateOf(status));
  const tables = resources.filter(({ type }) => type === 'AWS::DynamoDB::Table');
  const name = outputs['OptOutTableName'];
  return (
    isStanding &&
    tables.some(({ physicalId, logicalId }) =>
      name === undefined ? logicalId.includes('OptOuts') : physicalId === name,
    )
  );
}

/** The opt-out tables of this account and region that belong to a stack of this name, even if it was deleted. */
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
    if (tag(STACK_TAG) === STACK_NAME) tables.push({ name, baseId: tag(BASE_TAG) });
  }
  return tables;
}

function ambiguous(tables: readonly KeptTable[]): AwsSetupError {
  const names = tables.map(({ name, baseId }) => `${name} (base ${baseId ?? 'unknown'})`).join(', ');
  return new AwsSetupError(
    `Several tables contain opt-outs of a stack ${STACK_NAME}: ${names}`,
    'set OPT_OUT_TABLE_NAME in .env to the one to use',
  );
}
