import { json } from '../core/http-response';
import { type ContentStore, type ContentTemplate, textOf } from './content-store';
import { type Form, formOf } from './form';
import { dateIn } from './message-form';
import { page } from './paging';
import type { RestCall, RestRoutes } from './rest-call';
import { notFound, twilioError } from './twilio-errors';

const CREATED = new Date('2026-01-01T00:00:00Z');
const MAX_CONTENTS = 1_000;
const FILTERS = [
  ...['ChannelEligibility', 'Content', 'ContentName', 'ContentType', 'DateCreatedAfter', 'DateCreatedBefore'],
  ...['Language', 'SortByContentName', 'SortByDate'],
];

interface Contents {
  readonly accountSid: string;
  readonly contents: ContentStore;
}

/** The Content API, which has the same paths on another of Twilio's hosts (twilio.md#whatsapp-templates). */
export function contentRoutes({ accountSid, contents }: Contents): RestRoutes {
  const show = representation(accountSid);
  const contentOf = (call: RestCall): ContentTemplate => {
    const content = contents.find(call.param('sid'));
    if (content === undefined) throw notFound(call.path);
    return content;
  };
  /** Only the second version's lists have filters. */
  const listed = (call: RestCall, represent: (content: ContentTemplate) => object) =>
    page(filtered(contents.list(), formOf(call.query)), {
      key: 'contents',
      url: `${call.origin}${call.path}`,
      query: call.query,
      filters: call.path.startsWith('/v2/') ? FILTERS : [],
      maxPageSize: MAX_CONTENTS,
      represent,
    });

  return {
    'GET /v1/Content': (call) => listed(call, show.content),
    'GET /v1/ContentAndApprovals': (call) => listed(call, show.withApproval),
    'GET /v2/Content': (call) => listed(call, show.content),
    'GET /v2/ContentAndApprovals': (call) => listed(call, show.withApproval),
    'GET /v1/Content/:sid': (call) => json(show.content(contentOf(call))),
    'GET /v1/Content/:sid/ApprovalRequests': (call) => json(show.approval(contentOf(call))),
  };
}

function filtered(contents: readonly ContentTemplate[], form: Form): ContentTemplate[] {
  const name = patternIn('ContentName', form);
  const text = patternIn('Content', form);
  const after = dateIn('DateCreatedAfter', form['DateCreatedAfter']);
  const before = dateIn('DateCreatedBefore', form['DateCreatedBefore']);
  const isWanted = (content: ContentTemplate) =>
    name.test(content.friendlyName) &&
    text.test(textOf(content)) &&
    includes(form['Language'], [content.language ?? 'en']) &&
    includes(form['ContentType'], Object.keys(content.types)) &&
    includes(form['ChannelEligibility'], [`whatsapp:${content.approval.status}`]) &&
    (after === undefined || createdOf(content) >= after) &&
    (before === undefined || createdOf(content) <= before);
  const found = contents.filter(isWanted);
  const { SortByContentName: byName, SortByDate: byDate } = form;
  if (byName !== undefined) {
    found.sort((a, b) => directionOf(byName) * a.friendlyName.localeCompare(b.friendlyName));
  }
  if (byDate !== undefined) {
    found.sort((a, b) => directionOf(byDate) * (createdOf(a).getTime() - createdOf(b).getTime()));
  }
  return found;
}

function patternIn(name: 'Content' | 'ContentName', form: Form): RegExp {
  try {
    return new RegExp(form[name] ?? '', 'i');
  } catch {
    throw twilioError('invalidParameter', `${name} is not a valid regular expression`);
  }
}

/** Filters of lists are separated by commas. */
function includes(wanted: string | undefined, values: readonly string[]): boolean {
  return wanted === undefined || wanted.split(',').some((one) => values.includes(one.trim()));
}

function directionOf(order: string): 1 | -1 {
  if (order !== 'asc' && order !== 'desc')
    throw twilioError('invalidParameter', `${order} is not asc or desc`);
  return order === 'asc' ? 1 : -1;
}

function createdOf({ dateCreated = CREATED }: ContentTemplate): Date {
  return dateCreated;
}

function representation(accountSid: string) {
  const content = (template: ContentTemplate) => {
    const { sid, friendlyName, language = 'en', variables = {}, types } = template;
    const created = createdOf(template)
      .toISOString()
      .replace(/\.\d+Z$/, 'Z');
    const url = `https://content.twilio.com/v1/Content/${sid}`;
    return {
      sid,
      account_sid: accountSid,
      friendly_name: friendlyName,
      language,
      variables,
      types,
      date_created: created,
      date_updated: created,
      url,
      links: {
        approval_create: `${url}/ApprovalRequests/whatsapp`,
        approval_fetch: `${url}/ApprovalRequests`,
      },
    };
  };
  const request = ({ friendlyName, types, approval }: ContentTemplate) => ({
    name: friendlyName,
    category: approval.category ?? 'UTILITY',
    content_type: Object.keys(types)[0] ?? '',
    status: approval.status,
    rejection_reason: approval.rejectionReason ?? '',
    allow_category_change: true,
  });
  return {
    content,
    withApproval: (template: ContentTemplate) => {
      const { links: _links, url: _url, ...shown } = content(template);
      return { ...shown, approval_requests: request(template) };
    },
    approval: (template: ContentTemplate) => ({
      sid: template.sid,
      account_sid: accountSid,
      whatsapp: { type: 'whatsapp', ...request(template) },
      url: `https://content.twilio.com/v1/Content/${template.sid}/ApprovalRequests`,
    }),
  };
}
