import { startSecretsManager } from '../../emulators/secrets-manager/secrets-manager';
import type { Account } from './account';
import { listenOnPort, nextPort } from './listen-on-port';

const NAME = 'FrontlineAirtable';

/** A Secrets Manager emulator with the secret. */
export interface RunningSecret {
  readonly url: string;
  readonly secretArn: string;
  close(): Promise<void>;
}

/** Starts a Secrets Manager emulator with the account's credentials. */
export async function startSecret(port: number, account: Account): Promise<RunningSecret> {
  const secrets = { [NAME]: JSON.stringify(account) };
  const manager = await listenOnPort('the Secrets Manager emulator', nextPort(port, 3), (itsPort) =>
    startSecretsManager({ secrets, port: itsPort }),
  );
  return { url: manager.url, secretArn: manager.arn(NAME), close: manager.close };
}
