import { MemoryStorage } from './memory-storage';

/** Stands for the page of a browser, as far as the app's state needs one. Import the state after it. */
export function openPage(address: string, localStorage = new MemoryStorage()): void {
  const { origin, pathname, search, hash } = new URL(address, 'https://inbox.example.com');
  const location = { origin, pathname, search, hash };
  const history = { state: null, pushState: () => undefined, replaceState: () => undefined };
  Object.assign(globalThis, { location, history, localStorage, window: new EventTarget() });
}
