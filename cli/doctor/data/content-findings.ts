import { inBatches } from '../../../lambdas/concurrency/at-once';
import { fillMergeFields } from '../../../lambdas/templates/merge-fields';
import { NO_CATEGORY } from '../../../lambdas/templates/template-categories';
import { sidPattern } from '../../../lambdas/twilio/sids';
import type { ContentTemplate } from '../../twilio/resource-schemas';
import type { Finding } from '../health-check';
import type { TemplateEntry } from './team-data';

const CONTENT_SID = sidPattern('HX');

/** The meaning of WhatsApp's status for a template that it has not approved. */
const NOT_APPROVED: ReadonlyMap<string, string> = new Map([
  ['unsubmitted', 'was not submitted to WhatsApp: submit it for approval'],
  ['received', "is waiting for WhatsApp's approval"],
  ['pending', "is waiting for WhatsApp's approval"],
  ['rejected', 'was rejected by WhatsApp'],
  ['paused', 'is paused by WhatsApp because recipients blocked or reported it (63041)'],
  ['disabled', 'is permanently disabled by WhatsApp (63042): create a new one'],
]);

/** Number of templates requested concurrently: one after the other, a hundred would take a minute. */
const AT_ONCE = 5;

/** Templates whose `contentSid` cannot be sent outside WhatsApp's 24 hours, each with the reason. */
export async function contentFindings(
  templates: readonly TemplateEntry[],
  columns: readonly string[],
  findContent: (sid: string) => Promise<ContentTemplate | null>,
): Promise<readonly Finding[]> {
  const withSid = templates.flatMap((template) =>
    template.contentSid === null ? [] : [{ ...template, contentSid: template.contentSid }],
  );
  const findings: Finding[] = [];
  for (const batch of inBatches(withSid, AT_ONCE)) {
    const problems = await Promise.all(
      batch.map(async ({ contentSid, text }) =>
        CONTENT_SID.test(contentSid)
          ? problemsOf(await findContent(contentSid), text, columns)
          : [`contentSid "${contentSid}" is not valid: it must be "HX" and 32 hexadecimal digits`],
      ),
    );
    for (const [index, { name, link }] of batch.entries()) {
      const found = problems[index] ?? [];
      if (found.length > 0) findings.push({ what: `${name}: ${found.join('; ')}`, link });
    }
  }
  return findings;
}

function problemsOf(
  content: ContentTemplate | null,
  text: string,
  columns: readonly string[],
): readonly string[] {
  if (content === null) return ['the Twilio account has no content template with this SID'];
  const { status, rejectionReason } = content;
  const reason = rejectionReason === '' ? '' : ` (${rejectionReason})`;
  const approval =
    status === 'approved' ? [] : [(NOT_APPROVED.get(status) ?? `has the status ${status}`) + reason];
  return [...approval, ...unfilledVariables(content, text, columns)];
}

/**
 * Named variables take the column of that name; numbered ones take the placeholders of `text` in order.
 */
function unfilledVariables(
  { variables }: ContentTemplate,
  text: string,
  columns: readonly string[],
): readonly string[] {
  const names = new Set([...columns, ...ALWAYS_THERE].map((name) => name.toLowerCase()));
  const placeholders = fieldsIn(text).length;
  const unfilled = variables.filter((name) =>
    /^\d+$/.test(name) ? Number(name) < 1 || Number(name) > placeholders : !names.has(name.toLowerCase()),
  );
  if (unfilled.length === 0) return [];
  const list = unfilled.map((name) => `{{${name}}}`).join(', ');
  return [
    `nothing fills ${list}: a named variable needs a column of that name, a numbered one a placeholder in text`,
  ];
}

/** Names beside the columns that a merge field may use (docs/airtable-schema.md). */
const ALWAYS_THERE = ['worker', 'owner'];

/** Templates that the service can never fill for any customer. A field with a default is filled by it. */
export function unfillableTemplates(
  templates: readonly TemplateEntry[],
  columns: readonly string[],
): readonly Finding[] {
  const names = new Set([...columns, ...ALWAYS_THERE].map((name) => name.toLowerCase()));
  return templates.flatMap(({ name, text, link }) => {
    const unclosed = unfilled(text, () => true);
    const problems = [
      ...unfilled(text, (field) => names.has(field.toLowerCase()))
        .filter((field) => !unclosed.includes(field))
        .map((field) => `{{${field}}} is not a column of Customers`),
      ...(unclosed.length > 0 ? ['a field has no closing braces'] : []),
    ];
    return problems.length === 0 ? [] : [{ what: `${name}: ${problems.join(', ')}`, link }];
  });
}

/** Fields that the service could not fill even if every known column had a value. */
function unfilled(text: string, isKnown: (field: string) => boolean): readonly string[] {
  const filled = fillMergeFields(text, (field) => (isKnown(field) ? 'something' : null));
  return 'unfilled' in filled ? filled.unfilled : [];
}

/** The placeholders of a template, in order. */
function fieldsIn(text: string): readonly string[] {
  const fields: string[] = [];
  fillMergeFields(text, (field) => {
    fields.push(field);
    return 'something';
  });
  return fields;
}

/**
 * Templates to move, because templates that WhatsApp approved need a category of their own: of each mixed category,
 * the smaller group.
 */
export function mixedCategories(templates: readonly TemplateEntry[]): readonly Finding[] {
  const categories = new Map<string, TemplateEntry[]>();
  for (const template of templates) {
    const category = template.category ?? NO_CATEGORY;
    categories.set(category, [...(categories.get(category) ?? []), template]);
  }
  return [...categories].flatMap(([category, all]) => {
    const approved = all.filter(({ isApproved }) => isApproved);
    const others = all.filter(({ isApproved }) => !isApproved);
    if (approved.length === 0 || others.length === 0) return [];
    return approved.length <= others.length
      ? approved.map(({ name, link }) => ({ what: `${name}: approved, in "${category}" with others`, link }))
      : others.map(({ name, link }) => ({
          what: `${name}: not approved, in "${category}" with approved`,
          link,
        }));
  });
}
