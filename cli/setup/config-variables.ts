import type { Environment } from '../../lambdas/config';
import type { Limit } from '../plan/plan';
import type { Choice } from '../terminal/prompts';

/** A setting that setup prompts for. */
export interface Variable {
  readonly name: string;
  /** Its meaning, and where to find it; shown below the prompt. */
  readonly where: string;
  /** Whether the input is hidden. */
  readonly isSecret: boolean;
  readonly isOptional: boolean;
}

const needed = (name: string, where: string): Variable => ({
  name,
  where,
  isSecret: false,
  isOptional: false,
});
const secret = (name: string, where: string): Variable => ({ ...needed(name, where), isSecret: true });
const optional = (name: string, where: string): Variable => ({ ...needed(name, where), isOptional: true });

export const VARIABLE = {
  accountSid: needed(
    'ACCOUNT_SID',
    'The account that has your numbers, and Frontline if you use it. console.twilio.com, first page, "Account SID": AC\n' +
      'and 32 characters',
  ),
  authToken: secret('AUTH_TOKEN', 'Next to the Account SID: "Auth Token", Show'),
  smsNumber: needed(
    'TWILIO_SMS_NUMBER',
    'The number that SMS are sent from, such as +14135551234. Console > Phone Numbers > Manage > Active numbers',
  ),
  whatsappNumber: optional(
    'TWILIO_WHATSAPP_NUMBER',
    'Your WhatsApp sender, if you have one, such as +14135551234. Console > Messaging > Senders > WhatsApp senders',
  ),
  airtableApiKey: secret(
    'AIRTABLE_API_KEY',
    'A personal access token for the base. airtable.com > Builder hub > Personal access tokens > Create new token.\n' +
      'Scopes: data.records:read and data.records:write for customers, templates and opt-outs; webhook:manage and\n' +
      'schema.bases:read to receive changes within seconds; schema.bases:write to create missing tables and columns\n' +
      '(the service itself does not need the last one: you can keep it in AIRTABLE_SETUP_API_KEY)',
  ),
  airtableBaseId: needed(
    'AIRTABLE_BASE_ID',
    "The base with your customers; it may be new and empty. Its ID is the part of its page's URL that begins with app",
  ),
  defaultWorker: optional(
    'DEFAULT_WORKER',
    'The worker for customers without an owner: the identity of an app user, or of a worker of the inbox, usually an\n' +
      'e-mail address. Several, separated by commas, take turns. Without one, the owners in the base take turns',
  ),
  alarmEmail: optional(
    'ALARM_EMAIL',
    'E-mail address for alarm notifications. AWS sends a confirmation request',
  ),
  ssoRealmSid: optional(
    'SSO_REALM_SID',
    'Only for npx frontline okta. Console > Frontline > Manage > SSO/Log in, "Realm SID": JB and 32 characters',
  ),
} as const;

/** Settings that can only be verified together, and how they are verified against the real service. */
export interface Stage {
  readonly variables: readonly Variable[];
  /** The choices for one of the settings; empty if they cannot be listed, and the person types. */
  choices(environment: Environment, variable: Variable): Promise<readonly Choice[]>;
  /**
   * Verifies the values, whose form is valid.
   * @throws {KnownError} if the service that verifies them does not respond.
   */
  verify(environment: Environment): Promise<Verification>;
}

/** The result of a verification; omitted lists are empty. */
export interface Verification {
  /** The message that confirms the values; null if there is nothing to confirm. */
  readonly confirmed: string | null;
  /** Values that the service rejects. */
  readonly problems?: readonly ValueProblem[];
  /** Features that the service lacks because of the values, or doubts about an optional one. */
  readonly warnings?: readonly Limit[];
}

export interface ValueProblem extends Limit {
  /** The variable to enter again; null if other values would not help. */
  readonly variable: string | null;
}
