import { createHash, randomUUID } from 'node:crypto';

/** A secret, stored under its name; it can exist without a value. */
export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly value: string | null;
  readonly versionId: string;
  readonly createdAt: Date;
}

/** The secrets of one account in one region. */
export class SecretStore {
  readonly #secrets = new Map<string, Secret>();

  put(name: string, value: string | null): Secret {
    const secret = { name, arn: arnOf(name), value, versionId: randomUUID(), createdAt: new Date() };
    this.#secrets.set(name, secret);
    return secret;
  }

  /** Finds a secret by its name or its ARN, as every operation of the service does. */
  find(id: string): Secret | undefined {
    return this.#secrets.get(id) ?? [...this.#secrets.values()].find(({ arn }) => arn === id);
  }
}

/** AWS appends six random characters to the name; here they derive from it, so that an ARN is stable. */
export function arnOf(name: string): string {
  const suffix = createHash('sha256').update(name).digest('hex').slice(0, 6);
  return `arn:aws:secretsmanager:us-east-1:000000000000:secret:${name}-${suffix}`;
}
