import { signal } from '@preact/signals';
import type { Connection } from '../logic/live-connection';

/** Whether events arrive. */
export const connection = signal<Connection>(navigator.onLine ? 'connecting' : 'offline');
