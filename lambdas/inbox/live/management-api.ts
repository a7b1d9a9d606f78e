import type { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import type { LiveEvent } from '../api';

/** Sends to open connections, and closes them. */
export interface ManagementApi {
  /** Sends an event to one connection. @returns `gone` for a connection that is closed */
  post(connectionId: string, event: LiveEvent): Promise<'done' | 'gone'>;
  /** Closes a connection. @returns `gone` for one that is closed already, or that is just being opened */
  close(connectionId: string): Promise<'done' | 'gone'>;
}

const ATTEMPT_MS = 2_000;

// One client per container and address, which keeps its connections between requests.
const clients = new Map<string, ApiGatewayManagementApiClient>();

/** @param endpoint the WebSocket API's management address */
export function managementApiAt(endpoint: string): ManagementApi {
  return {
    post: async (ConnectionId, event) => {
      const { PostToConnectionCommand } = await import('./management-client');
      const command = new PostToConnectionCommand({ ConnectionId, Data: Buffer.from(JSON.stringify(event)) });
      return unlessGone(endpoint, (client) => client.send(command));
    },
    close: async (ConnectionId) => {
      const { DeleteConnectionCommand } = await import('./management-client');
      return unlessGone(endpoint, (client) => client.send(new DeleteConnectionCommand({ ConnectionId })));
    },
  };
}

async function unlessGone(
  endpoint: string,
  call: (client: ApiGatewayManagementApiClient) => Promise<unknown>,
): Promise<'done' | 'gone'> {
  const { ApiGatewayManagementApiClient, GoneException } = await import('./management-client');
  const client =
    clients.get(endpoint) ??
    new ApiGatewayManagementApiClient({
      endpoint,
      maxAttempts: 2,
      requestHandler: {
        connectionTimeout: 1_000,
        requestTimeout: ATTEMPT_MS,
        throwOnRequestTimeout: true,
        httpAgent: { keepAlive: true, maxSockets: 50 },
        httpsAgent: { keepAlive: true, maxSockets: 50 },
      },
    });
  clients.set(endpoint, client);
  try {
    await call(client);
    return 'done';
  } catch (error) {
    if (error instanceof GoneException) return 'gone';
    throw error;
  }
}
