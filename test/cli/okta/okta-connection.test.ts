import { createServer } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { type ConnectionOptions, OktaConnection } from '../../../cli/okta/okta-connection';
import { type Listening, listen } from '../../../emulators/core/http-server';
import {
  ConfigurationError,
  NotFoundError,
  ServiceUnavailableError,
  UpstreamError,
} from '../../../lambdas/errors';
import { anOkta, aSamlApplication, TOKEN } from '../../emulators/okta/serve';

const REQUEST = {
  path: 'apps?limit=200',
  purpose: 'list the applications',
  permission: 'to manage applications',
} as const;
const CREATION = {
  path: 'apps',
  purpose: 'create the application',
  permission: 'to manage applications',
  method: 'POST',
  body: aSamlApplication(),
  repeatable: false,
} as const;
const Identified = v.object({ id: v.string() });
const QUICKLY = { waitsMilliseconds: [1, 1, 1] };

function connect(url: string, options: Partial<ConnectionOptions> = {}, token = TOKEN) {
  const defaults = { signal: new AbortController().signal, onWait: () => {}, retries: QUICKLY };
  return new OktaConnection(url, token, { ...defaults, ...options });
}

const listeners: Listening[] = [];
afterEach(async () => {
  await Promise.all(listeners.splice(0).map((listener) => listener.close()));
});

/** A server that is not Okta, and the headers of its requests. */
async function another(
  status: number,
  body: string,
  headers: Record<string, string> = {},
  onRequest: (count: number) => void = () => {},
) {
  const authorizations: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    authorizations.push(request.headers.authorization);
    onRequest(authorizations.length);
    response.writeHead(status, headers).end(body);
  });
  const listener = await listen(server, 0);
  listeners.push(listener);
  return { url: listener.url, authorizations };
}

describe('a rejection', () => {
  test('of the token names possible reasons, and where to create another token', async () => {
    const okta = await anOkta();

    const read = connect(okta.url, {}, `${TOKEN}x`).read(REQUEST, v.unknown());

    await expect(read).rejects.toBeInstanceOf(ConfigurationError);
    await expect(read).rejects.toThrow(
      /^OKTA_API_TOKEN was rejected \(401: Invalid token provided\): .*30 days.*Security > API > Tokens/,
    );
    expect(okta.requests).toHaveLength(1);
  });

  test.each([
    [
      403,
      'E0000006',
      ConfigurationError,
      /^Okta rejected the request to list the applications \(403: Hm\): .*no role that allows to manage applications/,
    ],
    [
      404,
      'E0000007',
      NotFoundError,
      /404 while trying to list the applications: Hm\. .*the right organisation/,
    ],
    [400, 'E0000001', UpstreamError, /^Okta rejected the request to list the applications \(400: Hm\)$/],
    [500, 'E0000009', ServiceUnavailableError, /500 while trying to list the applications: Hm$/],
  ] as const)('with %s is explained', async (status, code, type, words) => {
    const okta = await anOkta();
    okta.faults.always({ kind: 'rejected', status, code, summary: 'Hm' });

    const read = connect(okta.url).read(REQUEST, v.unknown());

    await expect(read).rejects.toBeInstanceOf(type);
    await expect(read).rejects.toThrow(words);
  });

  test("contains Okta's causes", async () => {
    const okta = await anOkta();

    const write = connect(okta.url).write(
      { ...CREATION, body: aSamlApplication({ audience: '' }) },
      v.unknown(),
    );

    await expect(write).rejects.toThrow('; settings.signOn.audience: must not be blank)');
  });

  test('never shows the token, even if Okta returns it', async () => {
    const okta = await anOkta();
    okta.faults.always({ kind: 'rejected', status: 400, code: 'E0000001', summary: `Bad: ${TOKEN}` });

    await expect(connect(okta.url).read(REQUEST, v.unknown())).rejects.toThrow(/\(400: Bad: …\)$/);
  });

  test('by a proxy is reported without its page', async () => {
    const okta = await anOkta();
    okta.faults.always({ kind: 'bad-gateway' });

    await expect(connect(okta.url).read(REQUEST, v.unknown())).rejects.toThrow(
      /502 while trying to list the applications$/,
    );
  });
});

describe('a server that is not Okta', () => {
  test('that responds with a page is named', async () => {
    const { url } = await another(200, '<html>Welcome</html>');

    const read = connect(url).read(REQUEST, v.unknown());

    await expect(read).rejects.toBeInstanceOf(UpstreamError);
    await expect(read).rejects.toThrow(`The response of ${url} is not valid`);
  });

  test('that redirects is not followed with the token', async () => {
    const elsewhere = await another(200, '[]');
    const okta = await anOkta();
    okta.faults.always({ kind: 'redirected', to: elsewhere.url });

    await expect(connect(okta.url).read(REQUEST, v.unknown())).rejects.toThrow('OKTA_ORG_URL');
    expect(elsewhere.authorizations).toEqual([]);
  });

  test('that a list links to does not get the token, because only the path of a link is used', async () => {
    const elsewhere = await another(200, '[]');
    // The list has no end.
    const ending = new AbortController();
    const { url, authorizations } = await another(
      200,
      '[{"id":"1"}]',
      { link: `<${elsewhere.url}/api/v1/apps?after=2>; rel="next"` },
      (count) => count === 3 && ending.abort(),
    );
    const reading = connect(url, { signal: ending.signal }).readAll(REQUEST, Identified);

    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
    expect(authorizations).toHaveLength(3);
    expect(elsewhere.authorizations).toEqual([]);
  });

  test('that does not listen is named', async () => {
    const { url } = await another(200, '');
    await Promise.all(listeners.splice(0).map((listener) => listener.close()));

    const read = connect(url).read(REQUEST, v.unknown());

    await expect(read).rejects.toBeInstanceOf(ServiceUnavailableError);
    await expect(read).rejects.toThrow(`No response from ${url} while trying to list the applications: `);
  });
});

describe('a list', () => {
  test('is read to its end, page by page', async () => {
    const okta = await anOkta({ maxPageSize: 2 });
    for (const _ of Array(5)) okta.addApplication(aSamlApplication());

    const found = await connect(okta.url).readAll(REQUEST, Identified);

    expect(found).toEqual(okta.applications().map(({ id }) => ({ id })));
    expect(okta.requests).toHaveLength(3);
  });

  test('with an invalid item is rejected as a whole', async () => {
    const { url } = await another(200, '[{"id":"1"},{"id":2}]');

    await expect(connect(url).readAll(REQUEST, Identified)).rejects.toThrow('(1.id)');
  });
});

describe('the rate limit', () => {
  test('is waited out as long as Okta says, and the wait is reported', async () => {
    const okta = await anOkta();
    const waits: number[] = [];
    okta.faults.next(1, { kind: 'rate-limited', secondsToReset: 1 });

    await connect(okta.url, { onWait: (seconds) => waits.push(seconds) }).read(REQUEST, v.unknown());

    expect(waits).toEqual([1]);
    expect(okta.requests).toHaveLength(2);
  });

  test('that lasts longer than a minute is not waited for', async () => {
    const okta = await anOkta();
    okta.faults.always({ kind: 'rate-limited', secondsToReset: 3_600 });

    const read = connect(okta.url).read(REQUEST, v.unknown());

    await expect(read).rejects.toMatchObject({ name: 'Unavailable', retryAfterSeconds: 3_600 });
    expect(okta.requests).toHaveLength(1);
  });
});

describe('a temporary failure', () => {
  test.each([
    [{ kind: 'server-error' }, 1],
    [{ kind: 'connection-reset' }, 1],
    [{ kind: 'unavailable' }, 2],
    [{ kind: 'rate-limited', secondsToReset: 1 }, 2],
  ] as const)('%o: a request that is not idempotent is sent %s times', async (fault, times) => {
    const okta = await anOkta();
    okta.faults.next(1, fault);

    await connect(okta.url)
      .write(CREATION, Identified)
      .catch(() => undefined);

    expect(okta.requests).toHaveLength(times);
  });
});

describe('a missing response', () => {
  test('times out', async () => {
    const okta = await anOkta();
    okta.faults.always({ kind: 'stalled' });

    const write = connect(okta.url, { retries: { attemptMilliseconds: 50 } }).write(CREATION, Identified);

    await expect(write).rejects.toThrow(/create the application: .*The outcome is unknown/);
  });
});
