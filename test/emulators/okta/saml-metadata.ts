import { XMLBuilder } from 'fast-xml-parser';

/** The organisation's signing certificate in base64, in lines of 76 as Okta writes it. Its private key is gone. */
export const CERTIFICATE = `\
MIIDvTCCAqWgAwIBAgIUQ4SY2/eQRhwOrEXGQHXgYsV6VVEwDQYJKoZIhvcNAQELBQAwbjELMAkG
A1UEBhMCVVMxEzARBgNVBAgMCkNhbGlmb3JuaWExFjAUBgNVBAcMDVNhbiBGcmFuY2lzY28xDTAL
BgNVBAoMBE9rdGExFDASBgNVBAsMC1NTT1Byb3ZpZGVyMQ0wCwYDVQQDDARhY21lMB4XDTI2MTEy
MzA3MzUyNloXDTM2MTEyMDA3MzUyNlowbjELMAkGA1UEBhMCVVMxEzARBgNVBAgMCkNhbGlmb3Ju
aWExFjAUBgNVBAcMDVNhbiBGcmFuY2lzY28xDTALBgNVBAoMBE9rdGExFDASBgNVBAsMC1NTT1By
b3ZpZGVyMQ0wCwYDVQQDDARhY21lMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEArG5N
RYNXdYufM52DISYQkJisydJIXwCFaZJYEYx8n8WtgXJiHon3/ZcCLDLAqXbjIxbi3FbFcXgZBGbp
wjsuaLxoaADiBuhT/XMeODHgnlpKV4dBdEZo0xL/kjTVQaUEOuOUPvN564Nky26f+rn/KIOVf2RY
Z7fDipnVGnvOkE5Ko6PcA5pslcl3FnLQZ56NjQ5RidNAF4XGdH+JaXru9LuI2hF55MooI6RHWUdt
YrEoYMDdccuhlTPlfqg2ztX6P5uwJekARDosyhzAkgSGFddQ8qIk078mU/BdS42nRIpaHF0eGIb2
0FkIUaAaleJKdlNRb3k3DUG477fYx5OLKQIDAQABo1MwUTAdBgNVHQ4EFgQUhEY0lMA+6yDmV/7g
+ciNuCs6Oo8wHwYDVR0jBBgwFoAUhEY0lMA+6yDmV/7g+ciNuCs6Oo8wDwYDVR0TAQH/BAUwAwEB
/zANBgkqhkiG9w0BAQsFAAOCAQEAdy4Vr6hoh9kYrvMPVqL39ycC2n9lTIpLlppSqyluAvaUdDJF
Yn0aiK+XDJjIOSlmIrIvALV55nQFiIm2cb7CGrOOCRknX0rxc2P4f6SXblt2HiBlQLZ+MjFlj84C
Yas54km668pFn99bvxV6qoju9ussnPXTc5w2AuX3TgQG4TOVYHCJDUcIfEvmk6XEHFtXidimqjSA
T2lbRB+ic5zbt34wNSmtCyBqRFAt0jpp8cProLLMrzpwmBpockZB4Eorj7m0LKwM566hxW8xuyt9
owfnSkYkRakz5u04F6tUo/jcUpI2mETHIAIF/17GwfpGEER4HVNqyMITgfSqnxY7Ag==`;

interface SamlEndpoint {
  readonly issuer: string;
  readonly ssoUrl: string;
}

/** An application's SAML metadata in Okta's format. */
export function samlMetadata({ issuer, ssoUrl }: SamlEndpoint): string {
  const binding = (name: string) => ({
    '@Binding': `urn:oasis:names:tc:SAML:2.0:bindings:${name}`,
    '@Location': ssoUrl,
  });
  const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@' });
  const descriptor = builder.build({
    'md:EntityDescriptor': {
      '@entityID': issuer,
      '@xmlns:md': 'urn:oasis:names:tc:SAML:2.0:metadata',
      'md:IDPSSODescriptor': {
        '@WantAuthnRequestsSigned': 'false',
        '@protocolSupportEnumeration': 'urn:oasis:names:tc:SAML:2.0:protocol',
        'md:KeyDescriptor': {
          '@use': 'signing',
          'ds:KeyInfo': {
            '@xmlns:ds': 'http://www.w3.org/2000/09/xmldsig#',
            'ds:X509Data': { 'ds:X509Certificate': CERTIFICATE },
          },
        },
        'md:NameIDFormat': [
          'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
          'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
        ],
        'md:SingleSignOnService': [binding('HTTP-POST'), binding('HTTP-Redirect')],
      },
    },
  });
  return `<?xml version="1.0" encoding="UTF-8"?>${descriptor}`;
}
