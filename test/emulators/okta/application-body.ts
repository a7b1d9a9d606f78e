import * as v from 'valibot';
import { invalid } from './okta-errors';

const required = v.pipe(v.string('must not be blank'), v.nonEmpty('must not be blank'));
const address = v.pipe(required, v.url('must be a URL'));
const flag = v.boolean('must be a boolean');

const AttributeStatement = v.looseObject({
  type: v.picklist(['EXPRESSION', 'GROUP'], 'must be one of EXPRESSION, GROUP'),
  name: required,
  namespace: v.picklist(
    ['basic', 'unspecified', 'uri'].map((format) => `urn:oasis:names:tc:SAML:2.0:attrname-format:${format}`),
    'is not an attribute name format',
  ),
  values: v.optional(v.array(v.string())),
});

/** The settings of a custom SAML application, from Okta's API reference. */
const SignOn = v.pipe(
  v.looseObject({
    ssoAcsUrl: address,
    recipient: address,
    destination: address,
    audience: required,
    idpIssuer: required,
    subjectNameIdTemplate: required,
    subjectNameIdFormat: required,
    responseSigned: flag,
    assertionSigned: flag,
    signatureAlgorithm: v.picklist(['RSA_SHA1', 'RSA_SHA256'], 'must be one of RSA_SHA1, RSA_SHA256'),
    digestAlgorithm: v.picklist(['SHA1', 'SHA256'], 'must be one of SHA1, SHA256'),
    honorForceAuthn: flag,
    authnContextClassRef: required,
    requestCompressed: v.optional(flag, false),
    // Okta returns a blank relay state as null.
    defaultRelayState: v.pipe(
      v.nullish(v.string()),
      v.transform((state) => state || null),
    ),
    attributeStatements: v.pipe(
      v.nullish(v.array(AttributeStatement)),
      v.transform((statements) => statements ?? []),
    ),
  }),
  v.check(
    ({ responseSigned, assertionSigned }) => responseSigned || assertionSigned,
    'the response or the assertion must be signed',
  ),
);

const Visibility = v.optional(
  v.looseObject({
    autoSubmitToolbar: v.optional(v.boolean(), false),
    hide: v.optional(
      v.looseObject({ iOS: v.optional(v.boolean(), false), web: v.optional(v.boolean(), false) }),
      {},
    ),
  }),
  {},
);

const Credentials = v.optional(
  v.looseObject({
    userNameTemplate: v.optional(v.looseObject({ template: v.string(), type: v.string() }), {
      template: `\${source.login}`,
      type: 'BUILT_IN',
    }),
    signing: v.optional(v.looseObject({ kid: v.optional(v.string()) }), {}),
  }),
  {},
);

const common = { label: required, visibility: Visibility, credentials: Credentials };

const SamlApplication = v.looseObject({
  ...common,
  signOnMode: v.literal('SAML_2_0'),
  settings: v.looseObject({ signOn: SignOn }),
});

const OtherApplication = v.looseObject({
  ...common,
  signOnMode: v.picklist(['AUTO_LOGIN', 'BOOKMARK', 'BROWSER_PLUGIN', 'OPENID_CONNECT']),
  settings: v.optional(v.looseObject({ signOn: v.optional(v.looseObject({})) }), {}),
});

const ApplicationBody = v.variant('signOnMode', [SamlApplication, OtherApplication]);

/** An application as the caller describes it, with Okta's defaults for omitted parts. */
export type ApplicationBody = v.InferOutput<typeof ApplicationBody>;

/** @throws {OktaError} E0000001 naming every part that breaks a rule. */
export function readApplicationBody(body: unknown): ApplicationBody {
  const parsed = v.safeParse(ApplicationBody, body);
  if (parsed.success) return parsed.output;
  const causes = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'application'}: ${issue.message}`);
  throw invalid(causes[0]?.split(':')[0] ?? 'application', causes);
}
