/** The required settings, in `.env`'s words. */
export const MINIMAL = {
  ACCOUNT_SID: `AC${'1'.repeat(32)}`,
  AUTH_TOKEN: 'token-of-env',
  AIRTABLE_API_KEY: 'patOfEnv.1',
  AIRTABLE_BASE_ID: 'appTest',
  TWILIO_SMS_NUMBER: '+14135550100',
};
