import { deepEqual, equal, ok } from 'node:assert/strict';
import { logsByGroup } from '../cloud-logs';
import { seesNo } from '../inbox/expect';
import type { WorkerPage } from '../inbox/worker-page';
import type { MiniStack } from '../ministack';
import type { Report } from '../report';
import { JANE } from '../team';
import { type DeployedInbox, STRANGER, WORKERS } from './deployed-inbox';

/** Forgets a customer, and looks for what the logs hold of others. */
export async function checkPrivacy(
  report: Report,
  inbox: DeployedInbox,
  cloud: MiniStack,
  ana: WorkerPage,
): Promise<void> {
  const { operator, twilio } = inbox;
  await report.check('npx frontline inbox forget deletes a person’s chats, here and at Twilio', async () => {
    const isOfStranger = () =>
      twilio
        .conversations()
        .some(({ sid }) =>
          twilio.participants(sid).some(({ messagingBinding }) => messagingBinding?.address === STRANGER),
        );
    equal(isOfStranger(), true);
    const { status, output } = await operator.run('inbox', 'forget', STRANGER, '--yes');
    equal(status, 0, output);
    equal(isOfStranger(), false);
    await ana.goto('/chats');
    await ana.row(JANE.name).waitFor();
    await seesNo(ana.row(/roses/));
  });
  await report.check('no log line holds a text, a name, a number, a password or a token', async () => {
    const logs = await logsByGroup(cloud);
    ok([...logs].some(([name, text]) => name.includes('InboxApi') && text.includes('callback answered')));
    const all = [...logs.values()].join('\n');
    const texts = ['Is it still there', 'come and see', 'On my way', 'roses'];
    const people = [JANE.name, JANE.address, STRANGER, WORKERS.ana.name, WORKERS.ana.password];
    deepEqual(
      [...texts, ...people, 'eyJ'].filter((word) => all.includes(word)),
      [],
    );
  });
}
