import { useEffect, useState } from 'preact/hooks';
import { signInWith } from '../sign-in/local-sign-in';
import { type LocalWorker, localWorkers, signInLocally } from '../sign-in/local-workers';
import { texts } from '../texts';
import { Avatar } from './avatar';
import { Empty } from './empty';

/** A choice of the demo's workers. */
export function WorkerPicker({ wasSignedIn }: { readonly wasSignedIn: boolean }) {
  const [workers, setWorkers] = useState<readonly LocalWorker[] | null>(null);
  useEffect(() => {
    localWorkers().then(setWorkers, () => setWorkers([]));
  }, []);
  const choose = async ({ identity }: LocalWorker) => {
    await signInWith(await signInLocally(identity));
    // Another worker must see nothing of the one before.
    if (wasSignedIn) location.reload();
  };
  if (workers === null) return null;
  if (workers.length === 0) {
    return <Empty icon="account" title={wasSignedIn ? texts.sessionEnded : texts.signedOut} />;
  }
  return (
    <>
      <h1>{texts.pickWorker}</h1>
      <p class="hint">{wasSignedIn ? texts.sessionEnded : texts.pickWorkerHint}</p>
      <ul class="colleagues">
        {workers.map((worker) => (
          <li key={worker.identity}>
            <button type="button" class="colleague" onClick={() => void choose(worker)}>
              <Avatar id={worker.identity} name={worker.name} />
              <span class="channel-words">
                <span>{worker.name}</span>
                <span class="hint">
                  {worker.identity}
                  {!worker.isActive && ` · ${texts.inactiveWorker}`}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
