/** Runs once after a while. @returns a function that cancels it */
export function schedule(run: () => void, afterMs: number): () => void {
  const timer = setTimeout(run, afterMs);
  return () => clearTimeout(timer);
}
