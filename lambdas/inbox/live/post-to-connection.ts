import type { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import type { LiveEvent } from '../api';

/** Sends an event to one connection. @returns `gone` for a connection that is closed */
export type PostToConnection = (connectionId: string, event: LiveEvent) => Promise<'sent' | 'gone'>;

const ATTEMPT_MS = 2_000;

// One client per container and address, which keeps its connections between requests.
const clients = new Map<string, ApiGatewayManagementApiClient>();

/** @param endpoint the WebSocket API's management address */
export function postThrough(endpoint: string): PostToConnection {
  return async (connectionId, event) => {
    const { ApiGatewayManagementApiClient, GoneException, PostToConnectionCommand } = await import(
      './management-client'
    );
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
    const command = new PostToConnectionCommand({
      ConnectionId: connectionId,
      Data: Buffer.from(JSON.stringify(event)),
    });
    try {
      await client.send(command);
      return 'sent';
    } catch (error) {
      if (error instanceof GoneException) return 'gone';
      throw error;
    }
  };
}
