import { type AirtableEmulator, startAirtable } from '../../emulators/airtable/airtable-emulator';
import { startTwilio, type TwilioEmulator } from '../../emulators/twilio/twilio-emulator';
import { ANA, BEN, CONFIGURATION, CREDENTIALS, teamBase } from './team';

/** An Airtable emulator with the team's base. */
export function startTeamAirtable(): Promise<AirtableEmulator> {
  return startAirtable({
    base: teamBase(),
    tokens: [{ token: CREDENTIALS.AIRTABLE_API_KEY }],
    // The checks follow each other faster than a team's chats do.
    limits: { requestsPerSecond: 'unlimited' },
  });
}

/** A Twilio emulator with the team's account, numbers and workers. */
export function startTeamTwilio(): Promise<TwilioEmulator> {
  return startTwilio({
    accountSid: CREDENTIALS.ACCOUNT_SID,
    authToken: CREDENTIALS.AUTH_TOKEN,
    ourNumbers: [CONFIGURATION.TWILIO_SMS_NUMBER, CONFIGURATION.TWILIO_WHATSAPP_NUMBER],
    users: [ANA, BEN].map((identity) => ({ identity, state: 'active', isAvailable: true })),
  });
}
