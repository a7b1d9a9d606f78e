import { jest } from '@jest/globals';

const EVERYTHING_ELSE = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;

/** A test's wall clock: it stands still until advanced, while timers and sockets run as usual. */
export interface Clock {
  readonly advance: (milliseconds: number) => void;
  readonly release: () => void;
}

export function stopClock(): Clock {
  jest.useFakeTimers({ doNotFake: [...EVERYTHING_ELSE] });
  return {
    advance: (milliseconds) => void jest.setSystemTime(Date.now() + milliseconds),
    release: () => void jest.useRealTimers(),
  };
}
