import { inBatches } from '../../lambdas/concurrency/at-once';
import type { ContentTemplate } from '../twilio/content-template';
import { contentFindings } from './data/content-findings';
import {
  customersByOwner,
  severalNumbers,
  sharedNumbers,
  unclearOptOuts,
  unusableNumbers,
} from './data/customer-findings';
import { counted } from './data/findings';
import type { TeamData } from './data/team-data';
import { mixedCategories, unfillableTemplates } from './data/template-findings';
import type { CheckResult, Finding, HealthCheck } from './health-check';

export interface DataChecksOptions {
  /** The team's records, shared with other checks. @throws {ConfigurationError} */
  readonly openData: () => TeamData;
  /** The state of the Frontline user with this identity, such as `active`; null if there is none. */
  readonly frontlineUserState: (identity: string) => Promise<string | null>;
  /** A template of Twilio's Content API; null if the account has none with this SID. */
  readonly findContent: (sid: string) => Promise<ContentTemplate | null>;
}

/** One check of the records. */
interface DataCheck {
  readonly id: string;
  readonly title: string;
  readonly dependsOn: readonly string[];
  find(data: TeamData): Promise<readonly Finding[]>;
  /** The message if nothing is found. */
  readonly passMessage: string;
  /** The message for the findings. */
  readonly wrong: (count: number, findings: readonly Finding[]) => string;
  readonly fix: string;
}

const CUSTOMERS = ['configuration', 'airtable-token', 'table-customers'];
const TEMPLATES = ['configuration', 'airtable-token', 'table-templates'];

/** Checks of the team's own records. Each finding names a record and links to its page. */
export function dataChecks({
  openData,
  frontlineUserState,
  findContent,
}: DataChecksOptions): readonly HealthCheck[] {
  const checks: readonly DataCheck[] = [
    ...CUSTOMER_CHECKS,
    ownersCheck(frontlineUserState),
    ...TEMPLATE_CHECKS,
    contentCheck(findContent),
  ];
  return checks.map((check) => ({
    id: check.id,
    title: check.title,
    dependsOn: check.dependsOn,
    run: () => outcomeOf(check, openData()),
  }));
}

const CUSTOMER_CHECKS: readonly DataCheck[] = [
  {
    id: 'data-numbers',
    title: 'Numbers of customers',
    dependsOn: CUSTOMERS,
    find: async (data) => unusableNumbers(await data.customers()),
    passMessage: 'every one can be read',
    wrong: (count) => `${counted(count, 'cell')} without a number to write to`,
    fix: 'Write one number in each, as +14155550123; without + it is taken for one of DEFAULT_COUNTRY',
  },
  {
    id: 'data-several-numbers',
    title: 'Cells with several numbers',
    dependsOn: CUSTOMERS,
    find: async (data) => severalNumbers(await data.customers()),
    passMessage: 'none',
    wrong: (count) =>
      `${counted(count, 'cell')} with more than one number: the customer is recognised by each, and written to at none`,
    fix: 'Leave one number in the cell; another one may go into the other number column or into notes',
  },
  {
    id: 'data-opt-out-texts',
    title: 'Texts in opt_out',
    dependsOn: CUSTOMERS,
    find: async (data) => unclearOptOuts(await data.customers()),
    passMessage: 'every one is a yes or a no',
    wrong: (count) =>
      `${counted(count, 'cell')} that is neither yes nor no: messages to the customer are refused`,
    fix: 'Write yes or no, or clear the cell',
  },
  {
    id: 'data-duplicates',
    title: 'Numbers that customers share',
    dependsOn: CUSTOMERS,
    find: async (data) => sharedNumbers(await data.customers()),
    passMessage: 'none',
    wrong: (_, findings) => {
      const customers = new Set(findings.map(({ link }) => link)).size;
      return `${customers} customers have a number that another has too, so only one of them is recognised`;
    },
    fix: 'Merge the records, or take the number out of all but one',
  },
  {
    id: 'data-without-owner',
    title: 'Customers without an owner',
    dependsOn: CUSTOMERS,
    find: async (data) =>
      (await data.customers())
        .filter(({ owner }) => owner === null)
        .map(({ name, link }) => ({ what: name, link })),
    passMessage: 'none',
    wrong: (count) => `${counted(count, 'customer')} in no worker's list`,
    fix: "Put a worker's identity into owner",
  },
];

/** Number of owners requested concurrently: one after the other, thousands would take minutes. */
const AT_ONCE = 5;

function ownersCheck(frontlineUserState: DataChecksOptions['frontlineUserState']): DataCheck {
  return {
    id: 'data-owners',
    title: 'Owners of customers',
    // A default worker often owns customers too: its faults are reported once.
    dependsOn: [...CUSTOMERS, 'twilio-token', 'default-worker'],
    find: async (data) => {
      const owners = [...customersByOwner(await data.customers())];
      const findings: Finding[] = [];
      for (const asked of inBatches(owners, AT_ONCE)) {
        const states = await Promise.all(asked.map(([owner]) => frontlineUserState(owner)));
        for (const [index, [owner, customers]] of asked.entries()) {
          const state = states[index] ?? null;
          if (state === 'active') continue;
          const [first] = customers;
          const name = state === null ? owner : `${owner} (${state})`;
          const what = `${name}: ${counted(customers.length, 'customer')}, such as ${first?.name}`;
          findings.push({ what, link: first?.link ?? null });
        }
      }
      return findings;
    },
    passMessage: 'every one is an active Frontline user',
    wrong: (count) => `${count === 1 ? '1 owner is' : `${count} owners are`} no active Frontline user`,
    fix: "Correct owner to the identity in Frontline, to the letter, or have the person log in to the app once; a leaver's customers need another owner",
  };
}

const TEMPLATE_CHECKS: readonly DataCheck[] = [
  {
    id: 'data-merge-fields',
    title: 'Merge fields of templates',
    dependsOn: [...new Set([...CUSTOMERS, ...TEMPLATES])],
    find: async (data) => unfillableTemplates(await data.templates(), await data.customerColumns()),
    passMessage: 'every one is a column of Customers or has a default',
    wrong: (count) => `${counted(count, 'template')} that cannot be filled for anybody, and so never shows`,
    fix: 'Correct the field, add the column to Customers, or give a default: {{field|there}}',
  },
  {
    id: 'data-approved-templates',
    title: 'Templates approved by WhatsApp',
    dependsOn: TEMPLATES,
    find: async (data) => mixedCategories(await data.templates()),
    passMessage: 'in categories of their own',
    wrong: (count) => `${counted(count, 'template')} in a category that mixes approved ones with others`,
    fix: 'Give the approved ones a category of their own: a day after the customer wrote last, the app can send only those',
  },
];

function contentCheck(findContent: DataChecksOptions['findContent']): DataCheck {
  return {
    id: 'data-content-templates',
    title: 'WhatsApp templates at Twilio',
    dependsOn: [...TEMPLATES, 'twilio-token'],
    find: async (data) => contentFindings(await data.templates(), await data.customerColumns(), findContent),
    passMessage: 'every contentSid is an approved template whose variables can be filled',
    wrong: (count) => `${counted(count, 'template')} that WhatsApp does not take outside the 24 hours`,
    fix: 'Correct contentSid, or the template in the Twilio console > Messaging > Content Template Builder',
  };
}

async function outcomeOf(check: DataCheck, data: TeamData): Promise<CheckResult> {
  const manualStep = await data.manualStep();
  if (manualStep !== null) {
    return { status: 'skip', message: "the base's columns cannot be read", fix: manualStep.message };
  }
  const findings = await check.find(data);
  if (findings.length === 0) return { status: 'pass', message: check.passMessage };
  return { status: 'fail', message: check.wrong(findings.length, findings), fix: check.fix, findings };
}
