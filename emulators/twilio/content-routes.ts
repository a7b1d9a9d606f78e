import type { FastifyInstance } from 'fastify';
import { pathOf } from './request-guard';
import { notFound } from './twilio-errors';

/** A message template of Twilio's Content API, and its approval status at WhatsApp. */
export interface ContentTemplate {
  /** `HX` and 32 hexadecimal digits. */
  readonly sid: string;
  readonly friendlyName: string;
  /** @default 'en' */
  readonly language?: string;
  /** Sample values by the variables' names or numbers. @default {} */
  readonly variables?: Readonly<Record<string, string>>;
  /** By type, such as `twilio/text`. */
  readonly types: Readonly<Record<string, object>>;
  readonly approval: {
    readonly status: string;
    /** @default '' */
    readonly rejectionReason?: string;
  };
}

type OfContent = { Params: { sid: string } };

/** The Content API, which has the same path on another of Twilio's hosts (twilio.md#whatsapp-templates). */
export function contentRoutes(
  app: FastifyInstance,
  { accountSid, contents }: { readonly accountSid: string; readonly contents: readonly ContentTemplate[] },
): void {
  app.get<OfContent>('/Content/:sid', async (request) => {
    const {
      sid,
      friendlyName,
      language = 'en',
      variables = {},
      types,
    } = found(request.params.sid, pathOf(request));
    return {
      sid,
      account_sid: accountSid,
      friendly_name: friendlyName,
      language,
      variables,
      types,
      date_created: '2026-01-01T00:00:00Z',
      date_updated: '2026-01-01T00:00:00Z',
      url: `https://content.twilio.com/v1/Content/${sid}`,
      links: { approval_fetch: `https://content.twilio.com/v1/Content/${sid}/ApprovalRequests` },
    };
  });

  app.get<OfContent>('/Content/:sid/ApprovalRequests', async (request) => {
    const { sid, friendlyName, types, approval } = found(request.params.sid, pathOf(request));
    return {
      sid,
      account_sid: accountSid,
      whatsapp: {
        type: 'whatsapp',
        name: friendlyName,
        category: 'UTILITY',
        content_type: Object.keys(types)[0] ?? '',
        status: approval.status,
        rejection_reason: approval.rejectionReason ?? '',
        allow_category_change: true,
      },
      url: `https://content.twilio.com/v1/Content/${sid}/ApprovalRequests`,
    };
  });

  function found(sid: string, path: string): ContentTemplate {
    const content = contents.find((each) => each.sid === sid);
    if (content === undefined) throw notFound(path);
    return content;
  }
}
