import { describe, expect, test } from '@jest/globals';
import { ask } from './requests';
import { anOkta, aSamlApplication, TOKEN } from './serve';

describe('faults', () => {
  test.each([
    [{ kind: 'server-error' }, 500, 'E0000009'],
    [{ kind: 'unavailable' }, 503, 'E0000010'],
    [{ kind: 'refused', status: 403, code: 'E0000006', summary: 'No permission' }, 403, 'E0000006'],
  ] as const)('%o: the request fails, and nothing is done', async (fault, status, errorCode) => {
    const okta = await anOkta();
    okta.faults.next(1, fault);

    expect(await ask(okta, 'POST', '/apps', aSamlApplication())).toMatchObject({
      status,
      body: { errorCode },
    });
    expect(okta.applications()).toEqual([]);

    await ask(okta, 'POST', '/apps', aSamlApplication());
    expect(okta.applications()).toHaveLength(1);
  });

  test("rate-limited: gives the end of the limit by the response's clock", async () => {
    const okta = await anOkta();
    okta.faults.next(1, { kind: 'rate-limited', secondsToReset: 7 });

    const { status, headers } = await ask(okta, 'GET', '/apps');

    const date = Date.parse(headers.get('date') ?? '') / 1_000;
    expect(status).toBe(429);
    expect(headers.get('x-rate-limit-remaining')).toBe('0');
    expect(Number(headers.get('x-rate-limit-reset')) - date).toBe(7);
  });

  test('bad-gateway: returns a page of HTML', async () => {
    const okta = await anOkta();
    okta.faults.next(1, { kind: 'bad-gateway' });

    expect(await ask(okta, 'GET', '/apps')).toMatchObject({
      status: 502,
      body: expect.stringContaining('<h1>'),
    });
  });

  test('redirected: to another URL', async () => {
    const okta = await anOkta();
    okta.faults.next(1, { kind: 'redirected', to: 'https://moved.example.com/' });

    const { status, headers } = await ask(okta, 'GET', '/apps');

    expect([status, headers.get('location')]).toEqual([302, 'https://moved.example.com/']);
  });

  test('connection-reset: nothing is done; answer-lost: it is done without a response', async () => {
    const okta = await anOkta();

    okta.faults.next(1, { kind: 'connection-reset' });
    await expect(ask(okta, 'POST', '/apps', aSamlApplication())).rejects.toThrow();
    expect(okta.applications()).toEqual([]);

    okta.faults.next(1, { kind: 'answer-lost' });
    await expect(ask(okta, 'POST', '/apps', aSamlApplication())).rejects.toThrow();
    expect(okta.applications()).toHaveLength(1);
    expect(okta.requests).toMatchObject([{ status: null }, { status: null }]);
  });

  test('stalled: there is no response until the caller times out', async () => {
    const okta = await anOkta();
    okta.faults.next(1, { kind: 'stalled' });

    const request = fetch(`${okta.url}/api/v1/apps`, {
      headers: { authorization: `SSWS ${TOKEN}` },
      signal: AbortSignal.timeout(100),
    });

    await expect(request).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  test('can be limited to some requests, and cleared', async () => {
    const okta = await anOkta();
    okta.faults.always({ kind: 'server-error' }, ({ method }) => method === 'POST');

    expect((await ask(okta, 'GET', '/apps')).status).toBe(200);
    expect((await ask(okta, 'POST', '/apps', aSamlApplication())).status).toBe(500);

    okta.faults.clear();
    expect((await ask(okta, 'POST', '/apps', aSamlApplication())).status).toBe(200);
  });
});
