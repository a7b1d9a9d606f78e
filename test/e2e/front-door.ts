import { createServer } from 'node:http';
import * as v from 'valibot';
import { type Listening, listen } from '../../emulators/core/http-server';
import { STACK_NAME } from '../../lib/stack-names';
import { forward } from './forward';
import type { MiniStack } from './ministack';

const STACK_TAG = 'aws:cloudformation:stack-name';
const Apis = v.object({
  items: v.array(v.object({ apiId: v.string(), tags: v.object({ [STACK_TAG]: v.string() }) })),
});

export interface FrontDoor extends Listening {
  /** Whether requests without a signature get a response here, as from a proxy that does not verify. */
  letIn(what: 'signed' | 'unsigned'): void;
}

/**
 * A custom domain in front of the deployed API: an address that is known before the stack exists, as PUBLIC_BASE_URL
 * requires, and that this machine can resolve, which `*.execute-api.localhost` need not be.
 */
export async function startFrontDoor(cloud: MiniStack): Promise<FrontDoor> {
  let letsIn: 'signed' | 'unsigned' = 'signed';
  const server = createServer((incoming, outgoing) => {
    if (letsIn === 'unsigned' && !incoming.headers['x-twilio-signature']) {
      outgoing.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      return;
    }
    findApi(cloud)
      .then((apiId) => forward(incoming, outgoing, cloud.port, { host: `${apiId}.execute-api.localhost` }))
      .catch((error: unknown) => outgoing.writeHead(502).end(String(error)));
  });
  const listening = await listen(server, 0);
  return {
    ...listening,
    letIn: (what) => {
      letsIn = what;
    },
  };
}

async function findApi(cloud: MiniStack): Promise<string> {
  const { items } = v.parse(Apis, JSON.parse(await cloud.request('apigateway', '/v2/apis')));
  const api = items.find(({ tags }) => tags[STACK_TAG] === STACK_NAME);
  if (api === undefined) throw new Error('No API of the service is deployed');
  return api.apiId;
}
