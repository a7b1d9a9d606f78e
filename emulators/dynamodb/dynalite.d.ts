declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** Milliseconds for which a table stays in a state; `path` is a folder to keep the data in, else it is in memory. */
  interface Options {
    readonly path?: string;
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
  }

  export default function dynalite(options?: Options): Server;
}
