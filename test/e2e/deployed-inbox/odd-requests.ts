import { deepEqual, match } from 'node:assert/strict';
import type { WorkerPage } from '../inbox/worker-page';
import { issueTicket } from './live-attacks';
import type { Attacked } from './token-attacks';

/** Paths with a worker's own token. */
const TARGETS = [
  ...[
    '/api',
    '/api/',
    '/api//chats',
    '/api/none',
    '/API/chats',
    '/api/chats/',
    '/api/session%00',
    '/api/%2e%2e/x',
  ],
  ...[
    '/api/chats/..%2f..%2f',
    '/api/chats/CH%0d%0aX-Evil:%201',
    '/api/chats/%E0%A4%A',
    '/api/chats/__proto__',
  ],
  ...['/api/chats?limit=-1', '/api/chats?limit=1e9', '/api/chats?cursor=e30', '/api/chats?cursor=%00'],
  ...[
    '/api/chats?filter=all&filter=closed',
    '/api/chats?changedSince=never',
    '/api/customers?q=%25%27%22%3B',
  ],
  `/api/chats/${'a'.repeat(6_000)}`,
];
const BODIES = [
  ...[
    'null',
    '[]',
    '"text"',
    '1',
    '{',
    '\u0000',
    '{"__proto__":{"isAvailable":true}}',
    '{"isAvailable":"true"}',
  ],
  ...[`{"isAvailable":true,"x":"${'x'.repeat(200_000)}"}`, '['.repeat(50_000)],
];
const FRAMES = [
  ...['', '{', '[]', 'null', 'A'.repeat(30_000), '{"kind":"other"}', '{"action":"$connect"}'],
  ...['{"action":"$disconnect"}', '{"action":"__proto__"}', '{"kind":"ping","connectionId":"other"}'],
];

/** Requests and frames that no app sends: each is answered, and none ends in a failure. */
export async function checkOddRequests(attacked: Attacked, worker: WorkerPage): Promise<void> {
  const { report, inbox, outputs, ana } = attacked;
  const authorization = `Bearer ${ana.access_token}`;
  await report.check('no odd address or body of the API ends in a failure', async () => {
    const failures: unknown[] = [];
    for (const target of TARGETS) {
      const { status } = await inbox.internet.ask(outputs.InboxApiUrl, target, {
        headers: { authorization },
      });
      if (status >= 500) failures.push({ target, status });
    }
    for (const body of BODIES) {
      for (const type of ['application/json', 'text/plain', 'application/octet-stream']) {
        const headers = { authorization, 'content-type': type };
        const asked = { method: 'PUT', headers, body };
        const answer = await inbox.internet.ask(outputs.InboxApiUrl, '/api/session/availability', asked);
        if (answer.status !== 400) failures.push({ body: body.slice(0, 60), type, status: answer.status });
      }
    }
    deepEqual(failures, []);
  });
  await report.check('a socket goes on after odd frames, and answers no one else', async () => {
    const url = await issueTicket(attacked, ana.access_token);
    const answers = await worker.page.evaluate<string>(`new Promise((resolve) => {
      const answers = [];
      const socket = new WebSocket(${JSON.stringify(url)});
      socket.addEventListener('open', () => {
        for (const frame of ${JSON.stringify(FRAMES)}) socket.send(frame);
        socket.send('{"kind":"ping"}');
      });
      socket.addEventListener('message', ({ data }) => {
        answers.push(data);
        if (data.includes('pong')) resolve(answers.join(' '));
      });
      socket.addEventListener('close', () => resolve(answers.join(' ') + ' closed'));
    })`);
    match(answers, /^\{"kind":"pong"\}$/);
  });
}
