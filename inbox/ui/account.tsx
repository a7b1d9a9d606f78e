import type { Worker } from '../../lambdas/inbox/api';
import { paths } from '../logic/address';
import { signInMethod } from '../sign-in/sign-in';
import { showNotice } from '../state/announcer';
import { allowNotifications } from '../state/away';
import { goBack } from '../state/route';
import { setAvailability } from '../state/session';
import { setSettings, settings } from '../state/settings';
import { texts } from '../texts';
import { Avatar } from './avatar';
import { Button, IconButton, Switch } from './button';

/** The worker, the settings of this browser, and the way out. */
export function Account({ worker }: { readonly worker: Worker }) {
  const { enterSends, sound, notifications } = settings.value;
  return (
    <section class="main-pane" aria-label={texts.account}>
      <header class="pane-head">
        <span class="only-narrow">
          <IconButton icon="back" label={texts.back} onClick={() => goBack(paths.chats)} />
        </span>
        <h1>{texts.account}</h1>
      </header>
      <div class="form">
        <div class="person-row">
          <Avatar id={worker.identity} name={worker.name} size="large" />
          <span class="channel-words">
            <span class="person-name">{worker.name}</span>
            <span class="hint">{worker.identity}</span>
          </span>
        </div>
        <Switch
          label={texts.available}
          hint={worker.isAvailable ? texts.availableHint : texts.awayHint}
          checked={worker.isAvailable}
          onChange={(isAvailable) => void changeAvailability(isAvailable)}
        />
        <h2>{texts.settings}</h2>
        <div class="only-keyboard">
          <Switch
            label={texts.enterSends}
            hint={texts.enterSendsHint}
            checked={enterSends}
            onChange={(checked) => setSettings({ enterSends: checked })}
          />
        </div>
        <Switch label={texts.sound} checked={sound} onChange={(checked) => setSettings({ sound: checked })} />
        <Switch
          label={texts.notifications}
          hint={texts.notificationsHint}
          checked={notifications}
          onChange={(checked) => void changeNotifications(checked)}
        />
        <div class="only-keyboard">
          <h2>{texts.shortcuts}</h2>
          <Shortcuts />
        </div>
        <div class="actions">
          <Button onClick={() => void signInMethod.signOut()}>{texts.signOut}</Button>
        </div>
      </div>
    </section>
  );
}

/** Turns availability on or off, and says so where it did not work. */
export async function changeAvailability(isAvailable: boolean): Promise<void> {
  try {
    await setAvailability(isAvailable);
  } catch {
    showNotice(texts.availabilityFailed);
  }
}

async function changeNotifications(wanted: boolean): Promise<void> {
  const isAllowed = wanted && (await allowNotifications());
  if (wanted && !isAllowed) showNotice(texts.notificationsDenied);
  setSettings({ notifications: isAllowed });
}

export function Shortcuts() {
  return (
    <dl class="shortcuts">
      {texts.shortcutList.map(([keys, meaning]) => (
        <div key={keys}>
          <dt>
            {keys?.split(' ').map((name) => (
              <kbd key={name}>{name}</kbd>
            ))}
          </dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  );
}
