import * as v from 'valibot';

/** A worker of the demo. */
const LocalWorker = v.object({ identity: v.string(), name: v.string(), isActive: v.boolean() });
export type LocalWorker = v.InferOutput<typeof LocalWorker>;

/** The demo's workers; empty where the inbox is not the demo's. */
export async function localWorkers(): Promise<readonly LocalWorker[]> {
  const response = await fetch('/local/workers');
  if (!response.ok) return [];
  return v.parse(v.object({ workers: v.array(LocalWorker) }), await response.json()).workers;
}

/** Signs in as one of the demo's workers. @returns the token */
export async function signInLocally(identity: string): Promise<string> {
  const response = await fetch('/local/sign-in', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ identity }),
  });
  return v.parse(v.object({ token: v.string() }), await response.json()).token;
}
