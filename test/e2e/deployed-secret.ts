import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import * as v from 'valibot';
import { type MiniStack, REGION, ROOT } from './ministack';

const Secrets = v.object({ SecretList: v.tuple([v.object({ ARN: v.string() })]) });

/** The secret of the deployed service, as read and changed in the console. */
export class DeployedSecret {
  readonly #client: SecretsManagerClient;

  constructor(private readonly cloud: MiniStack) {
    this.#client = new SecretsManagerClient({ endpoint: cloud.url, region: REGION, credentials: ROOT });
  }

  async read(): Promise<string> {
    const { SecretString } = await this.#client.send(
      new GetSecretValueCommand({ SecretId: await this.#arn() }),
    );
    return SecretString ?? '';
  }

  async write(SecretString: string): Promise<void> {
    await this.#client.send(new PutSecretValueCommand({ SecretId: await this.#arn(), SecretString }));
  }

  async #arn(): Promise<string> {
    const answer = await this.cloud.request('secretsmanager', '/', {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'secretsmanager.ListSecrets',
      },
      body: '{}',
    });
    return v.parse(Secrets, JSON.parse(answer)).SecretList[0].ARN;
  }
}
