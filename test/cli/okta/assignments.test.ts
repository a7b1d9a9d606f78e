import { describe, expect, test } from '@jest/globals';
import { newApplication } from '../../../cli/okta/saml-application';
import type { OktaEmulator } from '../../emulators/okta/okta-emulator';
import { anOkta } from '../../emulators/okta/serve';
import { REALM_SID, run, writesOf } from './run';

const agent = (login: string, email = login) => ({ login, email, userType: 'agent' });

const assignedIn = (okta: OktaEmulator) => okta.applications().map(({ id }) => okta.assigned(id));

describe('people', () => {
  test('are assigned by login or e-mail address, in any case, and only once', async () => {
    const okta = await anOkta({ people: [agent('ana', 'ana@example.com'), agent('bo@example.com')] });

    const words = ['--user', 'ANA', '--user', 'ana@example.com', '--user', 'Bo@Example.com'];
    const { status, text } = await run(okta, ['--yes', ...words]);

    expect(status).toBe(0);
    expect(text).toContain('→ Assign 2 people\n      ana Example (ana): not assigned → assigned\n');
    expect(assignedIn(okta)).toEqual([{ people: ['ana', 'bo@example.com'], groups: [] }]);
  });

  test('who are assigned already, also through a group, are not changed', async () => {
    const okta = await anOkta({
      people: [agent('ana'), agent('bo'), agent('cy')],
      groups: [{ name: 'Sales', members: ['bo'] }],
    });
    await run(okta, ['--yes', '--user', 'ana', '--group', 'Sales']);
    const before = writesOf(okta).length;

    const { text } = await run(okta, ['--yes', '--user', 'ana', '--user', 'bo', '--user', 'cy']);

    expect(text).toContain('✓ ana Example (ana) is assigned\n');
    expect(text).toContain('✓ bo Example (bo) is assigned through a group\n');
    expect(writesOf(okta).slice(before)).toEqual(['POST apps/…/users']);
    expect(assignedIn(okta)).toEqual([{ people: ['ana', 'cy'], groups: ['Sales'] }]);
  });

  test('are found with special characters in their names', async () => {
    const okta = await anOkta({ people: [agent('o\'br"ien \\ & ü', 'x@example.com')] });

    expect(await run(okta, ['--yes', '--user', 'o\'br"ien \\ & ü'])).toMatchObject({
      status: 0,
      failure: '',
    });
  });

  test('are distinguished by login if several have the e-mail address, and a login takes precedence', async () => {
    const people = [agent('ana', 'team@example.com'), agent('bo', 'team@example.com')];
    const okta = await anOkta({ people });

    const { failure } = await run(okta, ['--yes', '--user', 'team@example.com']);

    expect(failure).toContain('one of ana, bo');
    expect(writesOf(okta)).toEqual([]);

    const other = await anOkta({ people: [...people, agent('team@example.com')] });
    await run(other, ['--yes', '--user', 'team@example.com']);
    expect(assignedIn(other)).toEqual([{ people: ['team@example.com'], groups: [] }]);
  });

  test.each([
    ['STAGED', 'activate them'],
    ['PROVISIONED', 'follow the link'],
    ['SUSPENDED', 'unsuspend them'],
    ['LOCKED_OUT', 'unlock them'],
    ['PASSWORD_EXPIRED', 'set a new password'],
    ['RECOVERY', 'set a new password'],
    ['DEPROVISIONED', 'activate them'],
  ] as const)('who are %s are not assigned, and the fix is shown: %s', async (status, fix) => {
    const okta = await anOkta({ people: [{ ...agent('ana'), status }] });

    const { failure } = await run(okta, ['--yes', '--user', 'ana']);

    expect(failure).toContain(`ana Example (ana) is ${status} in Okta and cannot log in`);
    expect(failure).toContain(fix);
    expect(writesOf(okta)).toEqual([]);
  });
});

describe('groups', () => {
  const PEOPLE = [agent('ana'), agent('bo'), { ...agent('cy'), status: 'SUSPENDED' as const }];

  test('are assigned by name, and a second run changes nothing', async () => {
    const okta = await anOkta({
      people: PEOPLE,
      groups: [{ name: 'Sales', members: ['ana', 'bo', 'cy'] }, { name: 'Sales East' }],
    });

    const { text } = await run(okta, ['--yes', '--group', 'Sales']);
    const writes = writesOf(okta);
    const again = await run(okta, ['--yes', '--group', 'Sales']);

    expect(text).toContain('group Sales, 3 members, 1 of them inactive and unable to sign in: not assigned');
    expect(assignedIn(okta)).toEqual([{ people: [], groups: ['Sales'] }]);
    expect(again.text).toContain('✓ The group Sales is assigned\n');
    expect(writesOf(okta)).toEqual(writes);
  });

  test('with the same name are distinguished by id', async () => {
    const okta = await anOkta();
    const ours = okta.addGroup({ name: 'Sales' });
    const theirs = okta.addGroup({ name: 'Sales', type: 'APP_GROUP', description: 'corp.example.com/Sales' });

    const { failure } = await run(okta, ['--yes', '--group', 'Sales']);
    const byId = await run(okta, ['--yes', '--group', theirs.id]);

    expect(failure).toContain(`${ours.id} (OKTA_GROUP), ${theirs.id} (APP_GROUP, corp.example.com/Sales)`);
    expect(byId.status).toBe(0);
    expect(writesOf(okta)).toEqual(['POST apps', 'PUT apps/…/groups/…']);
  });

  test('may have no members', async () => {
    const okta = await anOkta({ groups: [{ name: 'New' }] });

    const { status, text } = await run(okta, ['--yes', '--group', 'New']);

    expect(status).toBe(0);
    expect(text).toContain('group New, without members');
  });
});

describe('invalid names', () => {
  test('are all reported before any change for the others', async () => {
    const okta = await anOkta({
      people: [agent('ana')],
      groups: [{ name: 'Sales' }, { name: 'Sales East' }],
    });

    const { failure } = await run(okta, [
      '--yes',
      ...['--user', 'ana', '--user', 'zoe', '--user', 'noone@example.com'],
      ...['--group', 'sales', '--group', 'Support', '--group', `00g${'x'.repeat(17)}`],
    ]);

    expect(failure).toContain('login or e-mail address zoe;');
    expect(failure).toContain('login or e-mail address noone@example.com;');
    expect(failure).toContain('Similar names: Sales, Sales East');
    expect(failure).toContain('group named Support; see Okta admin > Directory > Groups');
    expect(failure).toContain(`group with id 00g${'x'.repeat(17)}`);
    expect(writesOf(okta)).toEqual([]);
  });
});

describe('without names', () => {
  test('and without assignments, the output says that no one can sign in, and the status is 1', async () => {
    const okta = await anOkta();

    const { status, text } = await run(okta, ['--yes']);

    expect(status).toBe(1);
    expect(text).toContain('✗ No users are assigned');
    expect(okta.applications()).toHaveLength(1);
  });

  test('assigned people stay assigned, and no user type is changed', async () => {
    const okta = await anOkta({ people: [{ login: 'ana' }] });
    const { id } = okta.addApplication(newApplication(REALM_SID, null));
    okta.assignPerson(id, 'ana');

    const { status, text } = await run(okta, ['--yes']);

    expect(status).toBe(0);
    expect(text).toContain('Only assigned users can sign in');
    expect(writesOf(okta)).toEqual([]);
  });
});
