declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** Milliseconds that a table stays in a state; `path` is the data folder, without it data is in memory. */
  interface Options {
    readonly path?: string;
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
  }

  export default function dynalite(options?: Options): Server;
}
