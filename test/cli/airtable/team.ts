import type { Pacing } from '../../../cli/airtable/rate-limited-base';
import { readSettings, type Settings } from '../../../cli/settings/settings';
import type { AirtableEmulator } from '../../../emulators/airtable/airtable-emulator';
import { TOKEN } from '../../emulators/airtable/serve';

/** Faster than Airtable's limit, for emulators without one. */
export const FAST: Pacing = { requestsPerSecond: 1_000, penaltySeconds: 0.05 };

export function accessTo(emulator: AirtableEmulator, apiKey = TOKEN) {
  return { url: emulator.url, baseId: emulator.base.id, apiKey };
}

/** The settings of `.env` for a team whose base is in the emulator. */
export function settingsFor(emulator: AirtableEmulator, differences: Record<string, string> = {}): Settings {
  return readSettings({
    ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    AUTH_TOKEN: 'token',
    AIRTABLE_API_KEY: TOKEN,
    AIRTABLE_BASE_ID: emulator.base.id,
    AIRTABLE_ENDPOINT_URL: emulator.url,
    TWILIO_SMS_NUMBER: '+14135551234',
    DEFAULT_WORKER: 'ana@example.com, bashir@example.com',
    ...differences,
  });
}
