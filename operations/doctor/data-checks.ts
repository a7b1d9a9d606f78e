import type { Pacing } from '../airtable/paced-base';
import type { Settings } from '../settings/settings';
import type { Check, Finding, Outcome } from './check';
import { customersByOwner, sharedNumbers, unusableNumbers } from './data/customer-findings';
import { counted } from './data/findings';
import { TeamData } from './data/team-data';
import { mixedCategories, unfillableTemplates } from './data/template-findings';

export interface DataChecksOptions {
  readonly settings: () => Settings;
  /** Whether the app knows a worker of this identity. */
  readonly isFrontlineUser: (identity: string) => Promise<boolean>;
  readonly pacing?: Pacing;
}

/** What one look at the records is about. */
interface DataCheck {
  readonly id: string;
  readonly title: string;
  readonly needs: readonly string[];
  find(data: TeamData): Promise<readonly Finding[]>;
  /** What is right where nothing is found. */
  readonly right: string;
  /** What was found so many of. */
  readonly wrong: (count: number) => string;
  readonly remedy: string;
}

const CUSTOMERS = ['configuration', 'airtable-token', 'table-customers'];
const TEMPLATES = ['configuration', 'airtable-token', 'table-templates'];

/** What the doctor finds in the team's own records. Each finding names a record and links to its page. */
export function dataChecks({ settings, isFrontlineUser, pacing }: DataChecksOptions): readonly Check[] {
  let data: TeamData | null = null;
  const openData = () => {
    data ??= new TeamData(settings(), pacing);
    return data;
  };
  const checks: readonly DataCheck[] = [...CUSTOMER_CHECKS, ownersCheck(isFrontlineUser), ...TEMPLATE_CHECKS];
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
    wrong: (count) => `${counted(count, 'cell')} that no rule can turn into a number`,
    remedy: 'Write one number in each, as +14155550123; without + it is taken for one of DEFAULT_COUNTRY',
  },
  {
    id: 'data-duplicates',
    title: 'Numbers that customers share',
    needs: CUSTOMERS,
    find: async (data) => sharedNumbers(await data.customers()),
    right: 'none',
    wrong: (count) =>
      `${count} customers have a number that another has too, so only one of them is recognised`,
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

function ownersCheck(isFrontlineUser: DataChecksOptions['isFrontlineUser']): DataCheck {
  return {
    id: 'data-owners',
    title: 'Owners of customers',
    needs: [...CUSTOMERS, 'twilio-token'],
    find: async (data) => {
      const findings: Finding[] = [];
      for (const [owner, customers] of customersByOwner(await data.customers())) {
        if (await isFrontlineUser(owner)) continue;
        const [first] = customers;
        const what = `${owner}: ${counted(customers.length, 'customer')}, such as ${first?.name}`;
        findings.push({ what, link: first?.link ?? null });
      }
      return findings;
    },
    right: 'every one is a Frontline user',
    wrong: (count) => `${count === 1 ? '1 owner is' : `${count} owners are`} no Frontline user`,
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

async function outcomeOf(check: DataCheck, data: TeamData): Promise<Outcome> {
  const obstacle = await data.obstacle();
  if (obstacle !== null) {
    return { verdict: 'unknown', says: "the base's columns cannot be read", remedy: obstacle.message };
  }
  const findings = await check.find(data);
  if (findings.length === 0) return { verdict: 'right', says: check.right };
  return { verdict: 'wrong', says: check.wrong(findings.length), remedy: check.remedy, findings };
}
