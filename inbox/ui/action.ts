import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { showNotice } from '../state/announcer';
import { failureText } from './failure-text';

/** An action of a pane that takes a while. */
interface Action {
  readonly isBusy: boolean;
  /** Why it failed; null otherwise. */
  readonly problem: string | null;
  readonly setProblem: (problem: string | null) => void;
  /** Runs it. A failure that arrives when the pane is gone is shown as a notice. */
  readonly run: (work: () => Promise<void>) => Promise<void>;
  /** Whether the pane is still shown: an answer must not take a worker away from where they went meanwhile. */
  readonly isShown: () => boolean;
}

/**
 * An action of the component that calls this.
 * @param name begins the notice of a failure
 */
export function useAction(name: string): Action {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const isShown = useIsShown();
  const run = async (work: () => Promise<void>) => {
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (error) {
      if (isShown()) setProblem(failureText(error));
      else showNotice(`${name}: ${failureText(error)}`);
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, problem, setProblem, run, isShown };
}

/** Whether the component that calls this is still shown. */
export function useIsShown(): () => boolean {
  const isShown = useRef(true);
  useLayoutEffect(
    () => () => {
      isShown.current = false;
    },
    [],
  );
  return () => isShown.current;
}
