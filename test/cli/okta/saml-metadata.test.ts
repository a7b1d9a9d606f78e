import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { readSamlMetadata } from '../../../cli/okta/saml-metadata';
import { CERTIFICATE, samlMetadata } from '../../emulators/okta/saml-metadata';

const ISSUER = 'http://www.okta.com/exk39sivhuytV2D8H0h7';
const SSO_URL = 'https://acme.okta.com/app/a/exk39sivhuytV2D8H0h7/sso/saml?a=1&b=2';
const XML = samlMetadata({ issuer: ISSUER, ssoUrl: SSO_URL });

describe('SAML metadata', () => {
  test('has the issuer, the URL, and a certificate in standard PEM', () => {
    const { issuer, ssoUrl, certificate, validUntil } = readSamlMetadata(XML);

    expect([issuer, ssoUrl]).toEqual([ISSUER, SSO_URL]);
    expect(new X509Certificate(certificate).raw.toString('base64')).toBe(CERTIFICATE.replaceAll('\n', ''));
    expect(certificate).toMatch(/^-----BEGIN CERTIFICATE-----\n[\s\S]+\n-----END CERTIFICATE-----$/);
    expect(validUntil).toEqual(new Date('2036-11-20T07:35:26Z'));
  });

  test('may have other prefixes, or an additional key for encryption', () => {
    const encryption =
      '<KeyDescriptor use="encryption"><KeyInfo><X509Data><X509Certificate>x</X509Certificate></X509Data></KeyInfo></KeyDescriptor>';
    const other = XML.replaceAll(/(<\/?)(md|ds):/g, '$1').replace(
      '<KeyDescriptor',
      `${encryption}<KeyDescriptor`,
    );

    expect(readSamlMetadata(other)).toEqual(readSamlMetadata(XML));
  });

  test.each([
    ['is a page of HTML', '<html><body>Sign in</body></html>'],
    ['is not XML', '{"errorCode": "E0000007"}'],
    ['is empty', ''],
    ['has no issuer', XML.replace(ISSUER, '')],
    [
      'has no address',
      XML.replaceAll(/<md:SingleSignOnService[^>]*>/g, '').replaceAll('</md:SingleSignOnService>', ''),
    ],
    ['has no certificate', XML.replace(CERTIFICATE, '')],
    ['has an invalid certificate', XML.replace(CERTIFICATE, CERTIFICATE.slice(100))],
  ])('that %s is rejected, with where to find the values', (_what, xml) => {
    expect(() => readSamlMetadata(xml)).toThrow('Sign On > SAML setup');
  });
});
