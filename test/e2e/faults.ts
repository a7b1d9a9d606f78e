import { equal } from 'node:assert/strict';
import * as v from 'valibot';
import type {
  AccountConfiguration,
  AddressConfiguration,
} from '../../emulators/twilio/account-configuration';
import { sidFor } from '../../emulators/twilio/sids';
import { CREDENTIALS_SECRET_VARIABLE } from '../../lambdas/config';
import type { CallbackName } from '../../lambdas/twilio/callbacks';
import type { DeployedSecret } from './deployed-secret';
import type { MiniStack } from './ministack';
import type { SetUpWorld } from './set-up-world';
import { ANA, BEN, CONFIGURATION, CREDENTIALS } from './team';

/** The environment that a fault is put into: set up without faults. */
export interface Scene {
  readonly world: SetUpWorld;
  readonly cloud: MiniStack;
  readonly secret: DeployedSecret;
  /** The contents of `.env`, to be changed. */
  readonly settings: Record<string, string>;
}

/** The fix that each check must name, by its id. */
export const FIXES: Readonly<Record<string, RegExp>> = {
  configuration: /npm run setup asks for what is missing/,
  aws: /aws configure/,
  stack: /npm run setup deploys it/,
  'deployed-settings': /npm run setup deploys them/,
  secret: /npm run setup puts/,
  'twilio-token': /npm run setup fills the secret|Twilio console says why/,
  'airtable-token': /Personal access tokens > the token > Scopes > Add a scope > data\.records:write/,
  'sms-number': /Set TWILIO_SMS_NUMBER in \.env/,
  'conversation-service': /Conversations > Defaults: choose/,
  webhooks: /npm run setup; or by hand, Conversations > Services > Frontline Service > Webhooks/,
  'address-sms': /npm run setup configures it/,
  'address-whatsapp': /npm run setup/,
  'message-comes-in': /Messaging configuration > A message comes in: blank it/,
  'default-worker': /Set DEFAULT_WORKER in \.env/,
  'table-customers': /> Edit field > (name it whatsapp|Single line text)/,
  'table-templates': /npm run setup creates it; by hand/,
  'probe-crm': /npm run logs -- --errors --callback crm says more/,
  'probe-outgoing-conversation': /npm run logs -- --errors --callback outgoing-conversation says more/,
  'probe-templates': /See npm run logs -- --errors --callback templates/,
  'probe-routing': /npm run logs -- --errors --callback routing says more/,
  'probe-twilio-conversations': /npm run setup/,
  'probe-unsigned': /see PUBLIC_BASE_URL/,
  'airtable-webhook': /can be reached from outside/,
  'data-several-numbers': /Leave one number in the cell/,
  'data-numbers': /as \+14155550123/,
  'data-owners': /Correct owner/,
  'data-without-owner': /Enter a worker's identity in owner/,
  'data-duplicates': /Merge the records/,
  'data-merge-fields': /\{\{field\|there\}\}/,
  'data-approved-templates': /a category of their own/,
};

/** A fault that occurs in the field. */
export interface Fault {
  readonly what: string;
  /** The id of the check that must fail, and its expected message. */
  readonly line: string;
  readonly message: RegExp;
  /** Creates the fault. @returns a function that repairs it. */
  inject(scene: Scene): Promise<() => Promise<void> | void>;
}

const NONE = { preUrl: null, postUrl: null, filters: [], method: 'POST' } as const;
const OLD_STACK = 'https://old.execute-api.us-east-1.amazonaws.com/callbacks/twilio-conversations';

export const FAULTS: readonly Fault[] = [
  setting('a malformed number in .env', 'TWILIO_SMS_NUMBER', '555', 'configuration', /TWILIO_SMS_NUMBER/),
  setting('a missing token in .env', 'AIRTABLE_API_KEY', '', 'configuration', /AIRTABLE_API_KEY is missing/),
  processVariable('no AWS credentials', 'AWS_ACCESS_KEY_ID', '', 'aws', /credentials/),
  processVariable('another region than the stack’s', 'AWS_REGION', 'eu-west-1', 'stack', /no stack/i),
  setting(
    'a setting changed and not deployed',
    'DEFAULT_COUNTRY',
    'GB',
    'deployed-settings',
    /DEFAULT_COUNTRY/,
  ),
  secretHolding('a key missing in the secret', { ACCOUNT_SID: undefined }, 'secret', /ACCOUNT_SID/),
  secretHolding('an empty secret', null, 'secret', /secret/),
  secretHolding(
    'an old Airtable token in the secret',
    { AIRTABLE_API_KEY: 'patOld.0' },
    'secret',
    /AIRTABLE_API_KEY/,
  ),
  secretHolding(
    "another account's token in the secret",
    { AUTH_TOKEN: 'f'.repeat(32) },
    'twilio-token',
    /AUTH_TOKEN/,
  ),
  account('a suspended account', () => ({ status: 'suspended' }), 'twilio-token', /suspended/),
  {
    what: 'an Airtable token that may not write',
    line: 'airtable-token',
    message: /data\.records:write/,
    inject: async ({ world: { tokens } }) => {
      const [before, ...others] = tokens.splice(0);
      const scopes = ['data.records:read', 'schema.bases:read'];
      tokens.push({ token: CREDENTIALS.AIRTABLE_API_KEY, scopes });
      return () => void tokens.splice(0, tokens.length, ...(before ? [before] : []), ...others);
    },
  },
  account(
    'a number that was released',
    () => ({ phoneNumbers: [] }),
    'sms-number',
    /no number of this account/,
  ),
  account(
    'a number that cannot text',
    ({ phoneNumbers }) => ({ phoneNumbers: phoneNumbers.map((each) => ({ ...each, canSms: false })) }),
    'sms-number',
    /cannot send/,
  ),
  account(
    'no default messaging service',
    () => ({ defaultMessagingServiceSid: null }),
    'conversation-service',
    /messaging/i,
  ),
  account(
    'another default conversation service',
    ({ services }) => {
      const other = { ...services[0], sid: sidFor('IS', 'other'), friendlyName: 'Support chat' };
      return { services: [...services, { webhooks: NONE, ...other }], defaultChatServiceSid: other.sid };
    },
    'conversation-service',
    /Support chat|default/i,
  ),
  webhooks('webhooks of an old stack', { preUrl: OLD_STACK, postUrl: OLD_STACK }, /old|another/i),
  webhooks(
    'a webhook event that is not ticked',
    { filters: ['onMessageAdd', 'onMessageAdded', 'onParticipantAdded'] },
    /onConversationAdd/,
  ),
  webhooks('webhooks by GET', { method: 'GET' }, /GET|POST/),
  account(
    'no first messages by SMS',
    (current) => withoutAddress(current, CONFIGURATION.TWILIO_SMS_NUMBER),
    'address-sms',
    /is not configured/,
  ),
  account(
    'first messages by WhatsApp switched off',
    ({ addresses }) => ({
      addresses: addresses.map((each) =>
        each.address.startsWith('whatsapp:')
          ? { ...each, autoCreation: { ...each.autoCreation, enabled: false } }
          : each,
      ),
    }),
    'address-whatsapp',
    /switched off/,
  ),
  account(
    'a web address behind "a message comes in"',
    ({ phoneNumbers }) => ({
      phoneNumbers: phoneNumbers.map((each) => ({ ...each, smsUrl: 'https://bot.example.com/sms' })),
    }),
    'message-comes-in',
    /bot\.example\.com/,
  ),
  {
    what: 'a default worker who was deactivated',
    line: 'default-worker',
    message: /deactivated/,
    inject: async ({ world: { twilio } }) => {
      twilio.setUser(BEN, { state: 'deactivated' });
      return () => void twilio.setUser(BEN, { state: 'active' });
    },
  },
  base('a column renamed', 'table-customers', /whatsapp/, ({ edit }) => {
    edit.renameField('Customers', 'whatsapp', 'Whats App');
    return () => edit.renameField('Customers', 'Whats App', 'whatsapp');
  }),
  base('a column of the wrong type', 'table-customers', /sms/, ({ base: { tables } }) => {
    const table = tables.find(({ name }) => name === 'Customers');
    const fields = table?.fields ?? [];
    if (table)
      table.fields = fields.map((field) => (field.name === 'sms' ? { ...field, type: 'checkbox' } : field));
    return () => {
      if (table) table.fields = fields;
    };
  }),
  base('a table renamed', 'table-templates', /Templates/, ({ edit }) => {
    edit.renameTable('Templates', 'Texts');
    return () => edit.renameTable('Texts', 'Templates');
  }),
  ...(['crm', 'outgoing-conversation', 'templates', 'routing', 'twilio-conversations'] as const).map(
    brokenFunction,
  ),
  {
    what: 'a service that answers what is not signed',
    line: 'probe-unsigned',
    message: /200/,
    inject: async ({ world: { frontDoor } }) => {
      frontDoor.letIn('unsigned');
      return () => frontDoor.letIn('signed');
    },
  },
  {
    what: 'notifications that Airtable has given up',
    line: 'airtable-webhook',
    message: /no longer calls it/,
    inject: async ({ world: { airtable, tokens } }) => {
      airtable.webhooks.disableNotifications();
      return () => enableNotifications(airtable, tokens[0]?.token ?? '');
    },
  },
  row(
    'two numbers in one cell',
    { name: 'Di', sms: '+14155550186 / +14155550187', owner: ANA },
    'data-several-numbers',
    /Di/,
  ),
  row('a text instead of a number', { name: 'Ann', sms: 'call me', owner: ANA }, 'data-numbers', /Ann/),
  row(
    'an owner who does not use the app',
    { name: 'Bo', sms: '+14155550188', owner: 'bo@nowhere.example' },
    'data-owners',
    /bo@nowhere/,
  ),
  row('a customer without an owner', { name: 'Cy', sms: '+14155550189' }, 'data-without-owner', /Cy/),
  {
    what: 'a number that two customers have',
    line: 'data-duplicates',
    message: /Dee/,
    inject: async ({ world: { airtable } }) => {
      const rows = ['Dee', 'Dee again'].map((name) =>
        airtable.edit.addRecord('Customers', { name, sms: '+14155550190', owner: ANA }),
      );
      return () => {
        for (const { id } of rows) airtable.edit.deleteRecord('Customers', id);
      };
    },
  },
  template('a merge field that no column has', { text: 'Hi {{surname}}' }, 'data-merge-fields', /surname/),
  template(
    'an approved template among others',
    { whatsAppApproved: true },
    'data-approved-templates',
    /approved, in "Openers" with others/,
  ),
];

function setting(what: string, name: string, value: string, line: string, message: RegExp): Fault {
  return {
    what,
    line,
    message,
    inject: async ({ settings }) => {
      const before = settings[name] ?? '';
      settings[name] = value;
      return () => {
        settings[name] = before;
      };
    },
  };
}

function processVariable(what: string, name: string, value: string, line: string, message: RegExp): Fault {
  return {
    what,
    line,
    message,
    inject: async () => {
      const before = process.env[name];
      process.env[name] = value;
      return () => {
        process.env[name] = before;
      };
    },
  };
}

function secretHolding(
  what: string,
  changes: Readonly<Record<string, string | undefined>> | null,
  line: string,
  message: RegExp,
): Fault {
  return {
    what,
    line,
    message,
    inject: async ({ secret }) => {
      const before = await secret.read();
      await secret.write(changes === null ? '{}' : JSON.stringify({ ...JSON.parse(before), ...changes }));
      return () => secret.write(before);
    },
  };
}

function account(
  what: string,
  change: (current: AccountConfiguration) => Partial<AccountConfiguration>,
  line: string,
  message: RegExp,
): Fault {
  return {
    what,
    line,
    message,
    inject: async ({ world: { twilio } }) => {
      const before = twilio.configuration;
      twilio.configure(change(before));
      return () => twilio.configure(before);
    },
  };
}

function webhooks(what: string, change: Partial<AccountConfiguration['webhooks']>, message: RegExp): Fault {
  const changed = ({ services }: AccountConfiguration) => ({
    services: services.map((service) => ({ ...service, webhooks: { ...service.webhooks, ...change } })),
  });
  return account(what, changed, 'webhooks', message);
}

function withoutAddress({ addresses }: AccountConfiguration, address: string): Partial<AccountConfiguration> {
  return { addresses: addresses.filter((each: AddressConfiguration) => each.address !== address) };
}

function base(
  what: string,
  line: string,
  message: RegExp,
  change: (airtable: SetUpWorld['airtable']) => () => void,
): Fault {
  return { what, line, message, inject: async ({ world: { airtable } }) => change(airtable) };
}

function row(what: string, fields: Readonly<Record<string, string>>, line: string, message: RegExp): Fault {
  return base(what, line, message, ({ edit }) => {
    const { id } = edit.addRecord('Customers', fields);
    return () => edit.deleteRecord('Customers', id);
  });
}

/** Changes a template that is not approved and stands among others that are not. */
function template(
  what: string,
  fields: Readonly<Record<string, string | boolean>>,
  line: string,
  message: RegExp,
): Fault {
  return base(what, line, message, ({ base: { tables }, edit }) => {
    const table = tables.find(({ name }) => name === 'Templates');
    const groups = new Map<unknown, NonNullable<typeof table>['records']>();
    for (const record of table?.records ?? []) {
      if (record.fields['whatsAppApproved'] === true) continue;
      const category = record.fields['category'];
      groups.set(category, [...(groups.get(category) ?? []), record]);
    }
    const record = [...groups.values()].find(({ length }) => length > 1)?.[0];
    if (record === undefined) throw new Error('No category has two templates that are not approved');
    const before = { ...record.fields };
    edit.changeRecord('Templates', record.id, fields);
    return () => {
      record.fields = before;
    };
  });
}

const Functions = v.object({
  Functions: v.array(
    v.object({
      FunctionName: v.string(),
      Description: v.optional(v.string(), ''),
      Environment: v.object({ Variables: v.record(v.string(), v.string()) }),
    }),
  ),
});

/** One function was changed by hand: it has lost the name of its secret. */
function brokenFunction(callback: CallbackName): Fault {
  return {
    what: `a function changed by hand: ${callback}`,
    line: `probe-${callback}`,
    // A caller without a valid signature does not learn which setting is missing; the log has it.
    message: callback === 'twilio-conversations' ? /not as the service does/ : /cannot check signatures now/,
    inject: async ({ cloud }) => {
      const { Functions: all } = v.parse(
        Functions,
        JSON.parse(await cloud.request('lambda', '/2015-03-31/functions')),
      );
      const found = all.find(({ Description }) => Description.includes(` ${callback} `));
      if (found === undefined) throw new Error(`No function answers ${callback}`);
      const configure = async (Variables: Record<string, string>) => {
        const path = `/2015-03-31/functions/${found.FunctionName}/configuration`;
        const body = JSON.stringify({ Environment: { Variables } });
        equal(
          JSON.parse(await cloud.request('lambda', path, { method: 'PUT', body })).FunctionName,
          found.FunctionName,
        );
      };
      const { Variables } = found.Environment;
      const { [CREDENTIALS_SECRET_VARIABLE]: _, ...others } = Variables;
      await configure(others);
      return () => configure(Variables);
    },
  };
}

/** As sync does with its next pass. */
async function enableNotifications(
  { url, base, webhooks }: SetUpWorld['airtable'],
  token: string,
): Promise<void> {
  for (const { id } of webhooks.list()) {
    const { status } = await fetch(`${url}/v0/bases/${base.id}/webhooks/${id}/enableNotifications`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ enable: true }),
    });
    equal(status, 200);
  }
}
