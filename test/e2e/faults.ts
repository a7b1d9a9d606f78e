import { equal } from 'node:assert/strict';
import * as v from 'valibot';
import { CREDENTIALS_SECRET_VARIABLE } from '../../lambdas/config';
import type { CallbackName } from '../../lambdas/twilio/callbacks';
import type { DeployedSecret } from './deployed-secret';
import type { MiniStack } from './ministack';
import type { SetUpWorld } from './set-up-world';

/** The environment that a fault is put into: set up without faults. */
export interface Scene {
  readonly world: SetUpWorld;
  readonly cloud: MiniStack;
  readonly secret: DeployedSecret;
  /** The contents of `.env`, to be changed. */
  readonly settings: Record<string, string>;
}

/** A fault that occurs in the field. */
export interface Fault {
  readonly what: string;
  /** The id of the check that must fail, and its expected message. */
  readonly line: string;
  readonly message: RegExp;
  /** Creates the fault. @returns a function that repairs it. */
  inject(scene: Scene): Promise<() => Promise<void> | void>;
}

const OLD_STACK = 'https://old.execute-api.us-east-1.amazonaws.com/callbacks/twilio-conversations';

/** One fault of each system; the tests of the checks cover the others without a cloud. */
export const FAULTS: readonly Fault[] = [
  setting('a missing token in .env', 'AIRTABLE_API_KEY', '', 'configuration', /AIRTABLE_API_KEY is missing/),
  processVariable('no AWS credentials', 'AWS_ACCESS_KEY_ID', '', 'aws', /credentials/),
  processVariable('another region than the stack’s', 'AWS_REGION', 'eu-west-1', 'stack', /no stack/i),
  setting('a setting that is not deployed', 'DEFAULT_COUNTRY', 'GB', 'deployed-settings', /DEFAULT_COUNTRY/),
  secretHolding('a key missing in the secret', { ACCOUNT_SID: undefined }, /ACCOUNT_SID/),
  secretHolding("another account's token in the secret", { AUTH_TOKEN: 'f'.repeat(32) }, /AUTH_TOKEN/),
  {
    what: 'webhooks of an old stack',
    line: 'webhooks',
    message: /old\.execute-api/,
    inject: async ({ world: { twilio } }) => {
      const before = twilio.configuration;
      const urls = { preUrl: OLD_STACK, postUrl: OLD_STACK };
      twilio.configure({
        services: before.services.map((service) => ({
          ...service,
          webhooks: { ...service.webhooks, ...urls },
        })),
      });
      return () => twilio.configure(before);
    },
  },
  {
    what: 'a renamed column',
    line: 'table-customers',
    message: /whatsapp/,
    inject: async ({ world: { airtable } }) => {
      airtable.edit.renameField('Customers', 'whatsapp', 'Whats App');
      return () => airtable.edit.renameField('Customers', 'Whats App', 'whatsapp');
    },
  },
  brokenFunction('crm'),
  brokenFunction('twilio-conversations'),
  {
    what: 'a service that accepts unsigned requests',
    line: 'probe-unsigned',
    message: /200/,
    inject: async ({ world: { frontDoor } }) => {
      frontDoor.letIn('unsigned');
      return () => frontDoor.letIn('signed');
    },
  },
  {
    what: 'notifications that Airtable has stopped',
    line: 'airtable-webhook',
    message: /stopped calling it/,
    inject: async ({ world: { airtable, tokens } }) => {
      airtable.webhooks.disableNotifications();
      return () => enableNotifications(airtable, tokens[0]?.token ?? '');
    },
  },
  {
    what: 'an owner who does not use the app',
    line: 'data-owners',
    message: /bo@nowhere/,
    inject: async ({ world: { airtable } }) => {
      const row = { name: 'Bo', sms: '+14155550188', owner: 'bo@nowhere.example' };
      const { id } = airtable.edit.addRecord('Customers', row);
      return () => airtable.edit.deleteRecord('Customers', id);
    },
  },
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
  changes: Readonly<Record<string, string | undefined>>,
  message: RegExp,
): Fault {
  return {
    what,
    line: 'secret',
    message,
    inject: async ({ secret }) => {
      const before = await secret.read();
      await secret.write(JSON.stringify({ ...JSON.parse(before), ...changes }));
      return () => secret.write(before);
    },
  };
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
    message:
      callback === 'twilio-conversations' ? /not the service's response/ : /cannot check signatures now/,
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
