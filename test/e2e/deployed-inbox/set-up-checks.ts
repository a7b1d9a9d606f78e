import { equal, ok } from 'node:assert/strict';
import type { Report } from '../report';
import type { DeployedInbox } from './deployed-inbox';

const SETUP = ['setup', '--inbox', '--yes'] as const;

/** Sets up the service with the inbox from `.env` alone. */
export async function checkInboxSetUp(report: Report, inbox: DeployedInbox): Promise<void> {
  await report.check('setup --inbox goes from .env alone to an address for the workers', async () => {
    const { status, output } = await inbox.operator.run(...SETUP);
    equal(status, 0, output);
    const { InboxUrl } = await inbox.outputs();
    ok(output.includes(InboxUrl), output);
  });
  await report.check('a second run finds everything right and changes nothing', async () => {
    const { status, output } = await inbox.operator.run(...SETUP);
    equal(status, 0, output);
    ok(!/^ {2}→/m.test(output), output);
  });
}
