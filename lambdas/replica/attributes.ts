import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import { wellFormed } from './keys';

/** A text as an attribute. */
export function textAttribute(text: string): AttributeValue.SMember {
  return { S: wellFormed(text) };
}

export function numberAttribute(value: number): AttributeValue.NMember {
  return { N: String(value) };
}

export function listAttribute(texts: readonly string[]): AttributeValue.LMember {
  return { L: texts.map(textAttribute) };
}

export const TRUE: AttributeValue.BOOLMember = { BOOL: true };

/** Attributes of those texts that are not null. */
export function textAttributes(
  texts: Readonly<Record<string, string | null | undefined>>,
): Record<string, AttributeValue> {
  const given = Object.entries(texts).flatMap(([name, text]) =>
    text === null || text === undefined ? [] : [[name, textAttribute(text)] as const],
  );
  return Object.fromEntries(given);
}

/** An attribute that must exist and be a text. */
export const Text = v.pipe(
  v.object({ S: v.string() }),
  v.transform(({ S }) => S),
);
/** Null where the attribute is missing or not a text: an earlier version may have written the item. */
export const TextOrNull = v.fallback(v.nullable(Text), null);
export const TextOrBlank = v.fallback(Text, '');

const NumberText = v.pipe(
  v.object({ N: v.pipe(v.string(), v.transform(Number), v.finite()) }),
  v.transform(({ N }) => N),
);
export const NumberOrZero = v.fallback(NumberText, 0);
export const NumberOrNull = v.fallback(v.nullable(NumberText), null);

export const Flag = v.fallback(
  v.pipe(
    v.object({ BOOL: v.boolean() }),
    v.transform(({ BOOL }) => BOOL),
  ),
  false,
);

export const Texts = v.fallback(
  v.pipe(
    v.object({ L: v.array(Text) }),
    v.transform(({ L }) => L),
  ),
  [],
);
