import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type AirtableEmulator, startAirtable } from '../../../emulators/airtable/airtable-emulator';
import type { TokenGrant } from '../../../emulators/airtable/airtable-request';
import { aBase, customersTable, templatesTable } from '../../../emulators/airtable/base-data';
import { startTwilio, type TwilioEmulator } from '../../../emulators/twilio/twilio-emulator';
import { customersIn } from '../import/importing';
import { runCommandIn } from '../terminal/operator';

const SMS_NUMBER = '+14135550100';
const SECRETS = { AUTH_TOKEN: '5ec7e75ec7e75ec7e75ec7e75ec7e7aa', AIRTABLE_API_KEY: 'patSetUp.5ec7e75ec7e7' };
const ACCOUNT_SID = `AC${'5'.repeat(32)}`;

const SETUP_TOKEN = 'patSetUpOnly.5ec7e75ec7e7';

let airtable: AirtableEmulator;
let tokens: TokenGrant[];
let twilio: TwilioEmulator;
let folder: string;
let settings: string;

beforeEach(async () => {
  tokens = [{ token: SECRETS.AIRTABLE_API_KEY }];
  airtable = await startAirtable({
    base: aBase([]),
    tokens,
    limits: { penaltySeconds: 0 },
  });
  twilio = await startTwilio({
    accountSid: ACCOUNT_SID,
    authToken: SECRETS.AUTH_TOKEN,
    ourNumbers: [SMS_NUMBER],
    autocreation: 'as-configured',
  });
  folder = mkdtempSync(join(tmpdir(), 'frontline-setup-'));
  copyFileSync('.env.example', join(folder, '.env.example'));
  settings = Object.entries({
    ACCOUNT_SID,
    ...SECRETS,
    AIRTABLE_BASE_ID: airtable.base.id,
    TWILIO_SMS_NUMBER: SMS_NUMBER,
    AIRTABLE_ENDPOINT_URL: airtable.url,
    TWILIO_API_URL: twilio.url,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
  writeFileSync(join(folder, '.env'), settings, { mode: 0o644 });
});
afterEach(async () => {
  await Promise.all([airtable.close(), twilio.close()]);
  rmSync(folder, { recursive: true });
});

const setUp = (...words: readonly string[]) => runCommandIn(folder, ['setup', ...words]);
const tablesOf = () => airtable.base.tables.map(({ name }) => name);

/** The folder's contents: names, texts, modes. */
function filesIn(): unknown {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => [name, readFileSync(join(folder, name), 'utf8'), statSync(join(folder, name)).mode]);
}

describe('setup without an AWS account', () => {
  test('goes as far as it can, and ends with a numbered list of what is left', async () => {
    const { status, stdout, stderr } = await setUp('--yes');

    expect([status, stderr]).toEqual([1, '']);
    expect(tablesOf()).toEqual(['Customers', 'Templates']);
    expect(stdout).toContain('  ✓ Create the table Customers\n');
    expect(stdout).toContain(
      '\nAWS\n  ✗ No AWS credentials found\n      set AWS_PROFILE, or run aws configure\n',
    );
    expect(stdout).toContain('run npx frontline setup again after the deployment');
    expect(stdout).toMatch(/\nDoctor\n {2}✓ Configuration/);
    expect(stdout).toMatch(
      /\nLeft for you to do\n {2}1\. No AWS credentials found\n[\s\S]* {2}2\. The stack is not deployed\n/,
    );
    expect(statSync(join(folder, '.env')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, '.env'), 'utf8')).toBe(settings);
    expect(Object.values(SECRETS).filter((secret) => stdout.includes(secret))).toEqual([]);
  });

  test('creates the tables with a token of its own, if the service’s token may only access records', async () => {
    tokens.push({ token: SETUP_TOKEN, scopes: ['schema.bases:read', 'schema.bases:write'] });
    tokens[0] = { token: SECRETS.AIRTABLE_API_KEY, scopes: ['data.records:read', 'data.records:write'] };
    writeFileSync(join(folder, '.env'), `${settings}AIRTABLE_SETUP_API_KEY=${SETUP_TOKEN}\n`);

    const { stdout } = await setUp('--yes');

    expect(tablesOf()).toEqual(['Customers', 'Templates']);
    const lacks = 'The token in AIRTABLE_API_KEY lacks the scopes webhook:manage and schema.bases:read';
    expect(stdout).toContain(`  ! ${lacks}`);
    expect(stdout.split('\nDoctor\n')[1]).toContain(`: ${lacks}`);
    expect(stdout).toContain('✓ Table Customers: ');
  });

  test('does not deploy over a base whose opt_out was renamed and cannot be recreated', async () => {
    airtable.base.tables.push(customersTable([]), templatesTable([]));
    airtable.edit.renameField('Customers', 'opt_out', 'Opt out');

    const { status, stdout } = await setUp('--yes');

    expect(status).toBe(1);
    expect(stdout).toMatch(/\nAWS\n {2}✗ Not deployed, because Customers has no column opt_out: .*\n/);
    expect(stdout).not.toContain('Twilio\n');
  });

  test('without a token that may see the tables, names the scopes needed to create them', async () => {
    tokens[0] = { token: SECRETS.AIRTABLE_API_KEY, scopes: ['data.records:read', 'data.records:write'] };

    const { status, stderr } = await setUp('--yes');

    expect(status).toBe(1);
    expect(stderr).toContain('schema.bases:read and schema.bases:write');
  });

  test('imports a file before it deploys, and names the command that does nothing else', async () => {
    writeFileSync(join(folder, 'customers.csv'), 'name,sms,owner\nAnn,+14155550101,ana\nBob,12,ana\n');

    const { stdout } = await setUp('--yes', '--import', 'customers.csv');

    expect(stdout).toMatch(/✓ Import customers.csv: 2 rows\n {6}1 created\n[\s\S]*\nAWS\n/);
    expect(stdout).toContain('npx frontline import customers.csv');
    expect(customersIn(airtable)).toHaveLength(1);
  });
});

describe('a dry run', () => {
  test('shows all that it would do, and writes nothing', async () => {
    const before = filesIn();

    const { status, stdout, stderr } = await setUp('--dry-run', '--sample-rows');

    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/→ Restrict .*\.env to its owner/);
    expect(stdout).toContain('→ Create the table Customers');
    expect(stdout).toContain('→ Point the webhooks');
    expect(stdout).toMatch(/Dry run: nothing was changed\.\n$/);
    expect([filesIn(), tablesOf()]).toEqual([before, []]);
    expect(readdirSync(folder)).not.toContain('.frontline');
    const writes = [...airtable.requests, ...twilio.requests].filter(
      ({ method, path }) => method !== 'GET' && !path.endsWith('/listRecords'),
    );
    expect(writes).toEqual([]);
  });

  test('reports that a file cannot be imported while the table is missing, and shows the rest', async () => {
    writeFileSync(join(folder, 'customers.csv'), 'name,sms\nAnn,+14155550101\n');

    const { status, stdout } = await setUp('--dry-run', '--import', 'customers.csv');

    expect(status).toBe(1);
    expect(stdout).toContain('✗ Import customers.csv: not possible\n      The base has no table Customers');
    expect(stdout).toContain('→ Point the webhooks');
  });
});

test('a file that does not exist is found before anything else', async () => {
  const { status, stdout, stderr } = await setUp('--dry-run', '--import', 'nope.csv');

  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toContain('nope.csv cannot be read: no such file');
});

describe('the URLs to paste', () => {
  test('are those below PUBLIC_BASE_URL where no stack is deployed', async () => {
    writeFileSync(join(folder, '.env'), 'PUBLIC_BASE_URL=https://frontline.example.com/eu/\n');

    const { status, stdout } = await setUp('--urls');

    expect(status).toBe(0);
    expect(stdout.match(/https:.*/g)).toEqual(
      ['crm', 'outgoing-conversation', 'templates', 'routing'].map(
        (name) => `https://frontline.example.com/eu/callbacks/${name}`,
      ),
    );
  });

  test('are not known where there is neither', async () => {
    const { status, stderr } = await setUp('--urls');

    expect(status).toBe(1);
    expect(stderr).toContain('PUBLIC_BASE_URL is not set');
  });
});

describe('an account without Frontline', () => {
  beforeEach(() => {
    const [service, ...others] = twilio.configuration.services;
    if (service !== undefined) {
      twilio.configure({
        services: [{ ...service, friendlyName: 'Default Conversations Service' }, ...others],
      });
    }
  });

  test('gets an inbox with routing by the service, after showing it', async () => {
    const { stdout } = await setUp('--dry-run', '--inbox');

    expect(stdout).toMatch(
      /\nInbox in \.env\n {2}→ .*\n {6}INBOX: \(none\) → true\n {6}ROUTING: \(none\) → service\n/,
    );
    expect(readFileSync(join(folder, '.env'), 'utf8')).toBe(settings);
  });

  test('has nothing to paste, and no sign-in to the app to set up', async () => {
    const { stdout } = await setUp('--yes', '--inbox');

    expect(readFileSync(join(folder, '.env'), 'utf8')).toContain(`${settings}INBOX=true\nROUTING=service\n`);
    expect(stdout).toMatch(/\nInbox\n {2}– Skipped, because the deployed service does not match this folder/);
    expect(stdout).not.toContain('npx frontline okta');
    expect(stdout).not.toContain('Paste these URLs');

    const urls = await setUp('--urls');
    expect([urls.status, urls.stdout]).toEqual([0, expect.stringContaining('there is nothing to paste')]);
  });
});

test('without an inbox, nothing of it is shown', async () => {
  const { stdout } = await setUp('--dry-run');

  expect(stdout).not.toMatch(/inbox/i);
});
