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
  /** The state of the Frontline user with this identity, such as `active`; null if absent. */
  readonly frontlineUserState: (identity: string) => Promise<string | null>;
  /** A template of Twilio's Content API; null if the account does not have this SID. */
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
    passMessage: 'all are readable',
    wrong: (count) => `${counted(count, 'cell')} without a usable number`,
    fix: 'Enter one number in each cell, as +14155550123. A number without + belongs to DEFAULT_COUNTRY',
  },
  {
    id: 'data-several-numbers',
    title: 'Cells with several numbers',
    dependsOn: CUSTOMERS,
    find: async (data) => severalNumbers(await data.customers()),
    passMessage: 'none',
    wrong: (count) =>
      `${counted(count, 'cell')} with several numbers: the customer is recognised by each, but cannot be written to`,
    fix: 'Keep one number in the cell; move others to the other number column or to notes',
  },
  {
    id: 'data-opt-out-texts',
    title: 'Texts in opt_out',
    dependsOn: CUSTOMERS,
    find: async (data) => unclearOptOuts(await data.customers()),
    passMessage: 'all mean yes or no',
    wrong: (count) =>
      `${counted(count, 'cell')} meaning neither yes nor no: messages to the customer are rejected`,
    fix: 'Enter yes or no, or clear the cell',
  },
  {
    id: 'data-duplicates',
    title: 'Shared numbers',
    dependsOn: CUSTOMERS,
    find: async (data) => sharedNumbers(await data.customers()),
    passMessage: 'none',
    wrong: (_, findings) => {
      const customers = new Set(findings.map(({ link }) => link)).size;
      return `${customers} customers share a number with another one, so that only one of them is recognised`;
    },
    fix: 'Merge the records, or remove the number from all but one',
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
    wrong: (count) => `${counted(count, 'customer')} missing from every worker's list`,
    fix: "Enter a worker's identity in owner",
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
    passMessage: 'all are active Frontline users',
    wrong: (count) => `${counted(count, 'owner')} without an active Frontline user`,
    fix: "Correct owner to the exact identity in Frontline, or ask the person to sign in to the app once. A leaver's customers need another owner",
  };
}

const TEMPLATE_CHECKS: readonly DataCheck[] = [
  {
    id: 'data-merge-fields',
    title: 'Merge fields of templates',
    dependsOn: [...new Set([...CUSTOMERS, ...TEMPLATES])],
    find: async (data) => unfillableTemplates(await data.templates(), await data.customerColumns()),
    passMessage: 'all are columns of Customers or have a default',
    wrong: (count) => `${counted(count, 'template')} never shown, because a merge field cannot be filled`,
    fix: 'Correct the field, add the column to Customers, or give a default: {{field|there}}',
  },
  {
    id: 'data-approved-templates',
    title: 'Templates approved by WhatsApp',
    dependsOn: TEMPLATES,
    find: async (data) => mixedCategories(await data.templates()),
    passMessage: 'in separate categories',
    wrong: (count) => `${counted(count, 'template')} in a category that mixes approved templates with others`,
    fix: "Move the approved templates to a separate category: 24 hours after the customer's last message, the app can send only those",
  },
];

function contentCheck(findContent: DataChecksOptions['findContent']): DataCheck {
  return {
    id: 'data-content-templates',
    title: 'WhatsApp templates at Twilio',
    dependsOn: [...TEMPLATES, 'twilio-token'],
    find: async (data) => contentFindings(await data.templates(), await data.customerColumns(), findContent),
    passMessage: 'all contentSids are approved templates whose variables can be filled',
    wrong: (count) => `${counted(count, 'template')} that WhatsApp rejects outside the 24-hour window`,
    fix: 'Correct contentSid, or the template in the Twilio console > Messaging > Content Template Builder',
  };
}

async function outcomeOf(check: DataCheck, data: TeamData): Promise<CheckResult> {
  const manualStep = await data.manualStep();
  if (manualStep !== null) {
    return { status: 'skip', message: "cannot read the base's columns", fix: manualStep.message };
  }
  const findings = await check.find(data);
  if (findings.length === 0) return { status: 'pass', message: check.passMessage };
  return { status: 'fail', message: check.wrong(findings.length, findings), fix: check.fix, findings };
}
