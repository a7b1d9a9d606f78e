import { isDemo, signInMethod } from '../sign-in/sign-in';
import type { SessionState } from '../state/session';
import { texts } from '../texts';
import { Button } from './button';
import { Empty } from './empty';
import { WorkerPicker } from './worker-picker';

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
  switch (session.state) {
    case 'loading':
      return null;
    case 'redirecting':
      return <ProgressMessage text={texts.redirecting} />;
    case 'signing-out':
      return <ProgressMessage text={texts.signingOut} />;
    case 'unreachable':
      return (
        <Empty isPage icon="failed" title={texts.unreachable} hint={texts.unreachableHint}>
          <Button kind="primary" onClick={() => void signInMethod.start()}>
            {texts.tryAgain}
          </Button>
        </Empty>
      );
    case 'provider-unreachable':
      return (
        <Empty isPage icon="failed" title={texts.providerUnreachable} hint={texts.unreachableHint}>
          <SignInButton label={texts.tryAgain} />
        </Empty>
      );
    case 'sign-in-failed':
      return (
        <Empty isPage icon="lock" title={texts.signInFailed} hint={signInFailure(session.error)}>
          <SignInButton label={texts.tryAgain} />
          <details>
            <summary>{texts.details}</summary>
            <p class="hint">{texts.signInError(session.error)}</p>
          </details>
        </Empty>
      );
    case 'not-active':
      return (
        <Empty isPage icon="lock" title={texts.notActive} hint={texts.notActiveHint}>
          <Button onClick={() => void signInMethod.signOut()}>{texts.signOut}</Button>
        </Empty>
      );
    case 'signed-out':
      return <SignedOut wasSignedIn={session.wasSignedIn} />;
  }
}

/** What is shown for a moment, and read out. */
function ProgressMessage({ text }: { readonly text: string }) {
  return (
    <div role="status">
      <Empty isPage icon="account" title={text} />
    </div>
  );
}

function SignedOut({ wasSignedIn }: { readonly wasSignedIn: boolean }) {
  if (isDemo) return <WorkerPicker wasSignedIn={wasSignedIn} />;
  return (
    <Empty
      isPage
      icon="account"
      title={wasSignedIn ? texts.signInEnded : texts.signedOut}
      hint={wasSignedIn ? texts.signInEndedHint : texts.signedOutHint}
    >
      <SignInButton label={texts.signIn} />
    </Empty>
  );
}

function SignInButton({ label }: { readonly label: string }) {
  return (
    <Button kind="primary" onClick={() => void signInMethod.signIn()}>
      {label}
    </Button>
  );
}

function signInFailure(error: string): string {
  if (error === 'access_denied') return texts.signInDenied;
  if (error === 'storage') return texts.signInWithoutStorage;
  return texts.signInFailedHint;
}
