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

/** The wall clock of a test: it stands still until it is moved on, while timers and sockets go on as ever. */
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
