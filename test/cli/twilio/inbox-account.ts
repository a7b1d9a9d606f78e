import type { DoctorContext } from '../../../cli/doctor/doctor-context';
import {
  MESSAGING_CHECK,
  TWILIO_CHECKS,
  TWILIO_KEY_CHECK,
  TWILIO_TOKEN_CHECK,
} from '../../../cli/doctor/twilio-checks';
import type { InboxWorker } from '../../../cli/twilio/default-workers';
import { messagingStep, twilioContext, twilioStep } from '../../../cli/twilio/twilio-parts';
import type { ConversationService } from '../../../emulators/twilio/account-configuration';
import type { TwilioEmulator, TwilioOptions } from '../../../emulators/twilio/twilio-emulator';
import { aTwilio } from '../../emulators/twilio/account';
import { examine } from '../doctor/examine';
import { ANA, CALLBACK_URL, type Env, OUR_EVENTS, service, settingsFor } from './frontline-account';

const INBOX = { INBOX: 'true', ROUTING: 'service', DEFAULT_WORKER: ANA };
/** The event filters of a service with an inbox. */
export const INBOX_FILTERS: readonly string[] = [
  ...OUR_EVENTS,
  ...['onConversationAdded', 'onConversationRemoved', 'onConversationStateUpdated', 'onMessageRemoved'],
  ...['onMessageUpdated', 'onParticipantRemoved', 'onParticipantUpdated'],
].sort();
const WORKERS: readonly InboxWorker[] = [{ identity: ANA, isActive: true }];

/** The SID of the service named so; the emulator keeps conversations in `first`. */
export const SIDS = { first: `IS${'c'.repeat(32)}`, second: `IS${'d'.repeat(32)}` } as const;

/** An account without Frontline: no services, no messaging service, no defaults. */
export function anAccountWithoutFrontline(options: Partial<TwilioOptions> = {}): Promise<TwilioEmulator> {
  const { configuration, ...others } = options;
  return aTwilio({
    conversationServiceSid: SIDS.first,
    ...others,
    configuration: {
      services: [],
      messagingServices: [],
      defaultChatServiceSid: null,
      defaultMessagingServiceSid: null,
      ...configuration,
    },
  });
}

export const firstService = (friendlyName: string, webhooks?: Partial<ConversationService['webhooks']>) =>
  withWebhooks(service(friendlyName, SIDS.first), webhooks);
export const secondService = (friendlyName: string, webhooks?: Partial<ConversationService['webhooks']>) =>
  withWebhooks(service(friendlyName, SIDS.second), webhooks);

function withWebhooks(
  one: ConversationService,
  webhooks: Partial<ConversationService['webhooks']> = {},
): ConversationService {
  return { ...one, webhooks: { ...one.webhooks, ...webhooks } };
}

/** A setup of the inbox at Twilio. */
export function inboxSteps(twilio: TwilioEmulator, env: Env = {}, replaceExisting = false) {
  const saved: Record<string, string> = {};
  const settings = () => settingsFor(twilio, { ...INBOX, ...env, ...saved });
  const saveSettings = async (values: Env) => {
    Object.assign(saved, values);
  };
  return {
    saved,
    messaging: () => messagingStep({ settings: settings(), replaceExisting, saveSettings }),
    twilio: () =>
      twilioStep({
        settings: settings(),
        callbackUrl: CALLBACK_URL,
        isInboxStackAbsent: async () => true,
        replaceExisting,
      }),
  };
}

/** The doctor's results. @param workers those of the inbox */
export function diagnoseInbox(
  twilio: TwilioEmulator,
  env: Env = {},
  workers = WORKERS,
  callbackUrl = async () => CALLBACK_URL,
) {
  const settings = settingsFor(twilio, { ...INBOX, ...env });
  const context = twilioContext({
    settings,
    callbackUrl,
    isInboxStackAbsent: async () => true,
    replaceExisting: false,
    inboxWorkers: async () => workers,
  });
  const replaced: Partial<DoctorContext> = { settings: () => settings, twilio: () => context };
  const key = settings.twilioApiKey === null ? [] : [TWILIO_KEY_CHECK];
  return examine([TWILIO_TOKEN_CHECK, ...key, ...TWILIO_CHECKS, MESSAGING_CHECK], replaced);
}
