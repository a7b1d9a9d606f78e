import { describe, expect, test } from '@jest/globals';
import { RequestLog } from '../../../lambdas/telemetry/request-log';

describe('a request log', () => {
  test('of a request without outbound requests says so', () => {
    expect(new RequestLog().entry()).toEqual({
      milliseconds: expect.any(Number),
      airtableRequests: 0,
      twilioRequests: 0,
    });
  });

  test('counts the requests to each system', () => {
    const requestLog = new RequestLog();
    requestLog.count('Airtable', 'requests');
    requestLog.count('Twilio', 'requests');
    requestLog.count('Airtable', 'requests');

    expect(requestLog.entry()).toMatchObject({ airtableRequests: 2, twilioRequests: 1 });
  });

  test('reports retries, 429s and failures only if there were any, each with its count', () => {
    const requestLog = new RequestLog();
    requestLog.count('Airtable', 'retries');
    requestLog.count('Airtable', 'retries');
    requestLog.count('Airtable', 'rateLimited');
    requestLog.count('Twilio', 'failures');

    expect(requestLog.entry()).toEqual({
      milliseconds: expect.any(Number),
      airtableRequests: 0,
      airtableRetries: 2,
      airtableRateLimited: 1,
      twilioRequests: 0,
      twilioFailures: 1,
    });
  });

  test('says whether the request was the first of its container', () => {
    expect(new RequestLog(true).entry()).toMatchObject({ coldStart: true });
    expect(new RequestLog(false).entry()).not.toHaveProperty('coldStart');
  });

  test('adds new facts about the request to the known ones', () => {
    const requestLog = new RequestLog();
    requestLog.about({ location: 'GetCustomersList', worker: 'ana@example.com' });
    requestLog.about({ worker: 'bob@example.com' });

    expect(requestLog.entry()).toMatchObject({ location: 'GetCustomersList', worker: 'bob@example.com' });
  });

  test('keeps its warnings in order, numbers redacted', () => {
    const requestLog = new RequestLog();
    requestLog.warn('+14155550123 could not be reached');
    requestLog.warn('so it was left');

    expect(requestLog.entry()).toMatchObject({ warnings: ['…23 could not be reached', 'so it was left'] });
  });
});
