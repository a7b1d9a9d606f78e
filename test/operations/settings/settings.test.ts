import { describe, expect, test } from '@jest/globals';
import { readSettings, settingProblems } from '../../../operations/settings/settings';

const COMPLETE = {
  ACCOUNT_SID: `AC${'1'.repeat(32)}`,
  AUTH_TOKEN: 'token-1',
  AIRTABLE_API_KEY: 'patOne.1',
  AIRTABLE_BASE_ID: 'appOne',
  TWILIO_SMS_NUMBER: '+14135550100',
};

describe('the settings', () => {
  test('are read without the blanks round them, and with one Airtable token for both uses', () => {
    expect(readSettings({ ...COMPLETE, AUTH_TOKEN: ' token-1 ' })).toMatchObject({
      accountSid: COMPLETE.ACCOUNT_SID,
      authToken: 'token-1',
      authTokenSecondary: null,
      webhookSharedKeys: null,
      airtableApiKey: 'patOne.1',
      airtableSetupApiKey: 'patOne.1',
      twilioApiUrl: null,
      configuration: { airtableBaseId: 'appOne' },
    });
  });

  test('may keep a token for the schema apart', () => {
    const { airtableApiKey, airtableSetupApiKey } = readSettings({
      ...COMPLETE,
      AIRTABLE_SETUP_API_KEY: 'patTwo.2',
    });

    expect([airtableApiKey, airtableSetupApiKey]).toEqual(['patOne.1', 'patTwo.2']);
  });

  test('that are missing are all named, each first in its problem', () => {
    expect(settingProblems({}).map((problem) => problem.split(' ')[0])).toEqual([
      'ACCOUNT_SID',
      'AUTH_TOKEN',
      'AIRTABLE_API_KEY',
      'AIRTABLE_BASE_ID',
      'TWILIO_SMS_NUMBER',
    ]);
  });

  test.each([
    ['ACCOUNT_SID', 'SK11111111111111111111111111111111'],
    ['AUTH_TOKEN', 'two words'],
    ['AUTH_TOKEN_SECONDARY', 'zwölf'],
    ['AIRTABLE_API_KEY', 'keyOld'],
    ['AIRTABLE_SETUP_API_KEY', 'keyOld'],
    ['AIRTABLE_BASE_ID', 'https://airtable.com/appOne'],
    ['ALARM_EMAIL', 'ana@example.com, ben@example.com'],
    ['SSO_REALM_SID', 'realm'],
    ['PUBLIC_BASE_URL', 'example.com'],
  ])('%s that is malformed is named, and its value is not shown', (name, value) => {
    const [problem = '', ...others] = settingProblems({ ...COMPLETE, [name]: value });

    expect(problem).toMatch(new RegExp(`^${name} is malformed: `));
    expect([problem.includes(value), others]).toEqual([false, []]);
  });
});
