import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { type HttpResponse, json } from '../../../emulators/core/http-response';
import { type Pages, splitTarget } from '../../../emulators/gateway/gateway';
import type { WorkerRecord } from '../../../lambdas/inbox/store/worker-store';

const TOKEN_MS = 12 * 60 * 60_000;
const SignIn = v.object({ identity: v.string() });

/** The subject of a demo worker, in place of an identity provider's. */
export function localSubject(identity: string): string {
  return `local|${identity}`;
}

/** Signs the demo's workers in by a choice from a list, in place of Cognito. Every user of this machine may sign in as any worker. */
export class LocalSignIn {
  readonly #sessions = new Map<string, { readonly subject: string; readonly until: number }>();

  constructor(private readonly listWorkers: () => Promise<readonly WorkerRecord[]>) {}

  /** The claims of a token that was issued here, as Cognito's; null for another or an expired one. */
  readonly authorize = (token: string): Readonly<Record<'sub' | 'token_use', string>> | null => {
    const session = this.#sessions.get(token);
    return session !== undefined && session.until > Date.now()
      ? { sub: session.subject, token_use: 'access' }
      : null;
  };

  readonly pages: Pages = async (request, body) => {
    switch (`${request.method} ${splitTarget(request).path}`) {
      case 'GET /local/workers':
        return json({ workers: (await this.listWorkers()).map(shown) });
      case 'POST /local/sign-in':
        return this.#signIn(body);
      default:
        return null;
    }
  };

  async #signIn(body: Buffer): Promise<HttpResponse> {
    const wanted = v.safeParse(v.pipe(v.string(), v.parseJson(), SignIn), body.toString());
    const workers = await this.listWorkers();
    const worker = wanted.success
      ? workers.find(({ identity }) => identity === wanted.output.identity)
      : undefined;
    if (worker === undefined) return json({ message: 'There is no such worker' }, 400);
    const token = randomBytes(24).toString('base64url');
    this.#sessions.set(token, { subject: worker.subject, until: Date.now() + TOKEN_MS });
    return json({ token });
  }
}

function shown({ identity, name, isActive }: WorkerRecord) {
  return { identity, name, isActive };
}
