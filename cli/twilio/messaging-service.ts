import type { Change, PlanPart } from '../plan/plan';
import { joined } from '../plan/plan';
import { whatsappAddress } from './address-configuration';
import { OUR_NAME } from './conversation-service';
import type { MessagingApi, MessagingService } from './messaging-api';
import { PlannedService } from './planned-service';
import type { TwilioContext } from './twilio-parts';
import { REPLACE_EXISTING, withoutSecrets } from './webhooks';

/** A messaging service with the numbers of its sender pool. */
interface MessagingPool extends MessagingService {
  readonly numbers: readonly string[];
}

/** A service of the account, or one that setup creates: then without a pool yet. */
interface ChosenService {
  readonly service: PlannedService;
  readonly pool: MessagingPool | null;
}

const VARIABLE = 'TWILIO_MESSAGING_SERVICE_SID';
const LEAVE_BLANK = 'leave it blank, so that setup chooses one, and run npx frontline setup';

/** All messaging services of the account. Throws as `TwilioAccount`. */
export async function readPools(messaging: MessagingApi): Promise<readonly MessagingPool[]> {
  const pools: MessagingPool[] = [];
  for (const service of await messaging.listServices()) {
    pools.push({ ...service, numbers: await messaging.listNumbers(service.sid) });
  }
  return pools;
}

/**
 * Plans the messaging service of the inbox's new chats (twilio.md#messaging-services): the one of `.env`, else the one
 * that has our number, else the account's default, else a new one; our senders in its pool; and its SID in `.env`.
 */
export async function planMessaging(context: TwilioContext): Promise<PlanPart> {
  const chosen = await choose(context);
  if (!('service' in chosen)) return chosen;
  return joined([
    planCreation(context, chosen),
    await planNumber(context, chosen),
    await planSender(context, chosen),
    planInbound(context, chosen),
    await planDefault(context, chosen),
    planVariable(context, chosen),
  ]);
}

async function choose(context: TwilioContext): Promise<ChosenService | PlanPart> {
  const { messagingServiceSid: configured, configuration } = context.settings;
  const { smsNumber } = configuration;
  const pools = await context.pools();
  const holder = pools.find(({ numbers }) => numbers.includes(smsNumber));
  if (configured !== null) {
    const pool = pools.find(({ sid }) => sid === configured);
    if (pool === undefined) {
      const what = `${configured} (${VARIABLE}) is not a messaging service of this account`;
      const fix = `Set ${VARIABLE} in .env to the SID of one of Messaging > Services, or ${LEAVE_BLANK}`;
      return { manualSteps: [{ what, fix }] };
    }
    if (holder !== undefined && holder !== pool) {
      const what = `${smsNumber} is in the sender pool of "${holder.friendlyName}", not of "${pool.friendlyName}" (${VARIABLE})`;
      const fix = `Set ${VARIABLE}=${holder.sid} in .env, or ${LEAVE_BLANK}`;
      return { manualSteps: [{ what, fix }] };
    }
    return choosePool(pool);
  }
  const { defaultMessagingServiceSid } = await context.services();
  const pool =
    holder ??
    pools.find(({ sid }) => sid === defaultMessagingServiceSid) ??
    // Created by a setup that was interrupted.
    pools.find(({ friendlyName }) => friendlyName === OUR_NAME);
  return pool === undefined ? { service: new PlannedService(OUR_NAME, null), pool: null } : choosePool(pool);
}

function choosePool(pool: MessagingPool): ChosenService {
  return { service: new PlannedService(pool.friendlyName, pool.sid), pool };
}

function planCreation({ account }: TwilioContext, { service, pool }: ChosenService): PlanPart {
  if (pool !== null) return {};
  const { friendlyName } = service;
  return planChange({
    summary: `Create the messaging service "${friendlyName}"`,
    diff: [{ what: 'messaging service', from: null, to: friendlyName }],
    problem: 'no messaging service of the account has our number, and none is the default',
    apply: async () => service.setSid(await account.messaging.createService(friendlyName)),
  });
}

async function planNumber(context: TwilioContext, { service, pool }: ChosenService): Promise<PlanPart> {
  const number = await context.number();
  // The check of the number reports it.
  if (number === null) return {};
  const { friendlyName } = service;
  if (pool?.numbers.includes(number.number)) {
    return {
      upToDate: [`${number.number} is in the sender pool of the messaging service "${friendlyName}"`],
    };
  }
  return planChange({
    ...addition(number.number, friendlyName),
    apply: () => context.account.messaging.addNumber(service.requireSid(), number.sid),
  });
}

async function planSender(context: TwilioContext, { service }: ChosenService): Promise<PlanPart> {
  const address = whatsappAddress(context.settings.configuration);
  if (address === null) return {};
  const { messaging } = context.account;
  const { sid, friendlyName } = service;
  if (sid !== null && (await messaging.listSenders(sid)).includes(address)) {
    return { upToDate: [`${address} is in the sender pool of "${friendlyName}"`] };
  }
  for (const other of await context.pools()) {
    if (other.sid === sid || !(await messaging.listSenders(other.sid)).includes(address)) continue;
    const kept = `${address} stays in the sender pool of "${other.friendlyName}", because a sender is in one only`;
    return { upToDate: [kept] };
  }
  const sender = (await messaging.listWhatsAppSenders())?.find((one) => one.address === address);
  const fix = `Messaging > Services > ${friendlyName} > Sender Pool > Add Senders: sender type WhatsApp, ${address}`;
  const added = addition(address, friendlyName);
  if (sender === undefined) {
    return { manualSteps: [{ what: `${added.problem}, and Twilio's API does not list it`, fix }] };
  }
  return planChange({
    ...added,
    fixIfItFails: fix,
    apply: () => messaging.addSender(service.requireSid(), sender),
  });
}

function addition(sender: string, pool: string) {
  return {
    summary: `Add ${sender} to the sender pool of "${pool}"`,
    diff: [{ what: `sender pool of "${pool}"`, from: null, to: sender }],
    problem: `${sender} is not in the sender pool of "${pool}"`,
  };
}

/** Plans that the service leaves inbound messages to Conversations, as the number does. */
function planInbound({ account, replaceExisting }: TwilioContext, { pool }: ChosenService): PlanPart {
  if (pool === null || pool.defersToSender) return {};
  const { sid, friendlyName, inboundUrl } = pool;
  const page = `Messaging > Services > ${friendlyName} > Integration > Incoming Messages`;
  if (inboundUrl === null) {
    return { upToDate: [`${page} must not be "Drop the message", which no API shows`] };
  }
  const handler = withoutSecrets(inboundUrl);
  const problem = `Inbound messages are also handled by ${handler} (messaging service "${friendlyName}")`;
  if (!replaceExisting) {
    const fix = `${page}: select "Defer to sender's webhook" if nothing needs it; or let setup do so: ${REPLACE_EXISTING}`;
    return { manualSteps: [{ what: problem, fix }] };
  }
  return planChange({
    summary: `Leave inbound messages of "${friendlyName}" to its senders`,
    diff: [{ what: 'Incoming Messages', from: inboundUrl, to: "Defer to sender's webhook" }],
    problem,
    apply: () => account.messaging.deferToSender(sid),
  });
}

async function planDefault(context: TwilioContext, { service }: ChosenService): Promise<PlanPart> {
  const { defaultMessagingServiceSid } = await context.services();
  if (defaultMessagingServiceSid !== null) return {};
  const { friendlyName } = service;
  return planChange({
    summary: `Make "${friendlyName}" the default messaging service of Conversations`,
    diff: [{ what: 'default messaging service', from: null, to: service.label }],
    problem: 'the account has no default messaging service',
    apply: () => context.account.setDefaultMessagingService(service.requireSid()),
  });
}

function planVariable({ settings, saveSettings }: TwilioContext, { service }: ChosenService): PlanPart {
  if (settings.messagingServiceSid !== null) return {};
  return planChange({
    summary: `Set ${VARIABLE} in .env`,
    diff: [{ what: VARIABLE, from: null, to: service.label }],
    problem: `${VARIABLE} is not set: new chats take the account's default messaging service`,
    apply: async () => saveSettings?.({ [VARIABLE]: service.requireSid() }),
  });
}

function planChange(change: Change): PlanPart {
  return { changes: [change] };
}
