/** Runs once after a while. @returns stops it */
export function schedule(run: () => void, afterMs: number): () => void {
  const timer = setTimeout(run, afterMs);
  return () => clearTimeout(timer);
}
