import { describe, expect, test } from '@jest/globals';
import { Journal } from '../../../lambdas/journal/journal';

describe('a journal', () => {
  test('of a request that asked nobody says so', () => {
    expect(new Journal().entry()).toEqual({
      milliseconds: expect.any(Number),
      airtableRequests: 0,
      twilioRequests: 0,
    });
  });

  test('counts the requests to each system', () => {
    const journal = new Journal();
    journal.countRequest('Airtable');
    journal.countRequest('Twilio');
    journal.countRequest('Airtable');

    expect(journal.entry()).toMatchObject({ airtableRequests: 2, twilioRequests: 1 });
  });

  test('adds what is learned of the request to what is known', () => {
    const journal = new Journal();
    journal.about({ location: 'GetCustomersList', worker: 'ana@example.com' });
    journal.about({ worker: 'bob@example.com' });

    expect(journal.entry()).toMatchObject({ location: 'GetCustomersList', worker: 'bob@example.com' });
  });

  test('keeps its warnings in order, numbers masked', () => {
    const journal = new Journal();
    journal.warn('+14155550123 could not be reached');
    journal.warn('so it was left');

    expect(journal.entry()).toMatchObject({ warnings: ['…23 could not be reached', 'so it was left'] });
  });
});
