import { inBatches } from '../../../lambdas/concurrency/at-once';
import { sidPattern } from '../../../lambdas/twilio/sids';
import type { ContentTemplate } from '../../twilio/resource-schemas';
import type { Finding } from '../health-check';
import type { TemplateEntry } from './team-data';
import { ALWAYS_THERE, fieldsIn } from './template-findings';

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
