import type * as v from 'valibot';
import type { ApprovalAnswer, ContentAnswer } from './resource-answers';

/** A content template of Twilio's Content API. */
export interface ContentTemplate {
  readonly friendlyName: string;
  /** The names or numbers of its variables, in the order in which they first appear. */
  readonly variables: readonly string[];
  /** WhatsApp's status in lower case: `approved`, `pending`, `rejected`, `paused`, `disabled`, `unsubmitted` … */
  readonly status: string;
  /** Blank if WhatsApp gives none. */
  readonly rejectionReason: string;
}

const VARIABLE = /\{\{\s*([^{}]+?)\s*\}\}/g;

export function contentTemplate(
  { friendlyName, variables, types }: v.InferOutput<typeof ContentAnswer>,
  approval: v.InferOutput<typeof ApprovalAnswer> | null,
): ContentTemplate {
  const used = [...JSON.stringify(types).matchAll(VARIABLE)].flatMap(([, name]) => name ?? []);
  return {
    friendlyName,
    variables: [...new Set([...used, ...Object.keys(variables)])],
    status: (approval?.whatsapp.status || 'unsubmitted').toLowerCase(),
    rejectionReason: approval?.whatsapp.rejection_reason ?? '',
  };
}
