import { expect, test } from '@jest/globals';
import { routingOf } from '../../../cli/twilio/routing';
import { accessOf, openTwilioAccount } from '../../../cli/twilio/twilio-account';
import { anAccount, service, settingsFor } from './frontline-account';

test.each([
  ['frontline', 'has a service named after Frontline', ['Support chat', 'My FRONTLINE']],
  ['service', 'has no service named after Frontline', ['Default Conversations Service']],
  ['service', 'has only the service that setup made', ['Frontline Airtable']],
  ['service', 'has no service at all', []],
] as const)('routing is by %s if it %s', async (routing, _what, names) => {
  const twilio = await anAccount();
  twilio.configure({ services: names.map((name, at) => service(name, `IS${at}`.padEnd(34, '0'))) });

  expect(await routingOf(openTwilioAccount(accessOf(settingsFor(twilio))))).toBe(routing);
});
