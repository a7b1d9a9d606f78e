import type { AirtableStandIn } from '../../../local/airtable/airtable-stand-in';
import type { Pacing } from '../../../operations/airtable/paced-base';
import { readSettings, type Settings } from '../../../operations/settings/settings';
import { TOKEN } from '../../local/airtable/serve';

/** Faster than Airtable would have it, for stand-ins without a limit. */
export const FAST: Pacing = { requestsPerSecond: 1_000, penaltySeconds: 0.05 };

export function accessTo(standIn: AirtableStandIn, apiKey = TOKEN) {
  return { url: standIn.url, baseId: standIn.base.id, apiKey };
}

/** What `.env` says of a team whose base is the stand-in's. */
export function settingsFor(standIn: AirtableStandIn, differences: Record<string, string> = {}): Settings {
  return readSettings({
    ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    AUTH_TOKEN: 'token',
    AIRTABLE_API_KEY: TOKEN,
    AIRTABLE_BASE_ID: standIn.base.id,
    AIRTABLE_ENDPOINT_URL: standIn.url,
    TWILIO_SMS_NUMBER: '+14135551234',
    DEFAULT_WORKER: 'ana@example.com, bashir@example.com',
    ...differences,
  });
}
