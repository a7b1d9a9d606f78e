import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { aTwilio, call } from './account';

const HELLO = `HX${'a'.repeat(32)}`;
const OFFER = `HX${'b'.repeat(32)}`;
const Names = v.object({ contents: v.array(v.object({ friendly_name: v.string() })) });

async function withContents() {
  const twilio = await aTwilio({
    contents: [
      {
        sid: OFFER,
        friendlyName: 'offer',
        language: 'de',
        types: { 'twilio/quick-reply': { body: 'Offer for {{1}}' } },
        approval: { status: 'paused', category: 'MARKETING' },
        dateCreated: new Date('2026-02-01T00:00:00Z'),
      },
      {
        sid: HELLO,
        friendlyName: 'hello',
        variables: { 1: 'Jane' },
        types: { 'twilio/text': { body: 'Hello {{1}}' } },
        approval: { status: 'approved' },
      },
    ],
  });
  const names = async (query: Record<string, string>) => {
    const { body } = await call(twilio, 'GET /v2/ContentAndApprovals', query);
    return v.parse(Names, body).contents.map(({ friendly_name }) => friendly_name);
  };
  return { twilio, names };
}

describe('content templates', () => {
  test('are listed with and without their approval', async () => {
    const { twilio } = await withContents();

    const plain = await call(twilio, 'GET /v1/Content', { PageSize: '1000' });
    const approvals = await call(twilio, 'GET /v1/ContentAndApprovals');

    expect(plain.body).toMatchObject({
      contents: [{ sid: OFFER }, { sid: HELLO, language: 'en', variables: { 1: 'Jane' } }],
      meta: { key: 'contents', page_size: 1000 },
    });
    expect(JSON.stringify(plain.body)).not.toContain('paused');
    expect(approvals.body).toMatchObject({
      contents: [
        { approval_requests: { name: 'offer', status: 'paused', category: 'MARKETING' } },
        { approval_requests: { name: 'hello', status: 'approved', content_type: 'twilio/text' } },
      ],
    });
  });

  test.each([
    [{ ContentName: '^he' }, ['hello']],
    [{ Content: 'offer' }, ['offer']],
    [{ Language: 'de' }, ['offer']],
    [{ ContentType: 'twilio/text,twilio/media' }, ['hello']],
    [{ ChannelEligibility: 'whatsapp:approved' }, ['hello']],
    [{ DateCreatedAfter: '2026-01-15T00:00:00Z' }, ['offer']],
    [{ DateCreatedBefore: '2026-01-15T00:00:00Z' }, ['hello']],
    [{ SortByContentName: 'asc' }, ['hello', 'offer']],
    [{ SortByDate: 'desc' }, ['offer', 'hello']],
  ])('are filtered and sorted by the second version: %j', async (query, expected) => {
    const { names } = await withContents();

    expect(await names(query)).toEqual(expected);
  });

  test('change their approval as WhatsApp decides', async () => {
    const { twilio } = await withContents();

    twilio.contents.setApproval(HELLO, { status: 'rejected', rejectionReason: 'Too vague' });

    expect((await call(twilio, `GET /v1/Content/${HELLO}/ApprovalRequests`)).body).toMatchObject({
      sid: HELLO,
      whatsapp: { type: 'whatsapp', status: 'rejected', rejection_reason: 'Too vague' },
    });
  });
});
