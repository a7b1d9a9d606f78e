import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { listen } from '../../emulators/core/http-server';
import { createTables, startDynamoDb } from '../../emulators/dynamodb/dynamodb-emulator';
import { OPT_OUT_TABLE, REPLICA_TABLE } from '../../lambdas/replica/tables';

/** How DynamoDB, or the connection to it, can fail. */
type DatabaseFault = 'server-error' | 'throttled' | 'connection-reset' | 'stalled';

/** DynamoDB over HTTP, with faults: one for the worlds of a test file, because handlers keep their client. */
export interface Database {
  /** The value for AWS_ENDPOINT_URL_DYNAMODB. */
  readonly url: string;
  /**
   * From now on every request meets the fault; null ends it.
   * @param table limits it to requests for this table
   * @param times ends it after so many requests
   */
  fail(fault: DatabaseFault | null, table?: string, times?: number): void;
  createTables(replicaTable: string, optOutTable: string): Promise<void>;
  close(): Promise<void>;
}

export async function startDatabase(): Promise<Database> {
  const dynamo = await startDynamoDb({ tables: {} });
  const waiting = new Set<ServerResponse>();
  let failing: { readonly fault: DatabaseFault; readonly table: string; left: number } | null = null;

  const server = createServer(async (incoming, response) => {
    if (failing === null) return dynamo.handle(incoming, response);
    const body = await bodyOf(incoming);
    if (failing !== null && failing.left > 0 && body.includes(`"${failing.table}`)) {
      failing.left -= 1;
      if (failing.fault === 'stalled') waiting.add(response);
      else meet(failing.fault, response);
      return;
    }
    forward(dynamo.url, incoming, body, response);
  });
  const { url, close } = await listen(server, 0);
  return {
    url,
    fail: (fault, table = '', times = Number.POSITIVE_INFINITY) => {
      failing = fault && { fault, table, left: times };
      for (const response of waiting) response.destroy();
      waiting.clear();
    },
    createTables: (replicaTable, optOutTable) =>
      createTables(dynamo.url, { [replicaTable]: REPLICA_TABLE, [optOutTable]: OPT_OUT_TABLE }),
    close: async () => {
      for (const response of waiting) response.destroy();
      await close();
      await dynamo.close();
    },
  };
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function meet(fault: Exclude<DatabaseFault, 'stalled'>, response: ServerResponse): void {
  if (fault === 'connection-reset') {
    response.destroy();
    return;
  }
  const [status, type] =
    fault === 'throttled' ? [400, 'ProvisionedThroughputExceededException'] : [500, 'InternalServerError'];
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'No' }));
}

function forward(to: string, incoming: IncomingMessage, body: string, response: ServerResponse): void {
  const { host: _, ...headers } = incoming.headers;
  const outgoing = request(to, { method: incoming.method, path: incoming.url, headers }, (reply) => {
    response.writeHead(reply.statusCode ?? 500, reply.headers);
    reply.pipe(response);
  });
  outgoing.on('error', () => response.destroy());
  outgoing.end(body);
}
