import { ConfigurationError } from '../../lambdas/errors';
import type { Diff } from '../plan/plan';
import type { Application, Organisation } from './okta-api';

// The table of twilio.md#configuration, "SSO", verbatim.

const BASIC = 'urn:oasis:names:tc:SAML:2.0:attrname-format:basic';
const URI = 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri';

interface AttributeStatement {
  readonly type: string;
  readonly name: string;
  readonly namespace?: string | null | undefined;
  readonly values?: readonly string[] | null | undefined;
}

const statement = (name: string, namespace: string, value: string): AttributeStatement => ({
  type: 'EXPRESSION',
  name,
  namespace,
  values: [value],
});

/** Case-sensitive: with `Email` or `Roles`, every sign-in fails (70252). */
const ATTRIBUTE_STATEMENTS: readonly AttributeStatement[] = [
  statement('Full Name', BASIC, "String.join(' ', user.firstName, user.lastName)"),
  statement('roles', BASIC, 'user.userType'),
  statement('email', BASIC, 'user.email'),
  statement('image_url', URI, 'user.profileUrl'),
];

const DEFAULT_LABEL = 'Twilio Frontline';

/** The URL to which Okta redirects after sign-in; it ends with the realm. */
function signInUrl(realmSid: string): string {
  return `https://iam.twilio.com/v2/saml2/authenticate/${realmSid}`;
}

function signOnSettings(realmSid: string) {
  return {
    defaultRelayState: '',
    ssoAcsUrl: signInUrl(realmSid),
    recipient: signInUrl(realmSid),
    destination: signInUrl(realmSid),
    audience: `https://iam.twilio.com/v2/saml2/metadata/${realmSid}`,
    idpIssuer: `http://www.okta.com/\${org.externalKey}`,
    subjectNameIdTemplate: `\${user.userName}`,
    subjectNameIdFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
    responseSigned: true,
    assertionSigned: true,
    signatureAlgorithm: 'RSA_SHA256',
    digestAlgorithm: 'SHA256',
    honorForceAuthn: true,
    authnContextClassRef: 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport',
    spIssuer: null,
    requestCompressed: false,
  } as const;
}

const HIDDEN = { iOS: false, web: false } as const;

/** The body that creates the application. */
export function newApplication(realmSid: string, label: string | null) {
  return {
    label: label ?? DEFAULT_LABEL,
    visibility: { autoSubmitToolbar: false, hide: HIDDEN },
    features: [],
    signOnMode: 'SAML_2_0',
    settings: { signOn: { ...signOnSettings(realmSid), attributeStatements: ATTRIBUTE_STATEMENTS } },
  };
}

function isForRealm({ signOnMode, settings }: Application, realmSid: string): boolean {
  return signOnMode === 'SAML_2_0' && settings?.signOn?.ssoAcsUrl?.endsWith(`/${realmSid}`) === true;
}

/**
 * The differences between this application and the one that Frontline needs. Ignores additions of others.
 * @param label null to keep its label
 */
export function differences(
  application: Application,
  realmSid: string,
  label: string | null,
): readonly Diff[] {
  const { visibility, settings } = application;
  const fields: Field[] = [
    ['label', application.label, label ?? application.label],
    ['autoSubmitToolbar', visibility?.autoSubmitToolbar, false],
    ...Object.entries(HIDDEN).map(
      ([where, wanted]): Field => [`hidden on ${where}`, visibility?.hide?.[where], wanted],
    ),
    ...Object.entries(signOnSettings(realmSid)).map(
      ([name, wanted]): Field => [name, settings?.signOn?.[name], wanted],
    ),
  ];
  return [
    ...fields
      .filter(([, found, wanted]) => !isSame(found, wanted))
      .map(([what, found, wanted]) => ({ what, from: formatValue(found), to: formatValue(wanted) })),
    ...attributeDifferences(settings?.signOn?.attributeStatements ?? []),
  ];
}

type Field = readonly [what: string, found: unknown, wanted: string | boolean | null];

/** The whole body with the differences corrected and the rest kept. */
export function corrected(application: Application, realmSid: string, label: string | null): object {
  // Read-only fields of Okta.
  const { id, created, lastUpdated, _links, _embedded, ...kept } = application;
  const { visibility, settings } = kept;
  const statements = settings?.signOn?.attributeStatements ?? [];
  return {
    ...kept,
    label: label ?? kept.label,
    visibility: { ...visibility, autoSubmitToolbar: false, hide: { ...visibility?.hide, ...HIDDEN } },
    settings: {
      ...settings,
      signOn: {
        ...settings?.signOn,
        ...signOnSettings(realmSid),
        attributeStatements: [
          ...ATTRIBUTE_STATEMENTS,
          ...statements.filter(({ name }) => counterpart(ATTRIBUTE_STATEMENTS, name) === undefined),
        ],
      },
    },
  };
}

/** Corrects an attribute that differs from ours in case only, because having both would break sign-in. */
function attributeDifferences(found: readonly AttributeStatement[]): readonly Diff[] {
  const toAddOrChange = ATTRIBUTE_STATEMENTS.flatMap((wanted): Diff[] => {
    const present = found.find(({ name }) => name === wanted.name);
    if (present !== undefined && formatStatement(present) === formatStatement(wanted)) return [];
    const from = present === undefined ? null : formatStatement(present);
    return [{ what: `attribute ${wanted.name}`, from, to: formatStatement(wanted) }];
  });
  const toRemove = found
    .filter(({ name }) => {
      const ours = counterpart(ATTRIBUTE_STATEMENTS, name);
      return ours !== undefined && ours.name !== name;
    })
    .map((present) => ({ what: `attribute ${present.name}`, from: formatStatement(present), to: null }));
  return [...toAddOrChange, ...toRemove];
}

function counterpart(statements: readonly AttributeStatement[], name: string) {
  return statements.find((statement) => statement.name.toLowerCase() === name.toLowerCase());
}

function formatStatement({ type, namespace, values }: AttributeStatement): string {
  const format = namespace?.split(':').at(-1) ?? 'unspecified';
  const kind = type === 'EXPRESSION' ? '' : `, ${type}`;
  return `${(values ?? []).join(', ')} (${format}${kind})`;
}

/** Okta returns null for a value that was set blank. */
function isSame(found: unknown, wanted: unknown): boolean {
  return (found ?? '') === (wanted ?? '');
}

function formatValue(value: unknown): string | null {
  return value === null || value === undefined || value === '' ? null : String(value);
}

/**
 * The application that signs people in to this realm, under any label; null if absent.
 * @throws {ConfigurationError} if there are several and it is unclear which one is used
 */
export async function findRealmApplication(
  organisation: Organisation,
  realmSid: string,
): Promise<Application | null> {
  const all = await organisation.applications();
  const forRealm = all.filter((application) => isForRealm(application, realmSid));
  const active = forRealm.filter(({ status }) => status === 'ACTIVE');
  const [one = null, ...others] = active.length > 0 ? active : forRealm;
  if (one === null || others.length === 0) return one;
  const names = [one, ...others].map(({ label, id }) => `"${label}" (${id})`).join(', ');
  throw new ConfigurationError([
    `Several Okta applications use the realm ${realmSid}: ${names}. Deactivate all but the one whose certificate is in Twilio's console at Okta admin > Applications, and run this again`,
  ]);
}
