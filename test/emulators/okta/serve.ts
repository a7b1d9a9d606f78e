import { afterEach } from '@jest/globals';
import { newApplication } from '../../../cli/okta/saml-application';
import { type OktaEmulator, type OktaOptions, startOkta } from './okta-emulator';

/** A token in Okta's format. */
export const TOKEN = `00${'tOkEn_-1'.repeat(5)}`;

const running: OktaEmulator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((okta) => okta.close()));
});

/** An emulator of Okta for one test, closed when the test ends. */
export async function anOkta(options: Partial<OktaOptions> = {}): Promise<OktaEmulator> {
  const okta = await startOkta({ token: TOKEN, ...options });
  running.push(okta);
  return okta;
}

/** A custom SAML application that is not Frontline's, with some settings replaced. */
export function aSamlApplication(signOn: object = {}): object {
  const { settings, ...application } = newApplication('', 'Example Custom SAML 2.0 App');
  const address = 'https://example.com/acs';
  const addresses = { ssoAcsUrl: address, recipient: address, destination: address, audience: 'asdqwe123' };
  return { ...application, settings: { signOn: { ...settings.signOn, ...addresses, ...signOn } } };
}
