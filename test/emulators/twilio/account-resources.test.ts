import { describe, expect, test } from '@jest/globals';
import type { PhoneNumber } from '../../../emulators/twilio/account-configuration';
import { ACCOUNT_SID, AUTH_TOKEN, aTwilio, officialClient, SMS_NUMBER } from './account';

function aNumber(phoneNumber: string, others: Partial<PhoneNumber> = {}): PhoneNumber {
  return { phoneNumber, canSms: true, smsUrl: '', smsApplicationSid: '', ...others };
}

describe('the account', () => {
  test('returns its name and whether it is active', async () => {
    const twilio = await aTwilio({ configuration: { friendlyName: 'Acme', status: 'suspended' } });

    const account = await officialClient(twilio).api.v2010.accounts(ACCOUNT_SID).fetch();

    expect(account).toMatchObject({ sid: ACCOUNT_SID, friendlyName: 'Acme', status: 'suspended' });
    expect(account.dateCreated).toEqual(new Date('2023-01-02T03:04:05Z'));
  });

  test('accepts a second token during a rotation, and returns the one that signs', async () => {
    const secondaryAuthToken = 'e'.repeat(32);
    const twilio = await aTwilio({ secondaryAuthToken });

    const tokens = [AUTH_TOKEN, secondaryAuthToken];
    const accounts = await Promise.all(
      tokens.map((token) => officialClient(twilio, token).api.v2010.accounts(ACCOUNT_SID).fetch()),
    );

    expect(accounts.map(({ authToken }) => authToken)).toEqual([AUTH_TOKEN, AUTH_TOKEN]);
  });

  test('does not find another account', async () => {
    const twilio = await aTwilio();
    const other = `AC${'b'.repeat(32)}`;

    const fetched = officialClient(twilio).api.v2010.accounts(other).fetch();

    await expect(fetched).rejects.toMatchObject({ status: 404, code: 20404 });
  });
});

describe('phone numbers', () => {
  test('are our numbers for SMS by default', async () => {
    const twilio = await aTwilio();

    const numbers = await officialClient(twilio).incomingPhoneNumbers.list();

    expect(numbers).toMatchObject([
      {
        sid: expect.stringMatching(/^PN[0-9a-f]{32}$/),
        accountSid: ACCOUNT_SID,
        phoneNumber: SMS_NUMBER,
        capabilities: { sms: true, voice: true },
        smsUrl: '',
        smsApplicationSid: '',
      },
    ]);
  });

  test('are listed page by page', async () => {
    const all = Array.from({ length: 7 }, (_, index) => `+1415555010${index}`);
    const phoneNumbers = all.map((number) => aNumber(number));
    const twilio = await aTwilio({ configuration: { phoneNumbers } });
    const { incomingPhoneNumbers } = officialClient(twilio);

    const first = await incomingPhoneNumbers.page({ pageSize: 3 });
    const last = await (await first.nextPage())?.nextPage();
    const listed = await incomingPhoneNumbers.list({ pageSize: 3 });

    expect(first.instances.map(({ phoneNumber }) => phoneNumber)).toEqual(all.slice(0, 3));
    expect(last?.instances.map(({ phoneNumber }) => phoneNumber)).toEqual(all.slice(6));
    expect(last?.nextPageUrl).toBeUndefined();
    expect(listed.map(({ phoneNumber }) => phoneNumber)).toEqual(all);
  });

  test.each([
    ['in full', '+14155550101', ['+14155550101']],
    ['by a part, with stars for digits', '5550*01', ['+14155550101', '+14155550201']],
    ['that no number has', '+15005550006', []],
  ])('are found %s', async (_how, wanted, found) => {
    const phoneNumbers = ['+14155550101', '+14155550201', '+14155550102'].map((number) => aNumber(number));
    const twilio = await aTwilio({ configuration: { phoneNumbers } });

    const numbers = await officialClient(twilio).incomingPhoneNumbers.list({ phoneNumber: wanted });

    expect(numbers.map(({ phoneNumber }) => phoneNumber)).toEqual(found);
  });

  test('can be updated with the handling of inbound messages', async () => {
    const smsUrl = 'https://demo.twilio.com/welcome/sms/reply';
    const phoneNumbers = [aNumber(SMS_NUMBER, { smsUrl, smsApplicationSid: 'AP1', canSms: false })];
    const twilio = await aTwilio({ configuration: { phoneNumbers } });
    const { incomingPhoneNumbers } = officialClient(twilio);
    const [number] = await incomingPhoneNumbers.list();

    const updated = await incomingPhoneNumbers(number?.sid ?? '').update({ smsUrl: '' });

    expect(number).toMatchObject({ smsUrl, smsApplicationSid: 'AP1', capabilities: { sms: false } });
    expect(updated).toMatchObject({ smsUrl: '', smsApplicationSid: 'AP1' });
    expect(await incomingPhoneNumbers(updated.sid).fetch()).toMatchObject({ smsUrl: '' });
    await expect(incomingPhoneNumbers('PN1').fetch()).rejects.toMatchObject({ status: 404 });
  });
});
