import { signal } from '@preact/signals';

/** `offline`: the device says so, or nothing answers; `connecting`: being found again; `live`: events arrive. */
export type Connection = 'offline' | 'connecting' | 'live';

export const connection = signal<Connection>(navigator.onLine ? 'connecting' : 'offline');
