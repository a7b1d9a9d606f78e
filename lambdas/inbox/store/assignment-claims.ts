import { numberAttribute, textAttributes } from '../../replica/attributes';
import type { DynamoAccess } from '../../replica/dynamo-access';
import { DynamoTable, type Expression } from '../../replica/dynamo-table';
import { INBOX_KEYS } from './inbox-keys';

/** Longer than giving a chat a worker may take; of a holder that died the claim expires. */
const CLAIM_MS = 30_000;

/** The right to give a chat a worker: two at once would give it two. */
export class AssignmentClaims {
  readonly #table: DynamoTable;

  constructor(access: DynamoAccess) {
    this.#table = new DynamoTable(access);
  }

  /**
   * Does the work under the claim.
   * @param holder an id of the request or event
   * @returns `taken` where another holds it
   */
  async hold<T>(chatSid: string, holder: string, now: Date, work: () => Promise<T>): Promise<T | 'taken'> {
    const key = INBOX_KEYS.assignment(chatSid);
    const until = now.getTime() + CLAIM_MS;
    const claim = {
      ...textAttributes({ ...key, holder }),
      until: numberAttribute(until),
      expires_at: numberAttribute(Math.ceil(until / 1_000)),
    };
    const isFree: Expression = {
      text: 'attribute_not_exists(#holder) OR #until <= :now',
      names: { '#holder': 'holder', '#until': 'until' },
      values: { ':now': numberAttribute(now.getTime()) },
    };
    if ((await this.#table.put(claim, isFree)) === null) return 'taken';
    try {
      return await work();
    } finally {
      const isOurs: Expression = {
        text: '#holder = :holder',
        names: { '#holder': 'holder' },
        values: { ':holder': { S: holder } },
      };
      await this.#table.delete(key, isOurs).catch(() => {});
    }
  }
}
