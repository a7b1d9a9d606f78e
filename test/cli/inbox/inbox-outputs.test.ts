import { expect, test } from '@jest/globals';
import { inboxOutputs } from '../../../cli/inbox/inbox-outputs';
import { synthesiseInbox } from '../../lib/synthesis';

const status = { status: 'CREATE_COMPLETE', reason: null, isProtected: false };

test("the inbox's stack has every output that the commands read", () => {
  const names = Object.keys(synthesiseInbox().Outputs);
  const outputs = Object.fromEntries(names.map((name) => [name, `of ${name}`]));

  expect(inboxOutputs({ ...status, outputs })).toMatchObject({
    url: 'of InboxUrl',
    siteBucket: 'of SiteBucketName',
    distributionDomain: 'of DistributionDomainName',
  });
});

test('missing outputs are named, with the command that deploys them', () => {
  expect(() => inboxOutputs({ ...status, outputs: { InboxUrl: 'https://x' } })).toThrow(
    'has no output InboxApiUrl, LiveUrl, SignInUrl, UserPoolId, UserPoolClientId, SiteBucketName, DistributionDomainName; npx frontline setup --inbox deploys the current version',
  );
});
