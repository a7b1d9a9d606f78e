/** Stands for the page of a browser, as far as the app's state needs one. Import the state after it. */
export function openPage(address: string): void {
  const { origin, pathname, search, hash } = new URL(address, 'https://inbox.example.com');
  const history = { state: null, pushState: () => undefined, replaceState: () => undefined };
  Object.assign(globalThis, {
    location: { origin, pathname, search, hash },
    history,
    window: new EventTarget(),
  });
}
