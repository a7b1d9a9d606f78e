import { expect, test } from '@jest/globals';
import { inboxFunctions, synthesise, synthesiseInbox, WITH_INBOX } from '../synthesis';

const template = synthesiseInbox();
const service = synthesise(WITH_INBOX);

test("the inbox's template has the names that setup, the doctor and the app rely on", () => {
  expect(Object.keys(template.Outputs).sort()).toEqual([
    'DistributionDomainName',
    'DistributionId',
    'InboxApiUrl',
    'InboxUrl',
    'LiveUrl',
    'SignInUrl',
    'SiteBucketName',
    'UserPoolClientId',
    'UserPoolId',
  ]);
  expect(Object.values(inboxFunctions(template)).map(({ id }) => id)).toEqual([
    expect.stringMatching(/^InboxApiFunction[0-9A-F]{8}$/),
    expect.stringMatching(/^InboxEventsFunction[0-9A-F]{8}$/),
    expect.stringMatching(/^InboxLiveFunction[0-9A-F]{8}$/),
  ]);
});

test('references go from the inbox to the service only', () => {
  expect(JSON.stringify(service)).not.toContain('FrontlineAirtableInbox');
  expect(JSON.stringify(template)).toContain('FrontlineAirtable');
});
