import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { Answered } from './internet';
import type { Attacked } from './token-attacks';

/** Never to be asked. */
export const EVIL = 'https://evil.example';

/** Asks the site for what it does not have, and for what it must not give. */
export async function checkSite(attacked: Attacked): Promise<void> {
  const { report, inbox, outputs, cloud } = attacked;
  const get = (target: string) => inbox.internet.ask(outputs.InboxUrl, target);
  const page = await get('/');
  const asset = /src="(\/assets\/[^"]+\.js)"/.exec(page.body)?.[1] ?? '';
  await report.check('every kind of response has the headers that protect the page', async () => {
    for (const target of ['/', '/chats/CH1', asset, '/assets/none.js', '/none.html']) {
      checkHeaders(target, await get(target));
    }
  });
  await report.check('the page names its addresses, and allows requests to no other', () => {
    const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/i.exec(page.body)?.[1] ?? '';
    const connect = /connect-src ([^;]+)/.exec(policy.replaceAll('&#39;', "'"))?.[1]?.split(' ').toSorted();
    const { InboxApiUrl, LiveUrl, SignInUrl } = outputs;
    const live = new URL(LiveUrl).origin;
    ok(
      connect?.some((source) => source.startsWith(live)),
      policy,
    );
    deepEqual(
      connect?.filter((source) => !source.startsWith(live)),
      ["'self'", InboxApiUrl, SignInUrl].toSorted(),
    );
    match(policy, /default-src (&#39;|')none/);
    ok(!/<script(?![^>]*\ssrc=)[^>]*>/.test(page.body), 'the page has a script in it');
  });
  await report.check(
    'a file that does not exist is 404, and every address of the app is the page',
    async () => {
      for (const target of ['/assets/none.js', '/none', '/index.php', '/.env', '/assets/', '/assets']) {
        equal((await get(target)).status, 404, target);
      }
      for (const target of ['/chats', '/chats/', '/customers/1/new/sms', '/settings', '/sign-in?code=1']) {
        const { status, body } = await get(target);
        equal(status, 200, target);
        equal(body, page.body, target);
      }
    },
  );
  await report.check('odd addresses end neither in a failure nor in a file outside', async () => {
    const odd = [
      '/%00',
      '/..%2f',
      '/..%2f..%2f..%2fBoot/passwd',
      '/%2e%2e/%2e%2e/',
      '/chats/%0d%0aX-Evil:%201',
    ];
    const odder = [
      '//evil.example',
      '/\\evil.example',
      '/%5C/evil.example',
      '/?next=https://evil.example',
      `/${'a'.repeat(7_000)}`,
    ];
    for (const target of [...odd, ...odder]) {
      const { status, headers } = await get(target);
      ok(status === 200 || status === 404 || status === 400, `${status} ${target.slice(0, 40)}`);
      equal(headers.location, undefined, target);
      equal(headers['x-evil'], undefined);
    }
  });
  await report.check('nothing can be written to the site', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      const { status } = await inbox.internet.ask(outputs.InboxUrl, '/index.html', { method, body: 'x' });
      ok(status === 403 || status === 405, `${method} ${status}`);
    }
    equal((await get('/')).body, page.body);
  });
  await report.check('the bucket gives its files to CloudFront only', async () => {
    const response = await fetch(`${cloud.url}/${outputs.SiteBucketName}/index.html`);
    equal(response.status, 403);
  });
  await report.check('the API lets no page of another origin read its answers', async () => {
    for (const method of ['GET', 'OPTIONS']) {
      const headers = { origin: EVIL, 'access-control-request-method': 'GET' };
      const answer = await inbox.internet.ask(outputs.InboxApiUrl, '/api/session', { method, headers });
      equal(answer.headers['access-control-allow-origin'], undefined);
    }
  });
}

function checkHeaders(target: string, { headers }: Answered): void {
  const header = (name: string) => String(headers[name] ?? '');
  const policy = /script-src 'self';.*object-src 'none'.*frame-ancestors 'none'/;
  match(header('content-security-policy'), policy, target);
  match(header('strict-transport-security'), /max-age=31536000/, target);
  equal(header('x-frame-options'), 'DENY', target);
  equal(header('x-content-type-options'), 'nosniff', target);
  equal(header('referrer-policy'), 'no-referrer', target);
}
