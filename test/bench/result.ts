import * as v from 'valibot';

/** A measured number, and its goal. */
export const Result = v.object({
  what: v.string(),
  /** With its unit. */
  measured: v.string(),
  /** Blank for a number without a goal. */
  goal: v.string(),
  isReached: v.boolean(),
});
export type Result = v.InferOutput<typeof Result>;

/** A formatter of numbers with a unit: `milliseconds(12.345)` is 12.3 ms. */
export interface Quantity {
  readonly value: number;
  readonly text: string;
}

export const milliseconds = (value: number): Quantity => ({ value, text: `${value.toFixed(1)} ms` });
export const seconds = (value: number): Quantity => ({ value, text: `${value.toFixed(1)} s` });
export const megabytes = (value: number): Quantity => ({ value, text: `${value.toFixed(0)} MB` });
export const ratio = (value: number): Quantity => ({ value, text: value.toFixed(2) });
export const count = (value: number): Quantity => ({ value, text: String(value) });

/** A result that reaches its goal if the value does not exceed the limit. */
export function atMost(what: string, measured: Quantity, limit: Quantity): Result {
  const goal = limit.value === 0 ? '0' : `≤ ${limit.text}`;
  return { what, measured: measured.text, goal, isReached: measured.value <= limit.value };
}

/** A number without a goal. */
export function told(what: string, { text }: Quantity): Result {
  return { what, measured: text, goal: '', isReached: true };
}
