import { createServer, type Server, type ServerResponse } from 'node:http';
import { type Listening, listen } from '../../../emulators/core/http-server';
import { setAccess } from '../../../inbox/api/client';

/** A request of the app that waits for its answer. */
interface HeldRequest {
  /** Path and query. */
  readonly target: string;
  answer(body: unknown, status?: number): void;
}

/** An API whose answers come when the test gives them, in any order. */
export class HeldApi {
  readonly #waiting: HeldRequest[] = [];
  readonly #wakes: (() => void)[] = [];

  private constructor(private readonly listening: Listening) {}

  /** Starts it, and lets the app ask it. */
  static async start(): Promise<HeldApi> {
    const server: Server = createServer((request, response) => api.#hold(request.url ?? '', response));
    const api: HeldApi = new HeldApi(await listen(server, 0));
    setAccess({ apiUrl: api.listening.url, token: async () => 'token', replace: async () => null });
    return api;
  }

  /** Waits for a request whose path and query contain a text. */
  async request(part: string): Promise<HeldRequest> {
    for (;;) {
      const at = this.#waiting.findIndex(({ target }) => target.includes(part));
      const [found] = at === -1 ? [] : this.#waiting.splice(at, 1);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => void this.#wakes.push(resolve));
    }
  }

  /** Whether the app asks for nothing: an own request has come and gone since, and no other one with it. */
  async isIdle(): Promise<boolean> {
    const own = fetch(`${this.listening.url}/own`);
    (await this.request('/own')).answer({});
    await (await own).text();
    return this.#waiting.length === 0;
  }

  async close(): Promise<void> {
    await this.listening.close();
  }

  #hold(target: string, response: ServerResponse): void {
    const answer = (body: unknown, status = 200) => {
      response.statusCode = status;
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify(body));
    };
    this.#waiting.push({ target, answer });
    for (const wake of this.#wakes.splice(0)) wake();
  }
}
