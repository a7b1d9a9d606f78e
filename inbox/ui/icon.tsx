/** Outlines on a grid of 24, drawn in the colour of the text. */
const PATHS = {
  chats: ['M21 12a8 8 0 0 1-11.6 7.1L4 20.5l1.4-5A8 8 0 1 1 21 12z'],
  customers: [
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z',
    'M2.5 20a6.5 6.5 0 0 1 13 0',
    'M16 4.3a3.5 3.5 0 0 1 0 6.4',
    'M18 14a6.5 6.5 0 0 1 3.5 6',
  ],
  account: ['M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z', 'M4.5 20.5a7.5 7.5 0 0 1 15 0'],
  back: ['M15 5l-7 7 7 7'],
  search: ['M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14z', 'M16.2 16.2L21 21'],
  clear: ['M6 6l12 12', 'M18 6L6 18'],
  send: ['M4 12L20 4l-5 16-3.5-6.5z', 'M11.5 13.5L20 4'],
  templates: ['M5 4h14v16H5z', 'M8.5 9h7', 'M8.5 13h7', 'M8.5 17h4'],
  transfer: ['M4 8h15', 'M15 4l4 4-4 4', 'M20 16H5', 'M9 12l-4 4 4 4'],
  close: ['M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z', 'M8 12.5l2.7 2.7L16 9.5'],
  details: ['M4 5h16v14H4z', 'M14.5 5v14'],
  down: ['M12 5v14', 'M6 13l6 6 6-6'],
  up: ['M12 19V5', 'M6 11l6-6 6 6'],
  file: ['M6 3h8l5 5v13H6z', 'M14 3v5h5'],
  download: ['M12 4v11', 'M7 10.5l5 5 5-5', 'M5 20h14'],
  add: ['M12 5v14', 'M5 12h14'],
  sms: ['M4 5h16v11H10l-4 3.5V16H4z', 'M8 9h8', 'M8 12h5'],
  whatsapp: [
    'M3.5 20.5l1.3-4.4A8.5 8.5 0 1 1 8 19.3z',
    'M9 8.5c-.3 3 3.5 6.5 6.5 6.5l.8-1.7-2.3-1.3-.9.9c-1-.4-1.9-1.3-2.3-2.3l.9-.9L10.6 8z',
  ],
  failed: ['M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z', 'M12 7.5v5.5', 'M12 16.2v.3'],
  muted: ['M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z', 'M6 6l12 12'],
  clock: ['M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z', 'M12 7v5l3.5 2'],
  sent: ['M5 12.5l4.5 4.5L19 7.5'],
  delivered: ['M2.5 12.5L7 17l9.5-9.5', 'M12.5 16l1 1L23 7.5'],
  picture: ['M4 5h16v14H4z', 'M4 16l5-5 4 4 2.5-2.5L20 16.5', 'M15.5 9.5v.01'],
  external: ['M13 5h6v6', 'M19 5l-9 9', 'M16 14v5H5V8h5'],
  more: ['M12 6v.01', 'M12 12v.01', 'M12 18v.01'],
  keyboard: ['M3 7h18v11H3z', 'M7 11v.01', 'M11 11v.01', 'M15 11v.01', 'M8 14.5h8'],
  lock: ['M6 11h12v9H6z', 'M8.5 11V8a3.5 3.5 0 0 1 7 0v3'],
} as const;

export type IconName = keyof typeof PATHS;

/** An icon. It says nothing to screen readers: the text beside it, or the button's label, does. */
export function Icon({
  name,
  size = 20,
}: {
  readonly name: IconName;
  readonly size?: 14 | 16 | 20 | 24 | 40;
}) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {PATHS[name].map((path) => (
        <path key={path} d={path} />
      ))}
    </svg>
  );
}
