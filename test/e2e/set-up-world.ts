import { join } from 'node:path';
import { type AirtableEmulator, startAirtable } from '../../emulators/airtable/airtable-emulator';
import type { TokenGrant } from '../../emulators/airtable/airtable-request';
import { aBase } from '../../emulators/airtable/base-data';
import { startTwilio, type TwilioEmulator } from '../../emulators/twilio/twilio-emulator';
import { freshCheckout } from './checkout';
import { type FrontDoor, startFrontDoor } from './front-door';
import type { MiniStack } from './ministack';
import { Operator } from './operator';
import { ANA, BEN, CONFIGURATION, CREDENTIALS } from './team';

/** The surroundings of a setup: an empty base, a new account, and a fresh checkout. */
export interface SetUpWorld {
  readonly operator: Operator;
  readonly settings: Readonly<Record<string, string>>;
  readonly airtable: AirtableEmulator;
  /** The scopes of its tokens, to be changed. */
  readonly tokens: TokenGrant[];
  readonly twilio: TwilioEmulator;
  readonly frontDoor: FrontDoor;
  close(): Promise<void>;
}

/** The five values that setup prompts for, one worker, and the URLs of the emulators. */
export async function startSetUpWorld(
  name: string,
  folder: string,
  cloud: MiniStack,
  signal: AbortSignal,
  { hasAws = true, hasLimit = true }: { readonly hasAws?: boolean; readonly hasLimit?: boolean } = {},
): Promise<SetUpWorld> {
  const tokens: TokenGrant[] = [{ token: CREDENTIALS.AIRTABLE_API_KEY }];
  const airtable = await startAirtable({
    base: { ...aBase([]), id: CONFIGURATION.AIRTABLE_BASE_ID },
    tokens,
    // Five a second, without the 30 s of rejections afterwards: exceeding the limit shows in the 429s.
    limits: hasLimit ? { penaltySeconds: 0 } : { requestsPerSecond: 'unlimited' },
  });
  const twilio = await startTwilio({
    accountSid: CREDENTIALS.ACCOUNT_SID,
    authToken: CREDENTIALS.AUTH_TOKEN,
    ourNumbers: [CONFIGURATION.TWILIO_SMS_NUMBER, CONFIGURATION.TWILIO_WHATSAPP_NUMBER],
    autocreation: 'as-configured',
    users: [ANA, BEN].map((identity) => ({ identity, state: 'active', isAvailable: true })),
  });
  const frontDoor = await startFrontDoor(cloud);
  const operator = new Operator(freshCheckout(join(folder, name)), hasAws ? cloud : null, signal);
  const settings = {
    ...CREDENTIALS,
    ...CONFIGURATION,
    PUBLIC_BASE_URL: frontDoor.url,
    AIRTABLE_ENDPOINT_URL: airtable.url,
    TWILIO_API_URL: twilio.url,
    // So that the replica follows the base without a pause between two runs.
    SYNC_PING_SECONDS: '0',
  };
  operator.writeSettings(settings);
  return {
    operator,
    settings,
    airtable,
    tokens,
    twilio,
    frontDoor,
    close: async () => {
      await Promise.all([airtable.close(), twilio.close(), frontDoor.close()]);
    },
  };
}

/** The state of Airtable and Twilio after a setup, without the ids that are new each time. */
export function stateOf({ airtable, twilio }: SetUpWorld): unknown {
  const { services, addresses, phoneNumbers, defaultChatServiceSid } = twilio.configuration;
  return {
    tables: airtable.base.tables.map(({ name, fields, records }) => ({
      name,
      fields: fields.map((field) => [field.name, field.type]),
      records: records.map((record) => Object.entries(record.fields).length),
    })),
    webhooks: services.map(({ friendlyName, webhooks: { preUrl, postUrl, ...how } }) => ({
      friendlyName,
      ...how,
      paths: [preUrl, postUrl].map((url) => url && new URL(url).pathname),
    })),
    addresses: addresses.map(({ sid: _, ...address }) => address),
    phoneNumbers,
    defaultChatServiceSid,
  };
}
