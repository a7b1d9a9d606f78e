/** Calls an action once after calls have paused for some time. Its failures are left to the next call. */
export function debounce(milliseconds: number, action: () => Promise<void> | void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      Promise.resolve(action()).catch(() => undefined);
    }, milliseconds);
  };
}

/** Waits. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
