import type { AddressKey } from '../phone-number/address';
import { numberAttribute, textAttributes } from './attributes';
import type { DynamoAccess } from './dynamo-access';
import { DynamoTable, type Expression } from './dynamo-table';
import { type ItemKey, ReplicaKeys } from './keys';

/** Longer than any callback runs: a claim whose holder died expires. */
const CLAIM_MS = 60_000;

/** The right to create a customer with some addresses. */
export interface Claim {
  /** Lets others create a customer with these addresses. A claim that is not released expires after a minute. */
  release(): Promise<void>;
}

/**
 * Which request creates a customer with an address at the moment. Claim first, then look whether such a customer
 * exists, then create it and put it into the replica: of four concurrent requests exactly one finds no customer and a
 * free address.
 */
export class CustomerClaims {
  readonly #table: DynamoTable;
  readonly #keys: ReplicaKeys;

  constructor(access: DynamoAccess & { readonly baseId: string }) {
    this.#table = new DynamoTable(access);
    this.#keys = new ReplicaKeys(access.baseId);
  }

  /**
   * Claims all of the addresses or none.
   * @param holder an id of the request
   * @param now milliseconds since the epoch
   * @returns null where another request holds one of them
   */
  async claim(keys: readonly AddressKey[], holder: string, now: number): Promise<Claim | null> {
    const held: ItemKey[] = [];
    const release = async () => {
      await Promise.all(held.map((key) => this.#table.delete(key, isHeldBy(holder))));
    };
    // In the same order for all, so that one of two requests for the same addresses gets them all.
    for (const address of [...new Set(keys)].sort()) {
      const key = this.#keys.claim(address);
      try {
        if (!(await this.#take(key, holder, now))) {
          await release();
          return null;
        }
      } catch (error) {
        held.push(key);
        await release().catch(() => {});
        throw error;
      }
      held.push(key);
    }
    return { release };
  }

  async #take(key: ItemKey, holder: string, now: number): Promise<boolean> {
    const claim = {
      ...textAttributes({ ...key, holder }),
      until: numberAttribute(now + CLAIM_MS),
      expires_at: numberAttribute(Math.ceil((now + CLAIM_MS) / 1_000)),
    };
    const isFree: Expression = {
      text: 'attribute_not_exists(#holder) OR #holder = :holder OR #until <= :now',
      names: { '#holder': 'holder', '#until': 'until' },
      values: { ':holder': { S: holder }, ':now': numberAttribute(now) },
    };
    return (await this.#table.put(claim, isFree)) !== null;
  }
}

function isHeldBy(holder: string): Expression {
  return {
    text: '#holder = :holder',
    names: { '#holder': 'holder' },
    values: { ':holder': { S: holder } },
  };
}
