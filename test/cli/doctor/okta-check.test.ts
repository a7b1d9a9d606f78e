import { expect, test } from '@jest/globals';
import { OKTA_CHECK } from '../../../cli/doctor/okta-check';
import type { OktaEmulator } from '../../emulators/okta/okta-emulator';
import { anOkta } from '../../emulators/okta/serve';
import { environmentOf, run, writesOf } from '../okta/run';
import { examineOne } from './examine';

const examine = (okta: OktaEmulator, changes: Record<string, string> = {}) =>
  examineOne([OKTA_CHECK], 'okta-application', { environment: { ...environmentOf(okta), ...changes } });

test('Okta’s application is reported as the okta command would change it, and is not changed', async () => {
  const okta = await anOkta({ people: [{ login: 'ana', userType: 'agent' }] });

  expect(await examine(okta)).toMatchObject({
    status: 'fail',
    fix: expect.stringContaining('npx frontline okta'),
  });
  expect(writesOf(okta)).toEqual([]);

  await run(okta, ['--yes', '--user', 'ana']);
  expect(await examine(okta)).toMatchObject({ status: 'pass' });
});

test('the token is not sent to a custom domain', async () => {
  const okta = await anOkta();

  const result = await examine(okta, { OKTA_ORG_URL: 'https://login.example.com' });

  expect(result).toMatchObject({ status: 'skip', fix: expect.stringContaining('--dry-run') });
});
