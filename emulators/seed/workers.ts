/** A worker who uses the Frontline app. Frontline and the `owner` column hold the identity. */
export interface Worker {
  readonly identity: string;
  readonly friendlyName: string;
  readonly avatar: string;
  readonly state: 'active' | 'deactivated';
  readonly isAvailable: boolean;
}

/** The demo team: six workers, one of them away, and a former worker who still owns customers. */
export const WORKERS = [
  worker('ana@example.com', 'Ana Beltrán'),
  worker('bashir@example.com', 'Bashir Haddad'),
  worker('chloe@example.com', 'Chloé Marchand'),
  worker('dmitri@example.com', 'Dmitri Volkov', { isAvailable: false }),
  worker('efua@example.com', 'Efua Mensah'),
  worker("finn.o'hara@example.com", 'Finn O’Hara'),
  worker('greta@example.com', 'Greta Lindqvist', { state: 'deactivated', isAvailable: false }),
] as const satisfies readonly Worker[];

/** The worker with the longest list: `frontline callback` acts as this worker, who also takes unknown callers. */
export const FIRST_WORKER = WORKERS[0];

function worker(
  identity: string,
  friendlyName: string,
  { state = 'active', isAvailable = true }: Partial<Pick<Worker, 'state' | 'isAvailable'>> = {},
): Worker {
  return { identity, friendlyName, avatar: avatarOf(identity), state, isAvailable };
}

/** An image address that looks real but does not exist. */
export function avatarOf(name: string): string {
  return `https://avatars.example.com/${encodeURIComponent(name.toLowerCase())}.png`;
}
