import type { SeenRequest } from '../../../../emulators/twilio/rest-server';
import { becomes, same, sees, seesNo } from '../expect';
import type { InboxWorld } from '../world';

const GRACE = { name: 'Tanya Davis', number: '+13125550122' };

/** Lost connections: nothing lost, nothing shown twice, nothing sent twice. */
export async function offlineAndBack(world: InboxWorld): Promise<void> {
  const { report, twilio } = world;
  report.step('Offline and back');
  await twilio.receiveMessage({ from: GRACE.number, body: 'Are you there?' });
  const ana = await world.open({ worker: 'Ana Beltrán' });
  const { page } = ana;
  const offline = page.getByText('You are offline.');
  await ana.openChat(GRACE.name);
  await sees(ana.message('Are you there?'));

  await report.check('offline, a thin bar says so and what is sent waits', async () => {
    await ana.context.setOffline(true);
    await sees(offline);
    await ana.write('Yes, one moment');
    await ana.write('I am on a train');
    await sees(ana.log.getByText('Waiting for the connection'));
    await twilio.receiveMessage({ from: GRACE.number, body: 'No hurry' });
    await twilio.receiveMessage({ from: '+13125550122', body: 'Really' });
  });
  await report.check(
    'back online it catches up and sends in order, each once; then the bar goes',
    async () => {
      await ana.context.setOffline(false);
      await sees(ana.message('Really'));
      await seesNo(offline);
      await seesNo(ana.log.getByText('Waiting for the connection'));
      const own = () =>
        world
          .messagesOf(GRACE.number)
          .filter(({ author }) => author === 'ana@example.com')
          .map(({ body }) => body);
      await becomes('what Ana sent', own, (bodies) => bodies.length >= 2);
      same('what Ana sent', own(), ['Yes, one moment', 'I am on a train']);
      for (const text of ['Yes, one moment', 'I am on a train', 'No hurry', 'Really']) {
        await becomes(
          `bubbles of "${text}"`,
          () => ana.message(text).count(),
          (count) => count === 1,
        );
      }
    },
  );
  await report.check('a lost socket is found again, and what came meanwhile is there', async () => {
    world.dropSockets();
    await twilio.receiveMessage({ from: GRACE.number, body: 'While the socket was gone' });
    await sees(ana.message('While the socket was gone'));
  });
  await report.check('what waits survives a reload', async () => {
    await ana.context.setOffline(true);
    await ana.write('Written in a tunnel');
    await sees(ana.message('Written in a tunnel'));
    await ana.context.setOffline(false);
    await page.reload();
    await becomes(
      'messages at Twilio',
      () => world.messagesOf(GRACE.number).filter(({ body }) => body === 'Written in a tunnel').length,
      (count) => count === 1,
    );
    await sees(ana.message('Written in a tunnel'));
  });
  const isSend = ({ method, path }: SeenRequest) => method === 'POST' && path.endsWith('/Messages');
  const atTwilio = (text: string) =>
    world.messagesOf(GRACE.number).filter(({ body }) => body === text).length;
  await report.check('a send whose answer is lost is found at Twilio, not sent twice', async () => {
    twilio.faults.next(1, { kind: 'response-lost' }, isSend);
    await ana.write('Does this arrive?');
    await becomes(
      'messages at Twilio',
      () => atTwilio('Does this arrive?'),
      (count) => count === 1,
    );
    await sees(ana.message('Does this arrive?'));
    await seesNo(ana.message('Does this arrive?').getByText('Sending'));
    same('messages at Twilio', atTwilio('Does this arrive?'), 1);
    same('bubbles', await ana.message('Does this arrive?').count(), 1);
  });
  await report.check(
    'a send of which Twilio knows nothing is perhaps not sent: a person decides',
    async () => {
      twilio.faults.next(1, { kind: 'connection-reset' }, isSend);
      await ana.write('And this?');
      await sees(ana.message('And this?').getByText('Perhaps not sent.'));
      await ana.message('And this?').getByRole('button', { name: 'Send again' }).click();
      await seesNo(ana.message('And this?').getByText('Perhaps not sent.'));
      await becomes(
        'messages at Twilio',
        () => atTwilio('And this?'),
        (count) => count === 1,
      );
    },
  );
  await report.check('Twilio too busy (429): the message waits, and goes', async () => {
    twilio.faults.next(1, { kind: 'rate-limited' }, isSend);
    await ana.write('Third time lucky');
    await becomes(
      'messages at Twilio',
      () => atTwilio('Third time lucky'),
      (count) => count === 1,
    );
    await sees(ana.message('Third time lucky'));
  });
  await world.done(ana);
}
