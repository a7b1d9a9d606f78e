/**
 * What stands for an account as long as nobody has one. Made up, and open to everybody: nothing of it is taken
 * anywhere but by the stand-ins on this machine.
 */
export const DEMO_CREDENTIALS = {
  accountSid: `AC${'0'.repeat(32)}`,
  authToken: 'demonstration'.padEnd(32, '0'),
  airtableApiKey: `patDemonstration0.${'0'.repeat(64)}`,
  smsNumber: '+12025550100',
  whatsappNumber: 'whatsapp:+12025550101',
  conversationServiceSid: `IS${'0'.repeat(32)}`,
  /** A conversation that `npm start` begins with, so that there is one to send callbacks about. */
  conversationSid: `CH${'0'.repeat(32)}`,
} as const;
