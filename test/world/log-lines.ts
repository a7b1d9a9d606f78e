import * as v from 'valibot';

/** A line of the service's log. */
export type LogLine = Readonly<Record<string, unknown>>;

const Line = v.looseObject({
  level: v.string(),
  message: v.string(),
  service: v.literal('frontline-airtable'),
});

/** Takes the service's log lines off the standard outputs until `stop`; everything else passes. */
export function captureLogLines(): { readonly taken: () => LogLine[]; readonly stop: () => void } {
  const lines: LogLine[] = [];
  // Warnings and errors go to standard error.
  const outputs = [process.stdout, process.stderr].map((output) => ({ output, write: output.write }));
  for (const { output, write } of outputs) {
    output.write = (chunk: string | Uint8Array, ...rest: never[]): boolean => {
      const line = parseLine(String(chunk));
      if (line === null) return write.call(output, chunk, ...rest);
      lines.push(line);
      return true;
    };
  }
  return {
    taken: () => lines,
    stop: () => {
      for (const { output, write } of outputs) output.write = write;
    },
  };
}

function parseLine(text: string): LogLine | null {
  if (!text.startsWith('{')) return null;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Line), text);
  return parsed.success ? parsed.output : null;
}

/** Takes everything off standard output and standard error until `stop`. */
export function captureOutput(): { readonly text: () => string; readonly stop: () => void } {
  const chunks: string[] = [];
  const streams = [process.stdout, process.stderr];
  const writes = streams.map((stream) => stream.write);
  for (const stream of streams) {
    stream.write = (chunk: string | Uint8Array): boolean => {
      chunks.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
      return true;
    };
  }
  return {
    text: () => chunks.join(''),
    stop: () => {
      for (const [index, stream] of streams.entries()) stream.write = writes[index] ?? stream.write;
    },
  };
}
