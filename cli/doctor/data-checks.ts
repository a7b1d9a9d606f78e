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
import type { Check, CheckResult, Finding } from './health-check';

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
  readonly needs: readonly string[];
  find(data: TeamData): Promise<readonly Finding[]>;
  /** The message if nothing is found. */
  readonly right: string;
  /** The message for the findings. */
  readonly wrong: (count: number, findings: readonly Finding[]) => string;
  readonly remedy: string;
}

const CUSTOMERS = ['configuration', 'airtable-token', 'table-customers'];
const TEMPLATES = ['configuration', 'airtable-token', 'table-templates'];

/** Checks of the team's own records. Each finding names a record and links to its page. */
export function dataChecks({
  openData,
  frontlineUserState,
  findContent,
}: DataChecksOptions): readonly Check[] {
  const checks: readonly DataCheck[] = [
    ...CUSTOMER_CHECKS,
    ownersCheck(frontlineUserState),
    ...TEMPLATE_CHECKS,
    contentCheck(findContent),
  ];
  return checks.map((check) => ({
    id: check.id,
    title: check.title,
    needs: check.needs,
    run: () => outcomeOf(check, openData()),
  }));
}

const CUSTOMER_CHECKS: readonly DataCheck[] = [
  {
    id: 'data-numbers',
    title: 'Numbers of customers',
    needs: CUSTOMERS,
    find: async (data) => unusableNumbers(await data.customers()),
    right: 'every one can be read',
    wrong: (count) => `${counted(count, 'cell')} without a number to write to`,
    remedy: 'Write one number in each, as +14155550123; without + it is taken for one of DEFAULT_COUNTRY',
  },
  {
    id: 'data-several-numbers',
    title: 'Cells with several numbers',
    needs: CUSTOMERS,
    find: async (data) => severalNumbers(await data.customers()),
    right: 'none',
    wrong: (count) =>
      `${counted(count, 'cell')} with more than one number: the customer is recognised by each, and written to at none`,
    remedy: 'Leave one number in the cell; another one may go into the other number column or into notes',
  },
  {
    id: 'data-opt-out-texts',
    title: 'Texts in opt_out',
    needs: CUSTOMERS,
    find: async (data) => unclearOptOuts(await data.customers()),
    right: 'every one is a yes or a no',
    wrong: (count) =>
      `${counted(count, 'cell')} that is neither yes nor no: messages to the customer are refused`,
    remedy: 'Write yes or no, or clear the cell',
  },
  {
    id: 'data-duplicates',
    title: 'Numbers that customers share',
    needs: CUSTOMERS,
    find: async (data) => sharedNumbers(await data.customers()),
    right: 'none',
    wrong: (_, findings) => {
      const customers = new Set(findings.map(({ link }) => link)).size;
      return `${customers} customers have a number that another has too, so only one of them is recognised`;
    },
    remedy: 'Merge the records, or take the number out of all but one',
  },
  {
    id: 'data-without-owner',
    title: 'Customers without an owner',
    needs: CUSTOMERS,
    find: async (data) =>
      (await data.customers())
        .filter(({ owner }) => owner === null)
        .map(({ name, link }) => ({ what: name, link })),
    right: 'none',
    wrong: (count) => `${counted(count, 'customer')} in no worker's list`,
    remedy: "Put a worker's identity into owner",
  },
];

/** Number of owners requested concurrently: one after the other, thousands would take minutes. */
const AT_ONCE = 5;

function ownersCheck(frontlineUserState: DataChecksOptions['frontlineUserState']): DataCheck {
  return {
    id: 'data-owners',
    title: 'Owners of customers',
    // A default worker often owns customers too: its faults are reported once.
    needs: [...CUSTOMERS, 'twilio-token', 'default-worker'],
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
    right: 'every one is an active Frontline user',
    wrong: (count) => `${count === 1 ? '1 owner is' : `${count} owners are`} no active Frontline user`,
    remedy:
      "Correct owner to the identity in Frontline, to the letter, or have the person log in to the app once; a leaver's customers need another owner",
  };
}

const TEMPLATE_CHECKS: readonly DataCheck[] = [
  {
    id: 'data-merge-fields',
    title: 'Merge fields of templates',
    needs: [...new Set([...CUSTOMERS, ...TEMPLATES])],
    find: async (data) => unfillableTemplates(await data.templates(), await data.customerColumns()),
    right: 'every one is a column of Customers or has a default',
    wrong: (count) => `${counted(count, 'template')} that cannot be filled for anybody, and so never shows`,
    remedy: 'Correct the field, add the column to Customers, or give a default: {{field|there}}',
  },
  {
    id: 'data-approved-templates',
    title: 'Templates approved by WhatsApp',
    needs: TEMPLATES,
    find: async (data) => mixedCategories(await data.templates()),
    right: 'in categories of their own',
    wrong: (count) => `${counted(count, 'template')} in a category that mixes approved ones with others`,
    remedy:
      'Give the approved ones a category of their own: a day after the customer wrote last, the app can send only those',
  },
];

function contentCheck(findContent: DataChecksOptions['findContent']): DataCheck {
  return {
    id: 'data-content-templates',
    title: 'WhatsApp templates at Twilio',
    needs: [...TEMPLATES, 'twilio-token'],
    find: async (data) => contentFindings(await data.templates(), await data.customerColumns(), findContent),
    right: 'every contentSid is an approved template whose variables can be filled',
    wrong: (count) => `${counted(count, 'template')} that WhatsApp does not take outside the 24 hours`,
    remedy:
      'Correct contentSid, or the template in the Twilio console > Messaging > Content Template Builder',
  };
}

async function outcomeOf(check: DataCheck, data: TeamData): Promise<CheckResult> {
  const obstacle = await data.obstacle();
  if (obstacle !== null) {
    return { verdict: 'unknown', says: "the base's columns cannot be read", remedy: obstacle.message };
  }
  const findings = await check.find(data);
  if (findings.length === 0) return { verdict: 'right', says: check.right };
  return { verdict: 'wrong', says: check.wrong(findings.length, findings), remedy: check.remedy, findings };
}
