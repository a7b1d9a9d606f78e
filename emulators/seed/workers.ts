/** A colleague who uses the Frontline app; the identity is how Frontline and the `owner` column name them. */
export interface Worker {
  readonly identity: string;
  readonly friendlyName: string;
  readonly avatar: string;
  readonly state: 'active' | 'deactivated';
  readonly isAvailable: boolean;
}

/** The made-up team: six at work, of whom one is at lunch, and one who has left and whose customers stayed behind. */
export const WORKERS = [
  worker('ana@example.com', 'Ana Beltrán'),
  worker('bashir@example.com', 'Bashir Haddad'),
  worker('chloe@example.com', 'Chloé Marchand'),
  worker('dmitri@example.com', 'Dmitri Volkov', { isAvailable: false }),
  worker('efua@example.com', 'Efua Mensah'),
  worker("finn.o'hara@example.com", 'Finn O’Hara'),
  worker('greta@example.com', 'Greta Lindqvist', { state: 'deactivated', isAvailable: false }),
] as const satisfies readonly Worker[];

/** The colleague with the longest list: whom `npm run callback` speaks for, and who takes unknown callers. */
export const FIRST_WORKER = WORKERS[0];

function worker(
  identity: string,
  friendlyName: string,
  { state = 'active', isAvailable = true }: Partial<Pick<Worker, 'state' | 'isAvailable'>> = {},
): Worker {
  return { identity, friendlyName, avatar: avatarOf(identity), state, isAvailable };
}

/** An image address that looks real and belongs to nobody. */
export function avatarOf(name: string): string {
  return `https://avatars.example.com/${encodeURIComponent(name.toLowerCase())}.png`;
}
