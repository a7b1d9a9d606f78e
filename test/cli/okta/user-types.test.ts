import { describe, expect, test } from '@jest/globals';
import type { OktaEmulator } from '../../emulators/okta/okta-emulator';
import { anOkta } from '../../emulators/okta/serve';
import { run, writesOf } from './run';

const typesIn = (okta: OktaEmulator) => okta.people().map(({ profile }) => profile.userType);

describe('the user type', () => {
  test('of named people becomes agent, and the old value is shown', async () => {
    const okta = await anOkta({
      people: [{ login: 'ana' }, { login: 'bo', userType: 'Contractor' }, { login: 'cy', userType: 'agent' }],
    });

    const { text } = await run(okta, ['--yes', '--user', 'ana', '--user', 'bo', '--user', 'cy']);

    expect(text).toContain(
      [
        '  ✓ One user already has the user type agent',
        '  → Set the user type of 2 users to agent',
        '      ana Example (ana): (none) → agent',
        '      bo Example (bo): Contractor → agent',
        '  ✓ Set the user type of 2 users to agent',
      ].join('\n'),
    );
    expect(typesIn(okta)).toEqual(['agent', 'agent', 'agent']);
    const writes = okta.requests.filter(({ path, method }) => method === 'POST' && path.includes('/users/'));
    expect(writes.map(({ body }) => body)).toEqual(Array(2).fill({ profile: { userType: 'agent' } }));
  });

  test.each(['Agent', 'agent ', 'AGENT'])('is corrected from "%s"', async (userType) => {
    const okta = await anOkta({ people: [{ login: 'ana', userType }] });

    await run(okta, ['--yes', '--user', 'ana']);

    expect(typesIn(okta)).toEqual(['agent']);
  });

  test("of a group's members on all pages becomes agent, and of no one else", async () => {
    const okta = await anOkta({
      people: ['ana', 'bo', 'cy', 'di'].map((login) => ({ login })),
      groups: [{ name: 'Sales', members: ['ana', 'bo', 'cy'] }],
      maxPageSize: 2,
    });

    const { status } = await run(okta, ['--yes', '--group', 'Sales', '--user', 'ana']);

    expect(status).toBe(0);
    expect(typesIn(okta)).toEqual(['agent', 'agent', 'agent', null]);
    expect(writesOf(okta).filter((write) => write === 'POST users/…')).toHaveLength(3);
  });

  test('of members who left is kept', async () => {
    const okta = await anOkta({
      people: [{ login: 'ana' }, { login: 'bo', status: 'DEPROVISIONED' }],
      groups: [{ name: 'Sales', members: ['ana', 'bo'] }],
    });

    await run(okta, ['--yes', '--group', 'Sales']);

    expect(typesIn(okta)).toEqual(['agent', null]);
  });

  test("of the whole organisation is not changed through Okta's group Everyone", async () => {
    const okta = await anOkta({
      people: [{ login: 'ana' }, { login: 'bo' }, { login: 'cy', userType: 'agent' }],
      groups: [{ name: 'Everyone', type: 'BUILT_IN', members: ['ana', 'bo', 'cy'] }],
    });

    const { status, text } = await run(okta, ['--yes', '--group', 'Everyone', '--user', 'ana']);

    expect(status).toBe(1);
    expect(text).toContain("✗ 2 of the 3 members of Okta's group Everyone");
    expect(typesIn(okta)).toEqual(['agent', null, 'agent']);
  });

  test('that Okta rejects for one person is set for the others, and that person is named', async () => {
    const okta = await anOkta({ people: ['ana', 'bo', 'cy'].map((login) => ({ login })) });
    const { id } = okta.person('bo');
    const summary = 'The profile is mastered by Active Directory';
    okta.faults.always({ kind: 'rejected', status: 400, code: 'E0000001', summary }, ({ method, path }) => {
      return method === 'POST' && path.endsWith(id);
    });

    const { failure } = await run(okta, ['--yes', '--user', 'ana', '--user', 'bo', '--user', 'cy']);

    expect(failure).toContain('Done for 2 of 3.');
    expect(failure).toContain(
      `bo Example (bo): Okta rejected the request to set the user type of bo (400: ${summary})`,
    );
    expect(typesIn(okta)).toEqual(['agent', null, 'agent']);
  });

  test('that the token may not change is reported once, as a problem of the token', async () => {
    const okta = await anOkta({ people: ['ana', 'bo'].map((login) => ({ login })) });
    okta.faults.always(
      { kind: 'rejected', status: 403, code: 'E0000006', summary: 'You do not have permission' },
      ({ method, path }) => method === 'POST' && path.includes('/v1/users/'),
    );

    const { failure } = await run(okta, ['--yes', '--user', 'ana', '--user', 'bo']);

    expect(failure).toContain("has no role that allows to edit people's profiles");
    expect(writesOf(okta).filter((write) => write === 'POST users/…')).toHaveLength(1);
  });

  test('of very many people is shown for the first of them', async () => {
    const people = Array.from({ length: 25 }, (_, n) => ({ login: `w${n}` }));
    const okta = await anOkta({
      people,
      groups: [{ name: 'All', members: people.map(({ login }) => login) }],
    });

    const { text } = await run(okta, ['--dry-run', '--group', 'All']);

    expect(text.match(/: \(none\) → agent/g)).toHaveLength(20);
    expect(text).toContain('and 5 more: another → agent');
  });
});
