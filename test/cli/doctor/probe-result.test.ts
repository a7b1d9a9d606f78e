import { describe, expect, test } from '@jest/globals';
import type { Probe } from '../../../cli/doctor/probe-requests';
import { faultOf, timesOf } from '../../../cli/doctor/probe-result';

const PROBE: Probe = {
  callback: 'crm',
  purpose: 'the customers',
  form: [],
  expects: { status: 200, body: /^\{/ },
};

const answer = (milliseconds: number) => ({ status: 200, milliseconds, body: '{}' });

describe('the times of a probe', () => {
  test('pass within Twilio’s timeout', () => {
    expect(timesOf(PROBE, answer(5_999), answer(80))).toEqual({
      status: 'pass',
      message: '200 in 5999 ms, then in 80 ms: the customers',
    });
  });

  test.each([
    [6_000, 80],
    [80, 6_100],
  ])('fail at %d and %d ms, after Twilio’s timeout', (first, second) => {
    expect(timesOf(PROBE, answer(first), answer(second))).toMatchObject({
      status: 'fail',
      message: `200 in ${first} ms, then in ${second} ms; Twilio times out after 6000 ms`,
      fix: expect.stringContaining('npx frontline logs --callback crm'),
    });
  });
});

describe('the response to a probe', () => {
  test('passes with the status and the body that prove it', () => {
    expect(faultOf(PROBE, answer(1))).toBeNull();
  });

  test.each([
    ['another body', 200, '<html>', /^returned 200, but not the service's response/, /Another service/],
    [
      'a refusal by a firewall',
      403,
      '{"message":"Forbidden"}',
      /403: Forbidden/,
      /before it reached the service/,
    ],
    ['the throttling of the API', 429, '{"message":"Too Many Requests"}', /429/, /throttling/],
    ['no function in time', 503, '{"message":"Service Unavailable"}', /503/, /timed out/],
    [
      'an outage behind it',
      503,
      '{"error":"Unavailable","message":"Airtable limits the rate","request_id":"r-1"}',
      /503: Airtable limits the rate \(request r-1\)/,
      /npx frontline logs/,
    ],
  ])('fails with %s', (_, status, body, message, fix) => {
    expect(faultOf(PROBE, { status, milliseconds: 1, body })).toEqual({
      status: 'fail',
      message: expect.stringMatching(message),
      fix: expect.stringMatching(fix),
    });
  });
});
