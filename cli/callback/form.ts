import { DEMO_CREDENTIALS } from '../../emulators/seed/demo-credentials';
import type { Environment } from '../../lambdas/config';
import { UsageError } from '../terminal/usage-error';
import type { CommandLine, OptionValues } from './callback-options';
import type { Callback } from './callbacks';
import { OPTION_NAMES } from './options';
import { teamValues } from './team-values';

/** The parameters of a form, in order; a name may repeat. */
export type Form = readonly (readonly [string, string])[];

/**
 * The form that Twilio would send: the typed options, with Twilio's usual values for the rest. Without options,
 * callbacks to this machine use the demo team.
 * @throws {UsageError} naming the options that a callback to another machine requires
 */
export function buildForm(
  line: CommandLine,
  {
    isHere,
    environment,
    now,
  }: { readonly isHere: boolean; readonly environment: Environment; readonly now: Date },
): Form {
  const { word, callback, extra } = line;
  const typed = { ...usualValues(line.values, environment), ...line.values };
  const team = teamValues(word, typed);
  if (!isHere) refuseMissing(line, typed, team, environment);
  const values = { ...team, ...typed };
  const form = new Map([
    ...head(word, callback, environment),
    ...parameters(callback, values),
    ...tail(word, callback, values, now),
  ]);
  for (const [name] of extra) form.delete(name);
  const complete = [...form, ...extra];
  if (word === 'DeleteCustomer' && !complete.some(([name]) => name === 'CustomerId')) {
    throw new UsageError('DeleteCustomer needs --customer-id');
  }
  return complete;
}

/** Default values that suit any service. */
function usualValues(values: OptionValues, environment: Environment): OptionValues {
  const isWhatsApp = values.from?.startsWith('whatsapp:') ?? false;
  const [ours, prefix] = isWhatsApp
    ? [environment['TWILIO_WHATSAPP_NUMBER']?.replace(/^whatsapp:/, ''), 'whatsapp:']
    : [environment['TWILIO_SMS_NUMBER'], ''];
  const channel = values['channel-value']?.startsWith('whatsapp:') ? 'whatsapp' : 'sms';
  return {
    'page-size': '30',
    'channel-type': channel,
    'message-sid': `IM${'0'.repeat(32)}`,
    'chat-service-sid': DEMO_CREDENTIALS.conversationServiceSid,
    attributes: '{}',
    state: 'active',
    ...(ours && { to: prefix + ours }),
  };
}

function refuseMissing(
  { word, callback, extra }: CommandLine,
  typed: OptionValues,
  team: OptionValues,
  environment: Environment,
): void {
  const isGiven = (parameter: string) => extra.some(([name]) => name === parameter);
  if (callback.kind === 'event' && !environment['ACCOUNT_SID'] && !isGiven('AccountSid')) {
    throw new UsageError(
      `${word} carries the account: put ACCOUNT_SID into .env, or say --param AccountSid=AC…`,
    );
  }
  const missing = OPTION_NAMES.filter((option) => {
    const parameter = callback.parameters[option];
    const isOpen = parameter !== undefined && team[option] !== undefined;
    return isOpen && typed[option] === undefined && !isGiven(parameter);
  });
  if (missing.length === 0) return;
  throw new UsageError(
    `${word} to another machine needs ${missing.map((option) => `--${option}`).join(', ')}: ` +
      'only this machine has the demo team',
  );
}

function head(word: string, { kind }: Callback, environment: Environment): Form {
  if (kind === 'location') return [['Location', word]];
  if (kind === 'routing') return [];
  return [
    ['EventType', word],
    ['AccountSid', environment['ACCOUNT_SID'] || DEMO_CREDENTIALS.accountSid],
  ];
}

function parameters({ parameters: known }: Callback, values: OptionValues): Form {
  return OPTION_NAMES.flatMap((option): Form => {
    const [name, value] = [known[option], values[option]];
    return name === undefined || value === undefined ? [] : [[name, value]];
  });
}

/**
 * Parameters without relevance that come with every event of a kind: sources, dates, roles (twilio.md#custom-routing,
 * twilio.md#webhook-parameters to 6.4).
 */
function tail(word: string, { kind }: Callback, values: OptionValues, now: Date): Form {
  const dates: Form = [
    ['DateCreated', now.toISOString()],
    ['DateUpdated', now.toISOString()],
  ];
  if (kind === 'location') return [];
  if (kind === 'routing') return dates;
  const isAfterwards = /(Added|Updated|Removed)$/.test(word);
  const address = values.from ?? '';
  return [
    ['Source', values.source ?? sourceOf(values)],
    ...(isAfterwards ? ([...dates, ['RetryCount', '0']] as const) : []),
    ...(word === 'onMessageAdded' ? ([['Index', '0']] as const) : []),
    ...(word.startsWith('onParticipant')
      ? ([
          ['RoleSid', `RL${'0'.repeat(32)}`],
          ['MessagingBinding.Type', address === '' ? 'chat' : channelOf(address)],
        ] as const)
      : []),
  ];
}

function sourceOf({ from, author, 'client-identity': clientIdentity }: OptionValues): string {
  if (clientIdentity !== undefined) return 'SDK';
  const address = from ?? author ?? '';
  return /^(whatsapp:)?\+/.test(address) ? channelOf(address).toUpperCase() : 'API';
}

function channelOf(address: string): 'whatsapp' | 'sms' {
  return address.startsWith('whatsapp:') ? 'whatsapp' : 'sms';
}
