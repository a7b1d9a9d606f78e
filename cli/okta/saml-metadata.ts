import { X509Certificate } from 'node:crypto';
import { XMLParser } from 'fast-xml-parser';
import * as v from 'valibot';
import { UpstreamError } from '../../lambdas/errors';

/** The values with which Twilio verifies Okta's sign-ins. */
export interface SignInValues {
  readonly issuer: string;
  readonly ssoUrl: string;
  /** In PEM, as pasted into Twilio. */
  readonly certificate: string;
  readonly validUntil: Date;
}

const LISTS = new Set(['KeyDescriptor', 'X509Certificate', 'SingleSignOnService']);

const PARSER = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  removeNSPrefix: true,
  parseTagValue: false,
  isArray: (name) => LISTS.has(name),
});

const Metadata = v.object({
  EntityDescriptor: v.object({
    entityID: v.pipe(v.string(), v.nonEmpty()),
    IDPSSODescriptor: v.object({
      KeyDescriptor: v.array(
        v.object({
          use: v.optional(v.string(), 'signing'),
          KeyInfo: v.object({
            X509Data: v.object({ X509Certificate: v.tupleWithRest([v.string()], v.string()) }),
          }),
        }),
      ),
      SingleSignOnService: v.array(v.object({ Binding: v.string(), Location: v.pipe(v.string(), v.url()) })),
    }),
  }),
});

/** @throws {UpstreamError} if the text is not an identity provider's SAML metadata */
export function readSamlMetadata(xml: string): SignInValues {
  try {
    const { EntityDescriptor } = v.parse(Metadata, PARSER.parse(xml));
    const { KeyDescriptor, SingleSignOnService } = EntityDescriptor.IDPSSODescriptor;
    const key = KeyDescriptor.find(({ use }) => use === 'signing');
    const byPost = SingleSignOnService.find(({ Binding }) => Binding.endsWith(':HTTP-POST'));
    const service = byPost ?? SingleSignOnService[0];
    if (key === undefined || service === undefined) throw new Error('it has no signing key or no URL');
    const certificate = new X509Certificate(asPem(key.KeyInfo.X509Data.X509Certificate[0]));
    return {
      issuer: EntityDescriptor.entityID,
      ssoUrl: service.Location,
      certificate: certificate.toString().trim(),
      validUntil: new Date(certificate.validTo),
    };
  } catch (cause) {
    throw new UpstreamError(
      "Okta's SAML metadata is not valid. Okta admin > Applications > the application > Sign On > SAML setup shows the three values for Twilio's console",
      { cause },
    );
  }
}

function asPem(base64: string): string {
  const lines = base64.replace(/\s/g, '').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
