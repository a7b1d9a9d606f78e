import { AirtableClient } from '../../../lambdas/airtable/airtable-client';
import { type PatientOptions, patientTransport } from '../../../lambdas/airtable/airtable-transport';
import { RateLimiter } from '../../../lambdas/http-client/rate-limiter';
import { TOKEN } from '../../emulators/airtable/serve';
import { VirtualClock } from '../http-client/virtual-clock';

interface Base {
  readonly url: string;
  readonly base: { readonly id: string };
}

export function accessTo({ url, base }: Base) {
  return { url, baseId: base.id, apiKey: TOKEN };
}

/** The client as sync uses it, with a clock that does not wait. */
export function openClient(base: Base, options: Partial<PatientOptions> = {}): AirtableClient {
  const clock = new VirtualClock();
  const limiter = new RateLimiter(4, clock);
  return new AirtableClient(accessTo(base), patientTransport({ clock, limiter, ...options }));
}
