import './styles/tokens.css';
import './styles/reset.css';
import './styles/base.css';
import './styles/layout.css';
import './styles/list.css';
import './styles/conversation.css';
import './styles/composer.css';
import './styles/details.css';
import { effect } from '@preact/signals';
import { render } from 'preact';
import { signInMethod } from './sign-in/sign-in';
import { startBadge } from './state/away';
import { loadChats } from './state/chats';
import { startClock } from './state/clock';
import { startCustomerSearch } from './state/customers';
import { startKeyboard } from './state/keyboard';
import { startLive } from './state/live';
import { startOutbox } from './state/outbox';
import { worker } from './state/session';
import { App } from './ui/app';

// First: an answer of the sign-in page must not stay in the address.
void signInMethod.start();

const root = document.getElementById('app');
if (root !== null) render(<App />, root);

startClock();
startBadge();
startKeyboard();
startCustomerSearch();

// Once a worker is signed in, for as long as the page lives: signing out loads it again.
const stopWaiting = effect(() => {
  if (worker.value === null) return;
  queueMicrotask(() => {
    stopWaiting();
    startOutbox();
    startLive();
    void loadChats('all');
    void loadChats('unassigned');
  });
});
