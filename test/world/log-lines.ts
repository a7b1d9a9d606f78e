import * as v from 'valibot';

/** A line of the service's log. */
export type LogLine = Readonly<Record<string, unknown>>;

const Line = v.looseObject({
  level: v.string(),
  message: v.string(),
  service: v.literal('frontline-airtable'),
});

/** Takes the service's log lines off standard output until `stop`; everything else passes. */
export function captureLogLines(): { readonly taken: () => LogLine[]; readonly stop: () => void } {
  const lines: LogLine[] = [];
  const write = process.stdout.write;
  process.stdout.write = (chunk: string | Uint8Array, ...rest: never[]): boolean => {
    const line = parseLine(String(chunk));
    if (line === null) return write.call(process.stdout, chunk, ...rest);
    lines.push(line);
    return true;
  };
  return {
    taken: () => lines,
    stop: () => {
      process.stdout.write = write;
    },
  };
}

function parseLine(text: string): LogLine | null {
  if (!text.startsWith('{')) return null;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Line), text);
  return parsed.success ? parsed.output : null;
}
