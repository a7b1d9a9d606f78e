import { becomes, same, sees, seesNo } from '../expect';
import type { WorkerPage } from '../worker-page';
import type { InboxWorld } from '../world';

const KIM = { name: 'Darnell Kim', number: '+16175550101' };

/** Points 2 and 3: chats as they come, messages as they go. */
export async function readAndWrite(world: InboxWorld): Promise<void> {
  const { report, twilio, longChat } = world;
  report.step('Chats and messages');
  const ana = await world.open({ worker: 'Ana Beltrán' });
  const names = () => ana.page.locator('.list .row-name').allInnerTexts();

  await report.check(
    '2 the list shows the latest chat first, with its unread count and channel',
    async () => {
      await sees(ana.row(longChat.name));
      await becomes('the first row', names, ([first]) => first === "Hélène d'Estaing");
      await sees(ana.row(/Hélène d'Estaing/).getByText('2 unread'));
      await sees(ana.row(/Megan Garcia/).getByText('WhatsApp'));
    },
  );

  await report.check(
    '2 a new customer’s message makes a chat at the top, in title and icon too',
    async () => {
      const before = await ana.page.title();
      await twilio.receiveMessage({ from: KIM.number, body: 'Hello, are you there?' });
      await sees(ana.row(KIM.name).getByText('Hello, are you there?'));
      await sees(ana.row(KIM.name).getByText('1 unread'));
      same('the first row', (await names())[0], KIM.name);
      await becomes(
        'the title',
        () => ana.page.title(),
        (title) => title !== before && /^\(\d+\) Inbox$/u.test(title),
      );
      same('the icon', await ana.page.locator('link[rel=icon]').getAttribute('href'), '/icon-dot.svg');
    },
  );

  await report.check('2 the order waits while the mouse is over the list', async () => {
    await ana.row(/Amélie Bernard/).hover();
    await ana.page.mouse.move(200, 420);
    const before = await names();
    // Twilio's REST API tells times in whole seconds.
    await ana.page.waitForTimeout(1_100);
    await twilio.receiveMessage({ from: '+16175550150', body: 'Moved up?' });
    await sees(ana.button(/1 update/));
    same('the order', await names(), before);
    await sees(ana.row('Darnell McAllister').getByText('Moved up?'));
    await ana.page.mouse.move(800, 400);
    await becomes('the first row', names, ([first]) => first === 'Darnell McAllister');
  });

  await report.check('3 a chat opens at the first unread message, which then counts as read', async () => {
    await ana.openChat(/Hélène d'Estaing/);
    await sees(ana.log.getByText('New', { exact: true }));
    await seesNo(ana.row(/Hélène d'Estaing/).getByText('2 unread'));
  });

  await report.check('3 a message is shown at once, then sent, then delivered', async () => {
    await ana.openChat(KIM.name);
    await ana.write('Yes! How can I help?\nTell me.');
    await sees(ana.message('Yes! How can I help?'));
    same('the composer', await ana.composer.inputValue(), '');
    await sees(ana.log.getByText('Delivered'));
    const sent = world.messagesOf(KIM.number).at(-1);
    same(
      'the message at Twilio',
      [sent?.author, sent?.body],
      ['ana@example.com', 'Yes! How can I help?\nTell me.'],
    );
  });

  await report.check(
    '3 a failure stands under the message in words, with its code behind Details',
    async () => {
      await twilio.setPhone(KIM.number, 'landline');
      await ana.write('Are you still there?');
      const failed = ana.message('Are you still there?');
      await sees(failed.getByText('Not delivered.'));
      await sees(failed.getByText(/landline/iu));
      await sees(failed.getByRole('button', { name: 'Check the number' }));
      await failed.getByText('Details').click();
      await sees(failed.getByText(/Twilio error \d+/u));
      await twilio.setPhone(KIM.number, 'on');
    },
  );

  await report.check('3 text is text; only web addresses are links', async () => {
    const text = '<img src=x onerror=alert(1)> javascript:alert(1) see https://example.com/a_(b)?c=1.';
    await twilio.receiveMessage({ from: KIM.number, body: text });
    const link = ana.message(text).getByRole('link');
    await sees(ana.message(text));
    same('links', await link.allInnerTexts(), ['https://example.com/a_(b)?c=1']);
    same('rel', await link.getAttribute('rel'), 'noopener noreferrer nofollow');
  });

  await report.check('3 a picture is shown and opens in full; a file is a download', () => media(world, ana));
  await report.check('3 drafts survive going away and a reload', async () => {
    await ana.composer.fill('Half a sen');
    await ana.openChat(/Megan Garcia/);
    await sees(ana.row(KIM.name).getByText('Half a sen'));
    await ana.openChat(KIM.name);
    await ana.page.reload();
    await becomes(
      'the composer',
      () => ana.composer.inputValue(),
      (text) => text === 'Half a sen',
    );
    await ana.composer.fill('');
  });
  await report.check('3 older messages come by scrolling up, and the place is kept', () =>
    scrollBack(world, ana),
  );
  await world.done(ana);
}

async function media({ twilio, picture }: InboxWorld, ana: WorkerPage): Promise<void> {
  const plan = { bytes: Buffer.from('%PDF-1.4'), contentType: 'application/pdf', filename: 'plan.pdf' };
  await twilio.receiveMessage({ from: KIM.number, body: '', media: [picture, plan] });
  const shown = ana.log.getByRole('img', { name: 'garden.png' }).last();
  await becomes(
    'the width of the picture',
    () => shown.evaluate((image) => Reflect.get(image, 'naturalWidth')),
    (width) => width === 480,
  );
  await shown.click();
  await sees(ana.page.getByRole('dialog').getByRole('img'));
  await ana.page.keyboard.press('Escape');
  const [opened] = await Promise.all([
    Promise.race([ana.page.waitForEvent('download'), ana.context.waitForEvent('page')]),
    ana.button('Download plan.pdf').click(),
  ]);
  if ('close' in opened) await opened.close();
}

async function scrollBack({ twilio, longChat }: InboxWorld, ana: WorkerPage): Promise<void> {
  await ana.openChat(longChat.name);
  const count = () => ana.log.locator('[data-index]').count();
  const before = await becomes('the number of messages', count, (messages) => messages > 0);
  await ana.log.hover();
  await becomes(
    'the number of messages',
    async () => {
      await ana.page.mouse.wheel(0, -700);
      return count();
    },
    (messages) => messages >= before * 2,
  );
  const start = await placeAtRest(ana);
  await ana.page.mouse.wheel(0, -500);
  await becomes(
    'the message in view',
    () => firstInView(ana),
    (text) => text !== null && text !== start,
  );
  const place = await placeAtRest(ana);
  await twilio.receiveMessage({ from: longChat.address, body: 'while you read' });
  await sees(ana.button('↓ 1 new'));
  same('the message in view', await placeAtRest(ana), place);
  await ana.page.reload();
  await becomes(
    'the message in view after a reload',
    () => firstInView(ana),
    (text) => text === place,
  );
  same('the message in view after a reload', await placeAtRest(ana), place);
  await ana.button(/1 new|To the newest/u).click();
  await sees(ana.message('while you read'));
}

/** The first message in view; null while older ones are loaded. */
const FIRST_IN_VIEW = `(() => {
  const log = document.querySelector('[role="log"]:not([aria-busy="true"])');
  if (log === null) return null;
  const { top } = log.getBoundingClientRect();
  const messages = [...log.querySelectorAll('[data-index]')];
  return messages.find((message) => message.getBoundingClientRect().bottom > top)?.innerText ?? null;
})()`;

function firstInView({ page }: WorkerPage): Promise<string | null> {
  return page.evaluate<string | null>(FIRST_IN_VIEW);
}

/** The first message in view, once it has stayed the same for a while. */
async function placeAtRest(ana: WorkerPage): Promise<string | null> {
  let last: string | null = null;
  let times = 0;
  return becomes(
    'the message in view',
    async () => {
      const place = await firstInView(ana);
      times = place !== null && place === last ? times + 1 : 1;
      last = place;
      return place;
    },
    () => times >= 3,
  );
}
