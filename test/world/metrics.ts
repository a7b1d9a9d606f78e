import type { Answer } from './world';

/** The metrics of a response that CloudWatch sums for the whole service, by name. */
export function serviceMetrics({ metrics }: Answer): Readonly<Record<string, number>> {
  const lines = metrics.filter(({ dimensions }) => !('callback' in dimensions));
  return Object.assign({}, ...lines.map(({ values }) => values));
}
