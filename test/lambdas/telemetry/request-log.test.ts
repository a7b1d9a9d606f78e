import { describe, expect, test } from '@jest/globals';
import { RequestLog } from '../../../lambdas/telemetry/request-log';

describe('a journal', () => {
  test('of a request that asked nobody says so', () => {
    expect(new RequestLog().entry()).toEqual({
      milliseconds: expect.any(Number),
      airtableRequests: 0,
      twilioRequests: 0,
    });
  });

  test('counts the requests to each system', () => {
    const journal = new RequestLog();
    journal.count('Airtable', 'requests');
    journal.count('Twilio', 'requests');
    journal.count('Airtable', 'requests');

    expect(journal.entry()).toMatchObject({ airtableRequests: 2, twilioRequests: 1 });
  });

  test('says nothing of retries, 429s and failures where there were none, and counts each where there were', () => {
    const journal = new RequestLog();
    journal.count('Airtable', 'retries');
    journal.count('Airtable', 'retries');
    journal.count('Airtable', 'rateLimited');
    journal.count('Twilio', 'failures');

    expect(journal.entry()).toEqual({
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

  test('adds what is learned of the request to what is known', () => {
    const journal = new RequestLog();
    journal.about({ location: 'GetCustomersList', worker: 'ana@example.com' });
    journal.about({ worker: 'bob@example.com' });

    expect(journal.entry()).toMatchObject({ location: 'GetCustomersList', worker: 'bob@example.com' });
  });

  test('keeps its warnings in order, numbers masked', () => {
    const journal = new RequestLog();
    journal.warn('+14155550123 could not be reached');
    journal.warn('so it was left');

    expect(journal.entry()).toMatchObject({ warnings: ['…23 could not be reached', 'so it was left'] });
  });
});
