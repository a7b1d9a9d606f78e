import { inBatches } from '../../lambdas/concurrency/at-once';
import { counted } from '../terminal/counted';
import { inboxWorkerState } from '../twilio/default-workers';
import { contentFindings, mixedCategories, unfillableTemplates } from './data/content-findings';
import {
  customersByOwner,
  severalNumbers,
  sharedNumbers,
  unclearOptOuts,
  unusableNumbers,
} from './data/customer-findings';
import type { CustomerEntry } from './data/team-data';
import type { DoctorContext } from './doctor-context';
import { type CheckResult, type Finding, failed, type HealthCheck, passed } from './health-check';

/** One check of the records. */
interface DataCheck {
  readonly id: string;
  readonly title: string;
  readonly dependsOn: readonly string[];
  find(context: DoctorContext): Promise<readonly Finding[]>;
  /** The message if nothing is found. */
  readonly passMessage: string;
  /** The message for the findings. */
  readonly failMessage: (count: number, findings: readonly Finding[]) => string;
  readonly fix: string;
}

const CUSTOMERS = ['configuration', 'airtable-token', 'table-customers'];
const TEMPLATES = ['configuration', 'airtable-token', 'table-templates'];

const CUSTOMER_CHECKS: readonly DataCheck[] = [
  {
    id: 'data-numbers',
    title: 'Numbers of customers',
    dependsOn: CUSTOMERS,
    find: async ({ data }) => unusableNumbers(await data().customers()),
    passMessage: 'all are readable',
    failMessage: (count) => `${counted(count, 'cell')} without a usable number`,
    fix: 'Enter one number in each cell, as +14155550123. A number without + belongs to DEFAULT_COUNTRY',
  },
  {
    id: 'data-several-numbers',
    title: 'Cells with several numbers',
    dependsOn: CUSTOMERS,
    find: async ({ data }) => severalNumbers(await data().customers()),
    passMessage: 'none',
    failMessage: (count) =>
      `${counted(count, 'cell')} with several numbers: the customer is recognised by each, but cannot be written to`,
    fix: 'Keep one number in the cell; move others to the other number column or to notes',
  },
  {
    id: 'data-opt-out-texts',
    title: 'Texts in opt_out',
    dependsOn: CUSTOMERS,
    find: async ({ data }) => unclearOptOuts(await data().customers()),
    passMessage: 'all mean yes or no',
    failMessage: (count) =>
      `${counted(count, 'cell')} meaning neither yes nor no: messages to the customer are rejected`,
    fix: 'Enter yes or no, or clear the cell',
  },
  {
    id: 'data-duplicates',
    title: 'Shared numbers',
    dependsOn: CUSTOMERS,
    find: async ({ data }) => sharedNumbers(await data().customers()),
    passMessage: 'none',
    failMessage: (_, findings) => {
      const customers = new Set(findings.map(({ link }) => link)).size;
      return `${customers} customers share a number with another one, so that only one of them is recognised`;
    },
    fix: 'Merge the records, or remove the number from all but one',
  },
  {
    id: 'data-without-owner',
    title: 'Customers without an owner',
    dependsOn: CUSTOMERS,
    find: async ({ data }) =>
      (await data().customers())
        .filter(({ owner }) => owner === null)
        .map(({ name, link }) => ({ what: name, link })),
    passMessage: 'none',
    failMessage: (count) => `${counted(count, 'customer')} missing from every worker's list`,
    fix: "Enter a worker's identity in owner",
  },
];

/** Number of owners requested concurrently: one after the other, thousands would take minutes. */
const AT_ONCE = 5;

const OWNERS = {
  id: 'data-owners',
  title: 'Owners of customers',
  // A default worker often owns customers too: its faults are reported once.
  dependsOn: [...CUSTOMERS, 'twilio-token', 'default-worker'],
} as const;

/** Owners as Frontline's users. */
const APP_USERS_CHECK: DataCheck = {
  ...OWNERS,
  find: async ({ data, twilio }) =>
    inactiveOwners(await data().customers(), (owner) => twilio().account.frontlineUserState(owner)),
  passMessage: 'all are active Frontline users',
  failMessage: (count) => `${counted(count, 'owner')} without an active Frontline user`,
  fix: "Correct owner to the exact identity in Frontline, or ask the person to sign in to the app once. A leaver's customers need another owner",
};

/** Owners as workers of the inbox. */
const INBOX_WORKERS_CHECK: DataCheck = {
  ...OWNERS,
  find: async ({ data, inboxWorkers }) => {
    const known = await inboxWorkers();
    return inactiveOwners(await data().customers(), async (owner) => inboxWorkerState(owner, known));
  },
  passMessage: 'all are workers of the inbox',
  failMessage: (count) => `${counted(count, 'owner')} not among the workers of the inbox`,
  fix: "Correct owner to the exact identity of npx frontline inbox list, or npx frontline inbox invite the person. A leaver's customers need another owner",
};

const OWNERS_CHECK: HealthCheck = {
  ...OWNERS,
  run: (context) =>
    run(context.settings().inbox.routing === 'service' ? INBOX_WORKERS_CHECK : APP_USERS_CHECK, context),
};

/** Owners who cannot take a conversation, each with a customer. @param stateOf `active`, or another state; null for none */
async function inactiveOwners(
  all: readonly CustomerEntry[],
  stateOf: (owner: string) => Promise<string | null>,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const batch of inBatches([...customersByOwner(all)], AT_ONCE)) {
    const states = await Promise.all(batch.map(([owner]) => stateOf(owner)));
    for (const [index, [owner, customers]] of batch.entries()) {
      const state = states[index] ?? null;
      if (state === 'active') continue;
      const [first] = customers;
      const name = state === null ? owner : `${owner} (${state})`;
      const what = `${name}: ${counted(customers.length, 'customer')}, such as ${first?.name}`;
      findings.push({ what, link: first?.link ?? null });
    }
  }
  return findings;
}

const TEMPLATE_CHECKS: readonly DataCheck[] = [
  {
    id: 'data-merge-fields',
    title: 'Merge fields of templates',
    dependsOn: [...new Set([...CUSTOMERS, ...TEMPLATES])],
    find: async ({ data }) => unfillableTemplates(await data().templates(), await data().customerColumns()),
    passMessage: 'all are columns of Customers or have a default',
    failMessage: (count) =>
      `${counted(count, 'template')} never shown, because a merge field cannot be filled`,
    fix: 'Correct the field, add the column to Customers, or give a default: {{field|there}}',
  },
  {
    id: 'data-approved-templates',
    title: 'Templates approved by WhatsApp',
    dependsOn: TEMPLATES,
    find: async ({ data }) => mixedCategories(await data().templates()),
    passMessage: 'in separate categories',
    failMessage: (count) =>
      `${counted(count, 'template')} in a category that mixes approved templates with others`,
    fix: "Move the approved templates to a separate category: 24 hours after the customer's last message, the app can send only those",
  },
];

const CONTENT_CHECK: DataCheck = {
  id: 'data-content-templates',
  title: 'WhatsApp templates at Twilio',
  dependsOn: [...TEMPLATES, 'twilio-token'],
  find: async ({ data, twilio }) =>
    contentFindings(await data().templates(), await data().customerColumns(), (sid) =>
      twilio().account.findContent(sid),
    ),
  passMessage: 'all contentSids are approved templates whose variables can be filled',
  failMessage: (count) => `${counted(count, 'template')} that WhatsApp rejects outside the 24-hour window`,
  fix: 'Correct contentSid, or the template in the Twilio console > Messaging > Content Template Builder',
};

/** Checks of the team's own records. Each finding names a record and links to its page. */
export const DATA_CHECKS: readonly HealthCheck[] = [
  ...CUSTOMER_CHECKS.map(asHealthCheck),
  OWNERS_CHECK,
  ...[...TEMPLATE_CHECKS, CONTENT_CHECK].map(asHealthCheck),
];

function asHealthCheck(check: DataCheck): HealthCheck {
  return { ...check, run: (context) => run(check, context) };
}

async function run(
  { find, passMessage, failMessage, fix }: DataCheck,
  context: DoctorContext,
): Promise<CheckResult> {
  const findings = await find(context);
  return findings.length === 0
    ? passed(passMessage)
    : failed(failMessage(findings.length, findings), fix, findings);
}
