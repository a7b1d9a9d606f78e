import { useEffect, useState } from 'preact/hooks';
import { type LocalWorker, localWorkers, signInLocally } from '../api/local-sign-in';
import { resumeSession, type SessionState, signIn, signOut } from '../state/session';
import { texts } from '../texts';
import { Avatar } from './avatar';
import { Button } from './button';
import { Empty } from './empty';

type Outside = Exclude<SessionState, { state: 'signed-in' }>;

/** The page of a browser without a session. */
export function SignIn({ session }: { readonly session: Outside }) {
  if (session.state === 'loading') return <p class="sr-only">{texts.loading}</p>;
  return (
    <main class="sign-in">
      <SignInPage session={session} />
    </main>
  );
}

function SignInPage({ session }: { readonly session: Outside }) {
  if (session.state === 'unreachable') {
    return (
      <Empty icon="failed" title={texts.unreachable} hint={texts.unreachableHint}>
        <Button kind="primary" onClick={() => void resumeSession()}>
          {texts.tryAgain}
        </Button>
      </Empty>
    );
  }
  if (session.state === 'refused') {
    return (
      <Empty icon="lock" title={texts.notActive} hint={session.message}>
        <Button onClick={signOut}>{texts.signOut}</Button>
      </Empty>
    );
  }
  return <Picker wasSignedIn={session.state === 'signed-out' && session.wasSignedIn} />;
}

/** The demo's workers. A deployed inbox has none, and says only that one is signed out. */
function Picker({ wasSignedIn }: { readonly wasSignedIn: boolean }) {
  const [workers, setWorkers] = useState<readonly LocalWorker[] | null>(null);
  useEffect(() => {
    localWorkers().then(setWorkers, () => setWorkers([]));
  }, []);
  const choose = async ({ identity }: LocalWorker) => {
    await signIn(await signInLocally(identity));
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
