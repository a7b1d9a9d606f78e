import { afterEach, expect, test } from '@jest/globals';
import { contentFindings } from '../../../cli/doctor/data/content-findings';
import { openTwilioAccount } from '../../../cli/twilio/twilio-account';
import type { ContentTemplate } from '../../../emulators/twilio/content-store';
import { startTwilio, type TwilioEmulator } from '../../../emulators/twilio/twilio-emulator';

const ACCOUNT_SID = `AC${'1'.repeat(32)}`;
const AUTH_TOKEN = '2'.repeat(32);
const SID = `HX${'a'.repeat(32)}`;

let twilio: TwilioEmulator | undefined;
afterEach(closeTwilio);

async function closeTwilio(): Promise<void> {
  await twilio?.close();
  twilio = undefined;
}

const CONTENT: ContentTemplate = {
  sid: SID,
  friendlyName: 'reminder',
  types: { 'twilio/text': { body: 'Hello {{1}}, see you at {{2}}' } },
  approval: { status: 'approved' },
};

/** The doctor's findings for one template of the team's table. */
async function findingsOf(
  content: Partial<ContentTemplate> | null,
  template: { readonly text?: string; readonly contentSid?: string | null } = {},
) {
  await closeTwilio();
  twilio = await startTwilio({
    accountSid: ACCOUNT_SID,
    authToken: AUTH_TOKEN,
    contents: content === null ? [] : [{ ...CONTENT, ...content }],
  });
  const account = openTwilioAccount({
    accountSid: ACCOUNT_SID,
    authToken: AUTH_TOKEN,
    apiKey: null,
    apiUrl: twilio.url,
  });
  const entry = {
    name: 'Reminder',
    link: 'https://airtable.com/appX/tblX/recX',
    category: null,
    text: 'Hello {{name}}, see you at {{place|the shop}}',
    isApproved: true,
    contentSid: SID,
    ...template,
  };
  const found = await contentFindings([entry], ['name', 'City'], (sid) => account.findContent(sid));
  return found.map(({ what }) => what);
}

test('an approved template whose numbered variables have placeholders passes', async () => {
  expect(await findingsOf({})).toEqual([]);
});

test('a template without contentSid is not requested', async () => {
  expect(await findingsOf(null, { contentSid: null })).toEqual([]);
  expect(twilio?.requests).toEqual([]);
});

test.each([
  ['pending', "Reminder: is waiting for WhatsApp's approval"],
  ['received', "Reminder: is waiting for WhatsApp's approval"],
  ['unsubmitted', 'Reminder: was not submitted to WhatsApp: submit it for approval'],
  ['PAUSED', 'Reminder: is paused by WhatsApp because recipients blocked or reported it (63041)'],
  ['disabled', 'Reminder: is permanently disabled by WhatsApp (63042): create a new one'],
  ['on-hold', 'Reminder: has the status on-hold'],
])('a template that is %s is named', async (status, finding) => {
  expect(await findingsOf({ approval: { status } })).toEqual([finding]);
});

test('the reason of a rejection by WhatsApp is shown', async () => {
  expect(await findingsOf({ approval: { status: 'rejected', rejectionReason: 'INVALID_FORMAT' } })).toEqual([
    'Reminder: was rejected by WhatsApp (INVALID_FORMAT)',
  ]);
});

test('a SID that the account does not have, and a malformed one, are named', async () => {
  expect(await findingsOf(null)).toEqual([
    'Reminder: the Twilio account has no content template with this SID',
  ]);
  expect(await findingsOf({}, { contentSid: 'HX12/../x' })).toEqual([
    'Reminder: contentSid "HX12/../x" is not valid: it must be "HX" and 32 hexadecimal digits',
  ]);
});

test.each<[variables: string, body: string, unfilled: string | null]>([
  ['a number beyond the placeholders of text', '{{1}} {{3}}', '{{3}}'],
  ['a name that is not a column', '{{name}} {{shoe_size}}', '{{shoe_size}}'],
  ['names of columns, in any case, and the worker', '{{Name}} {{city}} {{worker}}', null],
])('variables: %s', async (_what, body, unfilled) => {
  const expected =
    unfilled === null
      ? []
      : [
          `Reminder: nothing fills ${unfilled}: a named variable needs a column of that name, a numbered one a placeholder in text`,
        ];
  expect(await findingsOf({ types: { 'twilio/text': { body } } })).toEqual(expected);
});
