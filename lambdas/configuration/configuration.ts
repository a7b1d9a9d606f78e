import { type CountryCode, isSupportedCountry } from 'libphonenumber-js/min';
import * as v from 'valibot';
import { Misconfigured } from '../errors/errors';
import { type E164Number, parseAddress } from '../phone-number/address';

/** What the service is told that is no secret: at synth from `.env`, in a function from its environment. */
export interface Configuration {
  readonly airtableBaseId: string;
  readonly templatesView: string;
  readonly smsNumber: E164Number;
  readonly whatsappNumber: E164Number | null;
  readonly defaultCountry: CountryCode;
  /** Who takes a conversation whose customer nobody owns; may be empty. */
  readonly defaultWorkers: readonly string[];
  /** Scheme, host and mapping path of a custom domain, without a slash at the end. */
  readonly publicBaseUrl: string | null;
  readonly airtableUrl: string;
  readonly conversationsUrl: string;
  readonly frontlineUrl: string;
}

/** Where Airtable is, unless AIRTABLE_ENDPOINT_URL says otherwise. */
export const AIRTABLE_URL = 'https://api.airtable.com';

export type Environment = Readonly<Record<string, string | undefined>>;

const setting = (what: string) =>
  v.pipe(v.optional(v.string(), ''), v.trim(), v.nonEmpty(`is missing: ${what}`));
const optionalSetting = v.pipe(v.optional(v.string(), ''), v.trim());

const url = v.pipe(
  optionalSetting,
  v.check(
    (text) => text === '' || isWebAddress(text),
    'is malformed: it must be an http(s) URL without ? or #',
  ),
  v.transform((text) => (text === '' ? null : text.replace(/\/+$/, ''))),
);

/** A number of ours, with or without `whatsapp:` in front; spaces, dots, dashes and brackets are forgiven. */
const ourNumber = v.rawTransform<string, E164Number>(({ dataset, addIssue, NEVER }) => {
  const address = parseAddress(dataset.value.replace(/[\s().-]/g, ''));
  if (address?.key.startsWith('phone:')) return address.text.replace(/^whatsapp:/, '');
  addIssue({ message: 'is malformed: it must be a phone number in E.164, such as +14135551234' });
  return NEVER;
});

const Settings = v.object({
  AIRTABLE_BASE_ID: v.pipe(
    setting("the base's id, app… in the address of its page"),
    v.regex(/^app[A-Za-z0-9]+$/, 'is malformed: a base id is "app" and letters and digits'),
  ),
  AIRTABLE_TEMPLATES_VIEW: v.pipe(
    optionalSetting,
    v.transform((name) => name || 'Grid view'),
  ),
  TWILIO_SMS_NUMBER: v.pipe(setting('the number that texts go out from, such as +14135551234'), ourNumber),
  TWILIO_WHATSAPP_NUMBER: v.pipe(
    optionalSetting,
    v.transform((text) => text || null),
    v.nullable(v.pipe(v.string(), ourNumber)),
  ),
  DEFAULT_COUNTRY: v.pipe(
    optionalSetting,
    v.transform((code) => code.toUpperCase() || 'US'),
    v.guard(isSupportedCountry, 'is malformed: it must be a two-letter country code such as US'),
  ),
  DEFAULT_WORKER: v.pipe(
    optionalSetting,
    v.transform((list) => list.split(',').flatMap((identity) => identity.trim() || [])),
  ),
  SSO_REALM_SID: v.pipe(
    optionalSetting,
    v.regex(/^(JB\S{32})?$/, 'is malformed: it is "JB" and 32 characters'),
  ),
  PUBLIC_BASE_URL: url,
  AIRTABLE_ENDPOINT_URL: url,
  TWILIO_API_URL: url,
});

/** The variables a deployed function gets as they are; everything else in `.env` stays on the machine. */
export const FUNCTION_VARIABLES = [
  'AIRTABLE_BASE_ID',
  'AIRTABLE_TEMPLATES_VIEW',
  'TWILIO_SMS_NUMBER',
  'TWILIO_WHATSAPP_NUMBER',
  'DEFAULT_COUNTRY',
  'DEFAULT_WORKER',
  'PUBLIC_BASE_URL',
  'AIRTABLE_ENDPOINT_URL',
  'TWILIO_API_URL',
] as const;

/** The variable by which a function learns where its credentials are; the stack sets it. */
export const CREDENTIALS_SECRET_VARIABLE = 'CREDENTIALS_SECRET_ARN';

/**
 * Reads and checks the configuration. A variable that is set but blank counts as absent.
 * @throws {Misconfigured} naming every variable that is missing or malformed.
 */
export function readConfiguration(environment: Environment): Configuration {
  const parsed = v.safeParse(Settings, environment, { abortPipeEarly: true });
  if (!parsed.success) {
    throw new Misconfigured(parsed.issues.map((issue) => `${v.getDotPath(issue)} ${issue.message}`));
  }
  const settings = parsed.output;
  return {
    airtableBaseId: settings.AIRTABLE_BASE_ID,
    templatesView: settings.AIRTABLE_TEMPLATES_VIEW,
    smsNumber: settings.TWILIO_SMS_NUMBER,
    whatsappNumber: settings.TWILIO_WHATSAPP_NUMBER,
    defaultCountry: settings.DEFAULT_COUNTRY,
    defaultWorkers: settings.DEFAULT_WORKER,
    publicBaseUrl: settings.PUBLIC_BASE_URL,
    airtableUrl: settings.AIRTABLE_ENDPOINT_URL ?? AIRTABLE_URL,
    conversationsUrl: settings.TWILIO_API_URL ?? 'https://conversations.twilio.com',
    frontlineUrl: settings.TWILIO_API_URL ?? 'https://frontline-api.twilio.com',
  };
}

function isWebAddress(text: string): boolean {
  const parsed = URL.canParse(text) ? new URL(text) : null;
  return parsed !== null && /^https?:$/.test(parsed.protocol) && !/[?#]/.test(text);
}
