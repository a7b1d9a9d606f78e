import { createHash, randomUUID } from 'node:crypto';

/** One value of a secret. */
export interface SecretVersion {
  readonly id: string;
  readonly value: string;
  readonly stages: ReadonlySet<string>;
  readonly createdAt: Date;
}

/** A secret, which exists without a version until a value is put. */
export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly versions: readonly SecretVersion[];
}

export const CURRENT = 'AWSCURRENT';
const PREVIOUS = 'AWSPREVIOUS';

/** The secrets of one account in one region. */
export class SecretStore {
  readonly #secrets = new Map<string, Secret>();

  /** Creates the secret, or removes its versions. */
  create(name: string): Secret {
    const secret = { name, arn: arnOf(name), versions: [] };
    this.#secrets.set(name, secret);
    return secret;
  }

  /** Finds a secret by its name, its ARN, or its ARN without the six random characters. */
  find(id: string): Secret | undefined {
    const secrets = [...this.#secrets.values()];
    return this.#secrets.get(id) ?? secrets.find(({ arn }) => arn === id || arn.slice(0, -7) === id);
  }

  /**
   * Adds a version. Each of its stages moves from the version that has it; the version that loses AWSCURRENT becomes
   * AWSPREVIOUS. The first version is always AWSCURRENT.
   */
  put(
    { name, arn, versions }: Secret,
    value: string,
    stages = [CURRENT],
    id: string = randomUUID(),
  ): SecretVersion {
    const added = new Set(versions.length === 0 ? [CURRENT, ...stages] : stages);
    const isReplaced = added.has(CURRENT);
    const older = versions.map((version) => {
      const wasCurrent = version.stages.has(CURRENT);
      const kept = [...version.stages].filter(
        (stage) => !added.has(stage) && !(isReplaced && stage === PREVIOUS),
      );
      return { ...version, stages: new Set(isReplaced && wasCurrent ? [...kept, PREVIOUS] : kept) };
    });
    const version = { id, value, stages: added, createdAt: new Date() };
    this.#secrets.set(name, { name, arn, versions: [version, ...older] });
    return version;
  }
}

/** AWS appends six random characters to the name; here they derive from it, so that an ARN is stable. */
export function arnOf(name: string): string {
  const suffix = createHash('sha256').update(name).digest('hex').slice(0, 6);
  return `arn:aws:secretsmanager:us-east-1:000000000000:secret:${name}-${suffix}`;
}
