import { expect, test } from '@jest/globals';
import { CONFIGURATION_CHECK } from '../../../cli/doctor/configuration-checks';
import { readSettings } from '../../../cli/settings/settings';
import { examineOne } from './examine';

const COMPLETE = {
  ACCOUNT_SID: `AC${'a'.repeat(32)}`,
  AUTH_TOKEN: 'b'.repeat(32),
  AIRTABLE_API_KEY: 'patSecret.123',
  AIRTABLE_BASE_ID: 'appTeam',
  TWILIO_SMS_NUMBER: '+1 (413) 555-1234',
};

const look = (environment: Readonly<Record<string, string>>) =>
  examineOne([CONFIGURATION_CHECK], 'configuration', { settings: () => readSettings(environment) });

test('complete settings pass, in any notation of the service’s number', async () => {
  expect(await look(COMPLETE)).toEqual({ status: 'pass', message: 'base appTeam, SMS from +14135551234' });
});

test('one malformed setting is named in the line', async () => {
  expect(await look({ ...COMPLETE, TWILIO_SMS_NUMBER: 'ours' })).toMatchObject({
    status: 'fail',
    message: expect.stringMatching(/^TWILIO_SMS_NUMBER is malformed/),
    fix: expect.stringContaining('.env'),
  });
});

test('several are counted, and named below the line', async () => {
  const { ACCOUNT_SID: _, ...others } = COMPLETE;

  expect(await look({ ...others, AIRTABLE_API_KEY: 'keySecret', AIRTABLE_BASE_ID: '' })).toMatchObject({
    message: '3 settings are missing or malformed',
    findings: [
      { what: expect.stringMatching(/^ACCOUNT_SID is missing/) },
      { what: expect.stringMatching(/^AIRTABLE_API_KEY is malformed(?!.*keySecret)/) },
      { what: expect.stringMatching(/^AIRTABLE_BASE_ID is missing/) },
    ],
  });
});
