import { TABLE_NAMES } from '../../cli/start/local-tables';
import { startDynamoDb } from '../../emulators/dynamodb/dynamodb-emulator';
import { INBOX_TABLE } from '../../lambdas/inbox/store/inbox-table';
import { OPT_OUT_TABLE, REPLICA_TABLE } from '../../lambdas/replica/tables';
import { sendToParent } from './child';

const tables = {
  [TABLE_NAMES.replica]: REPLICA_TABLE,
  [TABLE_NAMES.optOuts]: OPT_OUT_TABLE,
  [TABLE_NAMES.inbox]: INBOX_TABLE,
};
const { url } = await startDynamoDb({ tables });
sendToParent({ url });
