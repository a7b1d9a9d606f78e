import { type AirtableStandIn, startAirtable } from '../../local/airtable/airtable-stand-in';
import { startTwilio, type TwilioStandIn } from '../../local/twilio/twilio-stand-in';
import { ANA, BEN, CONFIGURATION, CREDENTIALS, teamBase } from './team';

/** An Airtable that holds the team's base. */
export function startTeamAirtable(): Promise<AirtableStandIn> {
  return startAirtable({
    base: teamBase(),
    tokens: [{ token: CREDENTIALS.AIRTABLE_API_KEY }],
    // The checks follow each other faster than a team's chats do.
    limits: { requestsPerSecond: 'unlimited' },
  });
}

/** A Twilio that knows the team's account, numbers and workers. */
export function startTeamTwilio(): Promise<TwilioStandIn> {
  return startTwilio({
    accountSid: CREDENTIALS.ACCOUNT_SID,
    authToken: CREDENTIALS.AUTH_TOKEN,
    ourNumbers: [CONFIGURATION.TWILIO_SMS_NUMBER, CONFIGURATION.TWILIO_WHATSAPP_NUMBER],
    users: [ANA, BEN].map((identity) => ({ identity, state: 'active', isAvailable: true })),
  });
}
