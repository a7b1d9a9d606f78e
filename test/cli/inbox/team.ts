import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { type DeployedInbox, openInboxAt } from '../../../cli/inbox/deployed-inbox';
import {
  createTables,
  type DynamoDbEmulator,
  startDynamoDb,
} from '../../../emulators/dynamodb/dynamodb-emulator';
import { INBOX_TABLE } from '../../../lambdas/inbox/store/inbox-table';
import { type CognitoEmulator, startCognito } from '../../emulators/cognito/cognito-emulator';
import { setEnvironment } from '../../world/world';

export const INBOX_URL = 'https://inbox.example.com';

/** A user pool and an inbox table over HTTP, new for each test. */
export function useTeam(): { readonly cognito: CognitoEmulator; readonly inbox: DeployedInbox } {
  let dynamoDb: DynamoDbEmulator;
  let cognito: CognitoEmulator;
  let inbox: DeployedInbox;
  let tables = 0;
  beforeAll(async () => {
    dynamoDb = await startDynamoDb({ tables: {} });
    cognito = await startCognito();
    setEnvironment({
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
      AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: cognito.url,
    });
  });
  beforeEach(async () => {
    cognito.reset();
    cognito.empty();
    tables += 1;
    const table = `Team-${tables}`;
    await createTables(dynamoDb.url, { [table]: INBOX_TABLE });
    inbox = openInboxAt({ table, queueUrl: 'http://127.0.0.1:1/queue', url: INBOX_URL, userPoolId: 'pool' });
  });
  afterAll(async () => {
    await cognito.close();
    await dynamoDb.close();
  });
  return {
    get cognito() {
      return cognito;
    },
    get inbox() {
      return inbox;
    },
  };
}
