import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

/**
 * Returns the focus to the element that had it before, when a box that holds the focus is removed. Without it, a keyboard
 * user would start again at the top of the page. Call it before an effect that moves the focus into the box.
 */
export function useFocusReturn(box: RefObject<HTMLElement>): void {
  useLayoutEffect(() => {
    const before = document.activeElement;
    return () => {
      const hasFocus = box.current?.contains(document.activeElement) === true;
      if (hasFocus && before instanceof HTMLElement) before.focus();
    };
  }, []);
}
