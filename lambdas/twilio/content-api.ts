import * as v from 'valibot';
import { PageMeta, pagesOf } from './paging';
import { openTwilio, type TwilioRequest } from './twilio-client';

/** A template of Twilio's Content API (twilio.md#whatsapp-templates). */
export interface ContentTemplate {
  readonly sid: string;
  /** The names of its variables: numbers, or words. */
  readonly variables: readonly string[];
  /** The text with `{{variable}}`; null for a kind that the inbox does not send. */
  readonly text: string | null;
  readonly isApproved: boolean;
}

const Body = v.object({ body: v.string() });
const Card = v.object({ title: v.string(), subtitle: v.fallback(v.nullable(v.string()), null) });

const ContentResource = v.object({
  sid: v.string(),
  variables: v.fallback(v.record(v.string(), v.unknown()), {}),
  types: v.fallback(v.record(v.string(), v.unknown()), {}),
  approval_requests: v.fallback(v.object({ status: v.fallback(v.string(), '') }), { status: '' }),
});

const ContentPage = v.object({
  contents: v.array(v.fallback(v.nullable(ContentResource), null)),
  meta: PageMeta,
});

const CONTENT_URL = 'https://content.twilio.com';

/** The kinds whose text is all that has to be filled, in the order in which a channel prefers them. */
const WITH_BODY = ['twilio/quick-reply', 'twilio/call-to-action', 'twilio/media', 'twilio/text'];

const MAX_PAGES = 12;
const FRESH_MS = 5 * 60_000;

interface Cached {
  readonly contents: Promise<ReadonlyMap<string, ContentTemplate>>;
  readonly until: number;
}

// Approvals change a few times a week; a container asks every five minutes.
const cache = new Map<string, Cached>();

/**
 * Every content template of the account by SID, at most five minutes old.
 * @param url another server of the Content API; null for Twilio's own
 */
export function contentTemplates(
  request: TwilioRequest,
  url: string | null,
): Promise<ReadonlyMap<string, ContentTemplate>> {
  const contentUrl = url ?? CONTENT_URL;
  const key = `${contentUrl} ${request.credentials.accountSid}`;
  const known = cache.get(key);
  if (known !== undefined && known.until > Date.now()) return known.contents;
  const contents = readAll(request, contentUrl);
  cache.set(key, { contents, until: Date.now() + FRESH_MS });
  contents.catch(() => cache.delete(key));
  return contents;
}

async function readAll(request: TwilioRequest, contentUrl: string): Promise<Map<string, ContentTemplate>> {
  const client = openTwilio(request);
  const list = `${contentUrl}/v1/ContentAndApprovals?`;
  const templates = new Map<string, ContentTemplate>();
  const readPage = (query: string) => client.get(list + query, ContentPage);
  for await (const { contents } of pagesOf(readPage, 'PageSize=500', MAX_PAGES)) {
    for (const content of contents) if (content !== null) templates.set(content.sid, read(content));
  }
  return templates;
}

function read({
  sid,
  variables,
  types,
  approval_requests,
}: v.InferOutput<typeof ContentResource>): ContentTemplate {
  return {
    sid,
    variables: Object.keys(variables),
    text: textOf(types),
    isApproved: approval_requests.status.toLowerCase() === 'approved',
  };
}

function textOf(types: Readonly<Record<string, unknown>>): string | null {
  for (const kind of WITH_BODY) {
    const parsed = v.safeParse(Body, types[kind]);
    if (parsed.success) return parsed.output.body;
  }
  const card = v.safeParse(Card, types['twilio/card']);
  return card.success ? [card.output.title, card.output.subtitle].filter(Boolean).join('\n') : null;
}
