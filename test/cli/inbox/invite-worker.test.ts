import { execFileSync } from 'node:child_process';
import { describe, expect, jest, test } from '@jest/globals';
import { type Invitation, inviteWorker } from '../../../cli/inbox/workers/invite-worker';
import { showWorkers } from '../../../cli/inbox/workers/list-workers';
import { printableLine } from '../../../lambdas/characters/visible-text';
import type { WorkerRecord } from '../../../lambdas/inbox/store/worker-store';
import { aScreen } from '../terminal/scripted-screen';
import { INBOX_URL, useTeam } from './team';

const ANA = 'ana.lopez@example.com';
const team = useTeam();

async function invite(
  changes: Partial<Invitation> = {},
  owners: readonly string[] | null = [ANA],
): Promise<{ readonly status: number; readonly text: string }> {
  const { screen, text } = aScreen();
  const status = await inviteWorker(
    { email: ANA, identity: null, name: null, delivery: 'email-if-new', ...changes },
    { inbox: team.inbox, screen, owners: async () => owners },
  );
  return { status, text: text() };
}

const record = (changes: Partial<WorkerRecord> & Pick<WorkerRecord, 'subject'>) =>
  team.inbox.workers.save({ identity: ANA, name: 'Ana', isActive: true, isAvailable: true, ...changes });

const passwordIn = (text: string) => /Temporary password: (\S+)/.exec(text)?.[1] ?? null;

describe('inviting', () => {
  test('makes the user and the record, and Cognito sends the mail', async () => {
    const { status, text } = await invite();
    expect(status).toBe(0);
    const [user] = team.cognito.users;
    expect(user).toMatchObject({ email: ANA, mails: 1, isEnabled: true });
    expect(await team.inbox.workers.list()).toEqual([
      {
        subject: user?.sub,
        identity: ANA,
        name: 'Ana Lopez',
        isActive: true,
        isAvailable: true,
        isIndexed: false,
      },
    ]);
    expect(text).toContain(`Sign-in: ${INBOX_URL}`);
    expect(passwordIn(text)).toBeNull();
  });

  test('again sends nothing, in any case of the address, and keeps the first spelling', async () => {
    await invite();
    const { status, text } = await invite({ email: ANA.toUpperCase() });
    expect(status).toBe(0);
    expect(team.cognito.users).toEqual([expect.objectContaining({ mails: 1 })]);
    expect(await team.inbox.workers.list()).toEqual([expect.objectContaining({ identity: ANA })]);
    expect(text).toContain('has not signed in yet, so no e-mail was sent');
  });

  test.each([
    ['a user without a record', 1, 0],
    ['a record without a user, of an earlier pool', 0, 1],
    ['both, removed', 1, 1],
  ])('completes %s', async (_what, users, records) => {
    const user = users > 0 ? team.cognito.add(ANA, { isEnabled: records === 0 }) : null;
    if (records > 0) await record({ subject: user?.sub ?? 'old', name: 'Ana', isActive: user === null });
    expect((await invite()).status).toBe(0);
    const [now] = team.cognito.users;
    expect(now?.isEnabled).toBe(true);
    expect(await team.inbox.workers.list()).toEqual([
      expect.objectContaining({ subject: now?.sub, identity: ANA, isActive: true }),
    ]);
  });

  test('after a crash at any step ends in one user and one record', async () => {
    await record({ subject: 'old', name: 'Ana', isAvailable: false });
    team.cognito.faults.next(
      1,
      { kind: 'response-lost' },
      ({ operation }) => operation === 'AdminCreateUser',
    );
    await invite().catch(() => {});
    expect((await invite()).status).toBe(0);
    expect(team.cognito.users).toHaveLength(1);
    expect(await team.inbox.workers.list()).toEqual([
      expect.objectContaining({ subject: team.cognito.users[0]?.sub, name: 'Ana', isAvailable: false }),
    ]);
  });

  test('says how to go on when Cognito sends no more mails', async () => {
    team.cognito.faults.always(
      { kind: 'rejected', error: 'LimitExceededException' },
      ({ operation }) => operation === 'AdminCreateUser',
    );
    await expect(invite()).rejects.toThrow('--show-password');
  });
});

test('a name is kept without characters that cannot be seen', async () => {
  await invite({ name: '\u001b[31mAna\u202e <b>' });
  expect(await team.inbox.workers.list()).toEqual([expect.objectContaining({ name: 'Ana <b>' })]);
});

test.each(["pat.o'brien@example.com", 'r&d@example.com', 'ana@xn--4ca.example', 'ana@example.xn--p1ai'])(
  '%s is invited, and a command with the address is quoted for the shell',
  async (email) => {
    const { text } = await invite({ email }, [email.toUpperCase()]);
    expect(team.cognito.users).toEqual([expect.objectContaining({ email })]);
    const [, command = ''] = /(npx frontline inbox remove .*)/.exec(text) ?? [];
    const words = execFileSync('sh', ['-c', `printf '%s\\n' ${command}`], { encoding: 'utf8' });
    expect(words).toBe(`npx\nfrontline\ninbox\nremove\n${email}\n`);
    await expect(invite({ email, identity: 'other' })).rejects.toThrow(command);
  },
);

describe('the password', () => {
  test('of a new user is shown in place of the mail, and of one who has not signed in it is set again', async () => {
    const first = passwordIn((await invite({ delivery: 'show-password' })).text);
    expect(team.cognito.users[0]).toMatchObject({ mails: 0, temporaryPassword: first });
    const second = passwordIn((await invite({ delivery: 'show-password' })).text);
    expect(second).not.toBe(first);
    expect(team.cognito.users[0]).toMatchObject({ mails: 0, temporaryPassword: second });
  });

  test('that is shown is the valid one, also where another machine has just created the user', async () => {
    team.cognito.add(ANA, { status: 'FORCE_CHANGE_PASSWORD' });
    jest.spyOn(team.inbox.users, 'find').mockResolvedValueOnce(null);
    const shown = passwordIn((await invite({ delivery: 'show-password' })).text);
    expect(team.cognito.users).toEqual([expect.objectContaining({ temporaryPassword: shown })]);
  });

  test('is mailed again on demand', async () => {
    await invite();
    await invite({ delivery: 'resend' });
    expect(team.cognito.users[0]?.mails).toBe(2);
  });

  test.each(['resend', 'show-password'] as const)(
    'of a worker who has signed in is theirs: %s does nothing',
    async (delivery) => {
      const user = team.cognito.add(ANA, { status: 'CONFIRMED' });
      const { status, text } = await invite({ delivery });
      expect([status, user.mails, user.temporaryPassword, passwordIn(text)]).toEqual([1, 0, null, null]);
      expect(text).toContain('has signed in already');
    },
  );
});

describe('the identity', () => {
  test('of a colleague is refused, in any case', async () => {
    await invite({ email: 'bob@example.com', identity: 'ana' });
    await expect(invite({ identity: 'Ana' })).rejects.toThrow('is that of bob@example.com');
    expect(team.cognito.users).toHaveLength(1);
  });

  test('of an active worker does not change; after a removal it may', async () => {
    await invite();
    await expect(invite({ identity: 'ana' })).rejects.toThrow('inbox remove');
    const subject = String(team.cognito.users[0]?.sub);
    await team.inbox.workers.setIndexed(subject);
    await team.inbox.workers.setActive(subject, false);
    await invite({ identity: 'ana' });
    const own = expect.objectContaining({ subject, identity: 'ana', isActive: true, isIndexed: false });
    // By which the chats of the old identity are passed on.
    const former = expect.objectContaining({ identity: ANA, isActive: false });
    expect(await team.inbox.workers.list()).toEqual([own, former]);
    await team.inbox.workers.setActive(subject, false);
    await invite({ identity: ANA });
    expect(await team.inbox.workers.list()).toEqual([
      expect.objectContaining({ identity: 'ana', isActive: false }),
      expect.objectContaining({ identity: ANA, isActive: true }),
    ]);
  });

  test('is one that no colleague has in other letters of Unicode', async () => {
    await invite({ email: 'bob@example.com', identity: 'jos\u00e9' });
    await expect(invite({ identity: 'jose\u0301' })).rejects.toThrow('is that of bob@example.com');
  });

  test.each([
    '+15558675310',
    'whatsapp:+15558675310',
    'System',
    'ana\u200b@example.com',
    '\u001b[31mana',
    'a'.repeat(257),
  ])('is not %j, and nothing is written', async (identity) => {
    const message = await invite({ identity }).catch(String);
    expect(message).toContain('cannot be an identity');
    expect(message).toBe(printableLine(String(message)));
    expect([team.cognito.users, await team.inbox.workers.list()]).toEqual([[], []]);
  });

  test('that no customer’s owner has is pointed out, with the owner who differs by case', async () => {
    expect((await invite({}, ['bob@example.com'])).text).toContain('No customer in Airtable has the owner');
    expect((await invite({}, ['Ana.Lopez@example.com'])).text).toContain(
      'have the owner Ana.Lopez@example.com, which is not',
    );
    expect((await invite({}, ['Ana.Lopez@example.com'])).text).toContain('--identity Ana.Lopez@example.com');
    expect((await invite({}, null)).text).not.toContain('owner');
  });
});

test('the list shows all workers with a state, as a table and as JSON', async () => {
  await invite({ identity: 'ana' });
  const bob = team.cognito.add('bob@example.com', { status: 'CONFIRMED' });
  await record({ subject: bob.sub, identity: 'bob@example.com', name: 'Bob' });
  const cara = team.cognito.add('cara@example.com', { isEnabled: false });
  await record({ subject: cara.sub, identity: 'cara@example.com', name: 'Cara', isActive: false });
  await record({ subject: 'old', identity: 'dan@example.com', name: 'Dan' });
  team.cognito.add('eve@example.com');
  const json = aScreen();
  await showWorkers(team.inbox, json.screen, 'json');
  const rows: { identity: string | null; state: string; since: string | null }[] = JSON.parse(json.text());
  expect(rows.map(({ identity, state, since }) => [identity, state, since?.slice(0, 10)])).toEqual([
    ['ana', 'invited', '2026-11-01'],
    ['bob@example.com', 'active', '2026-11-01'],
    ['cara@example.com', 'removed', '2026-11-20'],
    ['dan@example.com', 'incomplete', undefined],
    [null, 'incomplete', '2026-11-01'],
  ]);
  const table = aScreen();
  await showWorkers(team.inbox, table.screen, 'table');
  expect(table.text()).toContain('ana               Ana Lopez  ana.lopez@example.com  invited');
});
