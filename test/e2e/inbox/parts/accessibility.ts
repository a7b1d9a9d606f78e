import { findViolations } from '../axe';
import { same, sees } from '../expect';
import { DESK, PHONE, type Screen, TABLET, type WorkerPage } from '../worker-page';
import type { InboxWorld } from '../world';

/** axe finds nothing, on any page, in light and dark. */
export async function accessibility(world: InboxWorld): Promise<void> {
  const { report } = world;
  report.step('Accessibility (axe)');
  const screens: readonly (readonly [string, Screen])[] = [
    ['desk, light', DESK],
    ['desk, dark', { ...DESK, isDark: true }],
    ['tablet', TABLET],
    ['phone, dark', { ...PHONE, isDark: true }],
  ];
  for (const [name, screen] of screens) {
    const ana = await world.open({ worker: 'Ana Beltrán', screen });
    for (const [what, go] of pages(world, ana)) {
      await report.check(`${name}: ${what}`, async () => {
        await go();
        same('violations', await findViolations(ana.page), []);
      });
    }
    await ana.close();
  }
}

function pages(world: InboxWorld, ana: WorkerPage): readonly (readonly [string, () => Promise<void>])[] {
  const { page } = ana;
  const opened = (sid: string) => ana.goto(`/chats/${sid}`);
  return [
    ['chats', () => sees(page.locator('.list li'))],
    [
      'a chat',
      async () => {
        await opened(world.conversationOf('+33639981637'));
        await sees(ana.message(/./));
        await sees(page.getByRole('img', { name: 'garden.png' }));
      },
    ],
    [
      'templates',
      async () => {
        await ana.button('Templates').click();
        await sees(page.getByRole('option'));
      },
    ],
    [
      'a bar',
      async () => {
        await opened(world.conversationOf('whatsapp:+15035550185'));
        await sees(page.getByText('WhatsApp allows approved templates only.'));
      },
    ],
    [
      'transfer',
      async () => {
        await ana.goto(`/chats/${world.closingSoon.sid}#transfer`);
        await sees(ana.button(/Bashir Haddad/));
      },
    ],
    [
      'a customer',
      async () => {
        await ana.goto('/customers/82');
        await sees(page.getByRole('heading', { name: 'Sam Hernández' }));
      },
    ],
    [
      'adding a customer',
      async () => {
        await ana.goto('/customers/new');
        await sees(page.getByLabel('Name'));
      },
    ],
    [
      'account',
      async () => {
        await ana.goto('/settings');
        await sees(ana.button('Sign out'));
      },
    ],
  ];
}
