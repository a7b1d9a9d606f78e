import {
  type AttributeValue,
  DeleteTableCommand,
  DynamoDBClient,
  PutItemCommand,
  paginateListTables,
  paginateScan,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { inboxTableName, optOutTableName, STACK_NAME } from '../../lib/stack-names';
import { type MiniStack, REGION, ROOT } from './ministack';

/** The DynamoDB tables of the emulated account. */
export async function tableNames(cloud: MiniStack): Promise<readonly string[]> {
  const client = connect(cloud);
  const names: string[] = [];
  for await (const { TableNames = [] } of paginateListTables({ client }, {})) names.push(...TableNames);
  client.destroy();
  return names;
}

/** Deletes the tables that outlive their stack, so that the next setup begins in an empty account. */
export async function deleteKeptTables(cloud: MiniStack): Promise<void> {
  for (const name of [optOutTableName(STACK_NAME), inboxTableName(STACK_NAME)])
    await deleteTable(cloud, name);
}

/** Deletes a table in spite of its deletion protection, as its owner does on purpose. */
async function deleteTable(cloud: MiniStack, TableName: string): Promise<void> {
  const client = connect(cloud);
  await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
  await client.send(new DeleteTableCommand({ TableName }));
  client.destroy();
}

/** Puts an item of strings. */
export async function putItem(
  cloud: MiniStack,
  TableName: string,
  texts: Readonly<Record<string, string>>,
): Promise<void> {
  const client = connect(cloud);
  const Item = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, { S: text }]));
  await client.send(new PutItemCommand({ TableName, Item }));
  client.destroy();
}

/** All items of a table, in a stable order. */
export async function itemsOf(
  cloud: MiniStack,
  TableName: string,
): Promise<readonly Readonly<Record<string, AttributeValue>>[]> {
  const client = connect(cloud);
  const items: Record<string, AttributeValue>[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName })) items.push(...Items);
  client.destroy();
  const keyOf = ({ pk, sk }: Record<string, AttributeValue>) => `${pk?.S}\n${sk?.S}`;
  return items.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

function connect(cloud: MiniStack): DynamoDBClient {
  return new DynamoDBClient({ endpoint: cloud.url, region: REGION, credentials: ROOT });
}
