import type { Bundles } from './bundles';
import type { Result } from './result';

/** Measures something on the bundles that `cdk deploy` would upload. */
type Measure = (bundles: Bundles) => Promise<Result[]>;

/** The measurements by name, in their order. Each is loaded in a process of its own. */
const MEASUREMENTS: ReadonlyMap<string, () => Promise<{ readonly measure: Measure }>> = new Map([
  ['module-load', () => import('./module-load')],
  ['airtable-requests', () => import('./airtable-requests')],
  ['callbacks-at-once', () => import('./callbacks-at-once')],
  ['replica', () => import('./replica')],
  ['workers-at-once', () => import('./workers-at-once')],
  ['change-seen', () => import('./change-seen')],
  ['rows-edited', () => import('./rows-edited')],
  ['opt-outs-lost', () => import('./opt-outs-lost')],
  ['inbox', () => import('./inbox')],
  ['full-pass', () => import('./full-pass')],
  ['nightly-pass', () => import('./nightly-pass')],
]);

export const MEASUREMENT_NAMES: readonly string[] = [...MEASUREMENTS.keys()];
/** Measurements that run by default; one that takes as long as all the others must be named. */
export const USUAL_NAMES: readonly string[] = MEASUREMENT_NAMES.filter((name) => name !== 'nightly-pass');

/** @throws {Error} for an unknown name */
export async function measure(name: string, bundles: Bundles): Promise<Result[]> {
  const load = MEASUREMENTS.get(name);
  if (load === undefined) throw new Error(`There is no measurement ${name}`);
  return (await load()).measure(bundles);
}
