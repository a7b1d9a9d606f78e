/**
 * Demo credentials, used until a real account is configured. They are public: only the emulators on this
 * machine accept them.
 */
export const DEMO_CREDENTIALS = {
  accountSid: `AC${'0'.repeat(32)}`,
  authToken: 'demonstration'.padEnd(32, '0'),
  airtableApiKey: `patDemonstration0.${'0'.repeat(64)}`,
  smsNumber: '+12025550100',
  whatsappNumber: 'whatsapp:+12025550101',
  conversationServiceSid: `IS${'0'.repeat(32)}`,
  /** A conversation that `npm start` creates, so that callbacks have one to refer to. */
  conversationSid: `CH${'0'.repeat(32)}`,
} as const;
