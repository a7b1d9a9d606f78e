import { createHash, randomUUID } from 'node:crypto';
import * as v from 'valibot';
import type { Template } from '../customers/customer-repository';
import { ServiceUnavailableError } from '../errors';
import { Flag, NumberOrZero, numberAttribute, TextOrBlank, TextOrNull, textAttributes } from './attributes';
import type { Item } from './dynamo-access';
import { type DynamoTable, type Expression, inPartition } from './dynamo-table';
import { cutToBytes, type ReplicaKeys } from './keys';

/** Far longer than any message; a longer text is left out of the list anyway. */
const TEXT_BYTES = 100_000;
/** A reader starts again when the templates were replaced during its read, which hardly happens this often. */
const READ_ROUNDS = 5;

const Pointer = v.object({
  version: TextOrBlank,
  count: NumberOrZero,
  read_at: NumberOrZero,
  hash: TextOrBlank,
});
const TemplateAttributes = v.object({
  category: TextOrNull,
  text: TextOrBlank,
  whatsapp_approved: Flag,
  content_sid: TextOrNull,
});

/**
 * The message templates: one item each under a version, and a pointer to the current version. A new version is written
 * completely, then pointed to, then older ones are removed, so that no reader sees a part of one.
 */
export class TemplateItems {
  constructor(
    private readonly table: DynamoTable,
    private readonly keys: ReplicaKeys,
  ) {}

  async list(): Promise<Template[]> {
    for (let round = 0; round < READ_ROUNDS; round += 1) {
      const { version, count } = await this.#readPointer();
      const items = count === 0 ? [] : await this.#itemsOf(version);
      if (items.length === count) return items.map(readTemplate);
    }
    throw new ServiceUnavailableError('The templates changed during each read', 5);
  }

  async replace(templates: readonly Template[], readAt: number): Promise<void> {
    const hash = createHash('sha256').update(JSON.stringify(templates)).digest('base64url');
    const current = await this.#readPointer();
    if (current.read_at >= readAt) return;
    const isEqual = current.hash === hash;
    const version = isEqual ? current.version : `${String(readAt).padStart(16, '0')}-${randomUUID()}`;
    if (!isEqual) {
      const items = templates.map((template, index) => this.#item(template, version, index));
      await this.table.writeAll(items.map((item) => ({ put: item })));
    }
    const pointer = {
      ...textAttributes({ ...this.keys.templatesPointer, version, hash }),
      count: numberAttribute(templates.length),
      read_at: numberAttribute(readAt),
    };
    const put = await this.table.put(pointer, isFollowing(current.read_at));
    // The client repeats a request whose response was lost: the pointer is then the new one, not as it was read.
    const isPointedTo = put !== null || (await this.#readPointer()).version === version;
    // Versions begin with the time of their reading: a newer one may be in progress and must not be removed.
    await this.#remove((sortKey) => (isPointedTo ? sortKey < version : sortKey.startsWith(version)));
  }

  async #readPointer() {
    return v.parse(Pointer, (await this.table.get(this.keys.templatesPointer)) ?? {});
  }

  async #itemsOf(version: string): Promise<Item[]> {
    const { text, names, values } = inPartition(this.keys.templates);
    return this.#query({
      text: `${text} AND begins_with(#sk, :version)`,
      names: { ...names, '#sk': 'sk' },
      values: { ...values, ':version': { S: `${version}#` } },
    });
  }

  async #query(key: Expression): Promise<Item[]> {
    const found: Item[] = [];
    for await (const items of this.table.query({ key })) found.push(...items);
    return found;
  }

  #item({ category, text, whatsAppApproved, contentSid }: Template, version: string, index: number): Item {
    return {
      ...textAttributes({
        ...this.keys.template(version, index),
        category: category && cutToBytes(category, TEXT_BYTES),
        text: cutToBytes(text, TEXT_BYTES),
        content_sid: contentSid,
      }),
      whatsapp_approved: { BOOL: whatsAppApproved },
    };
  }

  async #remove(isSurplus: (sortKey: string) => boolean): Promise<void> {
    const pointer = this.keys.templatesPointer.sk;
    const sortKeys = (await this.#query(inPartition(this.keys.templates)))
      .map(({ sk }) => sk?.S ?? pointer)
      .filter((sortKey) => sortKey !== pointer && isSurplus(sortKey));
    await this.table.writeAll(sortKeys.map((sk) => ({ delete: { pk: this.keys.templates, sk } })));
  }
}

function readTemplate(item: Item): Template {
  const { category, text, whatsapp_approved, content_sid } = v.parse(TemplateAttributes, item);
  return { category, text, whatsAppApproved: whatsapp_approved, contentSid: content_sid };
}

/** True for a pointer that is as it was read. */
function isFollowing(readAt: number): Expression {
  const names = { '#read_at': 'read_at' } as const;
  if (readAt === 0) return { text: 'attribute_not_exists(#read_at)', names };
  return { text: '#read_at = :before', names, values: { ':before': numberAttribute(readAt) } };
}
