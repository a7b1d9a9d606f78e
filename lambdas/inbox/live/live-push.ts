import { errorMessage } from '../../errors';
import type { RequestLog } from '../../telemetry/request-log';
import type { LiveEvent } from '../api';
import type { ConnectionStore } from './connection-store';
import type { PostToConnection } from './post-to-connection';

/** Sends events to every open connection of a worker. */
export class LivePush {
  constructor(
    private readonly connections: ConnectionStore,
    private readonly post: PostToConnection,
    private readonly requestLog: RequestLog,
  ) {}

  /** Never fails: a missed event is found when the browser connects again. The events keep their order. */
  async send(identity: string, events: readonly LiveEvent[]): Promise<void> {
    if (events.length === 0) return;
    try {
      const ids = await this.connections.connectionsOf(identity, new Date());
      await Promise.all(ids.map((id) => this.#sendTo(id, events)));
    } catch (error) {
      this.requestLog.warn(`A live event was not sent: ${errorMessage(error)}`);
    }
  }

  async #sendTo(connectionId: string, events: readonly LiveEvent[]): Promise<void> {
    try {
      for (const event of events) {
        if ((await this.post(connectionId, event)) === 'sent') continue;
        await this.connections.remove(connectionId);
        return;
      }
    } catch (error) {
      this.requestLog.warn(`A live event was not sent: ${errorMessage(error)}`);
    }
  }
}
