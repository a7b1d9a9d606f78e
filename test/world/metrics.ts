import type { Answer } from './world';

/** What CloudWatch adds up of an answer for the service as a whole, by the metric's name. */
export function serviceMetrics({ metrics }: Answer): Readonly<Record<string, number>> {
  const lines = metrics.filter(({ dimensions }) => !('callback' in dimensions));
  return Object.assign({}, ...lines.map(({ values }) => values));
}
