import { afterEach } from '@jest/globals';
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

/** A custom SAML application as Okta's reference shows one, with some settings replaced. */
export function aSamlApplication(signOn: object = {}): object {
  return {
    label: 'Example Custom SAML 2.0 App',
    signOnMode: 'SAML_2_0',
    visibility: { autoSubmitToolbar: false, hide: { iOS: false, web: false } },
    features: [],
    settings: {
      signOn: {
        defaultRelayState: '',
        ssoAcsUrl: 'https://example.com/acs',
        idpIssuer: `http://www.okta.com/\${org.externalKey}`,
        audience: 'asdqwe123',
        recipient: 'https://example.com/acs',
        destination: 'https://example.com/acs',
        subjectNameIdTemplate: `\${user.userName}`,
        subjectNameIdFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
        responseSigned: true,
        assertionSigned: true,
        signatureAlgorithm: 'RSA_SHA256',
        digestAlgorithm: 'SHA256',
        honorForceAuthn: true,
        authnContextClassRef: 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport',
        requestCompressed: false,
        ...signOn,
      },
    },
  };
}
