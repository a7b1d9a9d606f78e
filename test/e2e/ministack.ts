import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Listening, listen } from '../../emulators/core/http-server';
import { endGroup } from './command';
import { forward, forwardUpgrades } from './forward';
import type { PythonTools } from './python-tools';

export const REGION = 'us-east-1';
export const ACCOUNT = '000000000000';
/** MiniStack reads these as the account's root user. */
export const ROOT = { accessKeyId: 'test', secretAccessKey: 'test' };

const STARTING_SECONDS = 60;
const ATTEMPTS = 3;

/** AWS, emulated on this machine by MiniStack. */
export interface MiniStack {
  readonly url: string;
  readonly port: number;
  /** The port in the addresses that MiniStack makes up: `http://<api>.execute-api.localhost:<port>`. */
  readonly ownPort: number;
  /** Sends a request as the account's root user, and returns the body at any status. */
  request(service: string, path: string, init?: RequestInit): Promise<string>;
  close(): Promise<void>;
}

/** Starts MiniStack on a free port; on another one if that has been taken meanwhile. */
export async function startMiniStack(
  tools: Pick<PythonTools, 'ministack' | 'node'>,
  folder: string,
  signal: AbortSignal,
): Promise<MiniStack> {
  mkdirSync(folder);
  for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
    try {
      return await startOnce(tools, folder, signal);
    } catch (error) {
      if (!(error instanceof MiniStackEndedError)) throw error;
    }
  }
  return startOnce(tools, folder, signal);
}

class MiniStackEndedError extends Error {
  override readonly name = 'MiniStackEndedError';
}

/**
 * Starts MiniStack on a port that is free now. It writes only to `folder`. It checks IAM policies, so that a function can do only
 * what its role allows. It runs functions on the first `node` of its PATH.
 */
async function startOnce(
  { ministack: program, node }: Pick<PythonTools, 'ministack' | 'node'>,
  folder: string,
  signal: AbortSignal,
): Promise<MiniStack> {
  const ownPort = await freePort();
  const gateway = await startGateway(ownPort);
  const { url } = gateway;
  const logFile = join(folder, 'ministack.log');
  const output = openSync(logFile, 'w');
  // In a process group of its own: its functions are processes too, and Ctrl-C must reach this process first.
  const server = spawn(program, [], {
    detached: true,
    stdio: ['ignore', output, output],
    env: environment(folder, ownPort, url, node.folder),
  });
  closeSync(output);
  let running = true;
  const ended = new Promise<void>((resolve) => {
    for (const event of ['error', 'close']) server.once(event, () => resolve());
  }).then(() => {
    running = false;
  });
  const close = async () => {
    if (running) endGroup(server);
    await ended;
    await gateway.close();
  };

  try {
    await ready(url, signal, () => !running);
  } catch (cause) {
    const hasEnded = !running;
    await close();
    const message = `MiniStack did not start. Its log:\n${readFileSync(logFile, 'utf8')}`;
    throw hasEnded ? new MiniStackEndedError(message, { cause }) : new Error(message, { cause });
  }
  return {
    url,
    port: Number(new URL(url).port),
    ownPort,
    close,
    request: async (service, path, init = {}) => {
      const authorization = `AWS4-HMAC-SHA256 Credential=${ROOT.accessKeyId}/20260101/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=unchecked`;
      const response = await fetch(url + path, {
        ...init,
        signal,
        headers: { ...init.headers, authorization },
      });
      return response.text();
    },
  };
}

/**
 * Stands for the TLS of AWS's endpoints: policies that reject plain HTTP hold, and are satisfied. Operators' commands and
 * functions reach MiniStack through it.
 */
async function startGateway(port: number): Promise<Listening> {
  const tls = { 'x-forwarded-proto': 'https' };
  const server = createHttpServer((incoming, outgoing) => forward(incoming, outgoing, port, tls));
  forwardUpgrades(server, port, () => tls);
  return listen(server, 0);
}

/** Only the required variables: its functions inherit all, which would hide one that a deployment forgot to set. */
function environment(folder: string, port: number, url: string, nodeFolder: string): Record<string, string> {
  return {
    PATH: `${nodeFolder}:${process.env['PATH']}`,
    HOME: folder,
    TMPDIR: folder,
    STATE_DIR: join(folder, 'state'),
    S3_DATA_DIR: join(folder, 's3'),
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    AWS_ENDPOINT_URL: url,
    AUTH: 'true',
    // Otherwise it opens a port for devices on every interface of this machine.
    IOT_MTLS_ENABLED: '0',
    AWS_ACCESS_KEY_ID: ROOT.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ROOT.secretAccessKey,
  };
}

async function ready(url: string, signal: AbortSignal, hasEnded: () => boolean): Promise<void> {
  const giveUpAt = Date.now() + STARTING_SECONDS * 1000;
  for (;;) {
    signal.throwIfAborted();
    if (hasEnded()) throw new Error('MiniStack ended');
    if (Date.now() > giveUpAt) throw new Error(`MiniStack is not ready after ${STARTING_SECONDS} s`);
    const response = await fetch(`${url}/_ministack/ready`, { signal: AbortSignal.timeout(1_000) }).catch(
      () => null,
    );
    // Another MiniStack may respond at a port that this one did not get.
    if (response?.ok && !hasEnded()) return;
    await delay(100, undefined, { signal });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('There is no free port on 127.0.0.1');
  return address.port;
}
