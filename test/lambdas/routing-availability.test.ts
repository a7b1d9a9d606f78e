import { describe, expect, test } from '@jest/globals';
import { askForWorker, workersIn } from '../world/conversations';
import { startWorld, world } from '../world/use-world';
import type { WorldOptions } from '../world/world';

const [OWNER, DEFAULT, OTHER] = ['owner@example.com', 'default@example.com', 'other+1@example.com'];
const CUSTOMER = '+14155550123';

const STATES = {
  available: { isAvailable: true },
  unavailable: { isAvailable: false },
  deactivated: { state: 'deactivated', isAvailable: true },
} as const;
type State = keyof typeof STATES | 'unknown';

/** A customer of the owner, a default worker, and their availability at Frontline. */
async function worldOf(states: Readonly<Record<string, State>>, options: WorldOptions = {}) {
  const users = Object.entries(states).flatMap(([identity, state]) =>
    state === 'unknown' ? [] : [{ identity, ...STATES[state] }],
  );
  await startWorld({
    customers: [{ id: 1, name: 'Jane', sms: CUSTOMER, owner: OWNER }],
    settings: { DEFAULT_WORKER: DEFAULT },
    users,
    ...options,
  });
}

async function route() {
  const conversation = world.twilio.createConversation();
  const { status } = await askForWorker(world, conversation, CUSTOMER);
  return { status, workers: workersIn(world, conversation) };
}

/** The requests to the Users API. */
function asked() {
  return world.twilio.requests.filter(({ path }) => path.startsWith('/v1/Users/'));
}

const isAboutUsers = ({ path }: { readonly path: string }) => path.startsWith('/v1/Users/');

describe('who comes first, the owner or the default worker', () => {
  test.each<[owner: State, defaultWorker: State, taken: string]>([
    ['available', 'available', OWNER],
    ['available', 'unavailable', OWNER],
    ['available', 'deactivated', OWNER],
    ['available', 'unknown', OWNER],
    ['unknown', 'available', OWNER],
    ['unknown', 'unavailable', OWNER],
    ['unknown', 'deactivated', OWNER],
    ['unknown', 'unknown', OWNER],
    ['unavailable', 'available', DEFAULT],
    ['unavailable', 'unavailable', OWNER],
    ['unavailable', 'deactivated', OWNER],
    ['unavailable', 'unknown', OWNER],
    ['deactivated', 'available', DEFAULT],
    ['deactivated', 'unavailable', DEFAULT],
    ['deactivated', 'deactivated', DEFAULT],
    ['deactivated', 'unknown', DEFAULT],
  ])('an owner who is %s and a default worker who is %s: %s', async (owner, defaultWorker, taken) => {
    await worldOf({ [OWNER]: owner, [DEFAULT]: defaultWorker });

    expect(await route()).toEqual({ status: 200, workers: [taken] });
  });

  test('one available default worker of several replaces the owner', async () => {
    await worldOf(
      { [OWNER]: 'unavailable', [DEFAULT]: 'unavailable', [OTHER]: 'available' },
      { settings: { DEFAULT_WORKER: `${DEFAULT},${OTHER}` } },
    );

    for (let count = 0; count < 4; count += 1) expect((await route()).workers).toEqual([OTHER]);
  });

  test('an owner who is also the default worker gets it in any state', async () => {
    await worldOf({ [OWNER]: 'deactivated' }, { settings: { DEFAULT_WORKER: OWNER } });

    expect(await route()).toEqual({ status: 200, workers: [OWNER] });
  });

  test('an unknown customer goes to a default worker who is available', async () => {
    await worldOf(
      { [DEFAULT]: 'unavailable', [OTHER]: 'available' },
      { customers: [], settings: { DEFAULT_WORKER: `${DEFAULT},${OTHER}` } },
    );

    for (let count = 0; count < 4; count += 1) expect((await route()).workers).toEqual([OTHER]);
  });

  test('an unknown customer gets a default worker even if none is available', async () => {
    await worldOf({ [DEFAULT]: 'deactivated' }, { customers: [] });

    expect(await route()).toEqual({ status: 200, workers: [DEFAULT] });
  });
});

describe('looking up availability at Frontline', () => {
  const jane = { id: 1, name: 'Jane', sms: CUSTOMER, owner: OWNER };
  const joe = { id: 2, name: 'Joe', sms: '+14155550199', owner: OTHER };

  test.each([
    ['has left, to another owner', 'deactivated', [jane, joe], OTHER],
    ['has left, to that owner if there is no other', 'deactivated', [jane], OWNER],
    ['is unavailable, to that owner', 'unavailable', [jane, joe], OWNER],
  ] as const)('gives, without default workers, if the owner %s', async (_what, state, customers, worker) => {
    await worldOf({ [OWNER]: state }, { customers, settings: { DEFAULT_WORKER: '' } });

    expect(await route()).toEqual({ status: 200, workers: [worker] });
  });

  test('stops at an available owner, and encodes the identity', async () => {
    await worldOf(
      { [OTHER]: 'available' },
      { customers: [{ id: 1, name: 'Jane', sms: CUSTOMER, owner: OTHER }] },
    );

    await route();

    expect(asked().map(({ path }) => path)).toEqual(['/v1/Users/other%2B1%40example.com']);
  });

  test.each([
    ['answers 500', { kind: 'server-error' }],
    ['answers 429', { kind: 'rate-limited' }],
    ['answers with a page of HTML', { kind: 'bad-gateway' }],
    ['refuses the question', { kind: 'rejected', status: 403, code: 20403, message: 'Forbidden' }],
    ['refuses the credentials', { kind: 'rejected', status: 401, code: 20003, message: 'Authenticate' }],
    ['breaks the connection', { kind: 'connection-reset' }],
    ['never answers', { kind: 'stalled' }],
  ] as const)('is given up for the owner where the Users API %s', async (_how, fault) => {
    await worldOf({ [OWNER]: 'deactivated', [DEFAULT]: 'available' });
    world.twilio.faults.always(fault, isAboutUsers);
    const conversation = world.twilio.createConversation();

    const { status, log } = await askForWorker(world, conversation, CUSTOMER);

    expect(status).toBe(200);
    expect(workersIn(world, conversation)).toEqual([OWNER]);
    expect(log).toMatchObject([{ warnings: [expect.stringContaining(OWNER)] }]);
  });

  test('continues with the default workers if the Users API never responds', async () => {
    await worldOf({}, { customers: [], settings: { DEFAULT_WORKER: `${DEFAULT},${OTHER}` } });
    world.twilio.faults.always({ kind: 'stalled' }, isAboutUsers);

    const { status, workers } = await route();

    expect(status).toBe(200);
    expect(workers).toHaveLength(1);
  });
});
