import type { ReplicaStore } from '../../../../lambdas/replica/replica-store';
import type { Stepper } from './stepper';

const ITERATES = new Set<string | symbol>(['scan', 'scanHeads']);

/** Wraps the object so that the stepper holds each call. */
export function held<T extends object>(target: T, stepper: Stepper): T {
  return new Proxy(target, {
    get: (of, name) => {
      const value: unknown = Reflect.get(of, name, of);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        const call = () => Reflect.apply(value, of, args);
        return ITERATES.has(name) ? stepper.iterate(call) : stepper.call(call);
      };
    },
  });
}

/** The replica as one run sees it; its lease is held too. */
export function heldReplica(store: ReplicaStore, stepper: Stepper): ReplicaStore {
  const acquireLease: ReplicaStore['acquireLease'] = async (now) => {
    const lease = await stepper.call(() => store.acquireLease(now));
    return lease === null ? null : held(lease, stepper);
  };
  const others = held(store, stepper);
  return new Proxy(others, {
    get: (of, name) => (name === 'acquireLease' ? acquireLease : Reflect.get(of, name, of)),
  });
}
