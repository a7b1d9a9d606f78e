import { errorMessage } from '../../errors';
import type { RequestLog } from '../../telemetry/request-log';
import type { LiveEvent } from '../api';
import type { ConnectionStore, OpenConnection } from '../store/connection-store';
import type { ManagementApi } from './management-api';

/** A connection that is just being opened is gone to API Gateway until its function has answered. */
const OPENING_MS = 10_000;

/** Sends events to every open connection of a worker, or closes them. */
export class LivePush {
  constructor(
    private readonly connections: ConnectionStore,
    private readonly api: ManagementApi,
    private readonly requestLog: RequestLog,
  ) {}

  /** Never fails: a missed event is found when the browser connects again. The events keep their order. */
  async send(identity: string, events: readonly LiveEvent[]): Promise<void> {
    if (events.length === 0) return;
    try {
      const open = await this.connections.connectionsOf(identity, new Date());
      await Promise.all(open.map((connection) => this.#sendTo(connection, events)));
    } catch (error) {
      this.requestLog.warn(`A live event was not sent: ${errorMessage(error)}`);
    }
  }

  /**
   * Closes every open connection of a worker who left the team. One that is just being opened is left for the next
   * call.
   */
  async close(identity: string): Promise<void> {
    const open = await this.connections.connectionsOf(identity, new Date());
    await Promise.all(open.map((connection) => this.#close(connection)));
  }

  async #close(connection: OpenConnection): Promise<void> {
    const outcome = await this.api.close(connection.id);
    if (outcome === 'done' || isOpened(connection)) await this.connections.remove(connection);
  }

  async #sendTo(connection: OpenConnection, events: readonly LiveEvent[]): Promise<void> {
    try {
      for (const event of events) {
        if ((await this.api.post(connection.id, event)) === 'done') continue;
        if (isOpened(connection)) await this.connections.remove(connection);
        return;
      }
    } catch (error) {
      this.requestLog.warn(`A live event was not sent: ${errorMessage(error)}`);
    }
  }
}

function isOpened({ addedAt }: OpenConnection): boolean {
  return Date.now() - addedAt > OPENING_MS;
}
