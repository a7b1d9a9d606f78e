import * as v from 'valibot';

/** A line of the service's log. */
export type LogLine = Readonly<Record<string, unknown>>;

const Line = v.looseObject({
  level: v.string(),
  message: v.string(),
  service: v.literal('frontline-airtable'),
});

/** Metrics as CloudWatch extracts them from a line in embedded metric format: their values by name. */
export interface MetricLine {
  readonly namespace: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, number>>;
  readonly units: Readonly<Record<string, string>>;
  /** The line, verbatim. */
  readonly text: string;
}

const Definition = v.strictObject({ Name: v.string(), Unit: v.string() });
const EmbeddedMetrics = v.looseObject({
  _aws: v.strictObject({
    Timestamp: v.number(),
    CloudWatchMetrics: v.strictTuple([
      v.strictObject({
        Namespace: v.string(),
        Dimensions: v.strictTuple([v.array(v.string())]),
        Metrics: v.array(Definition),
      }),
    ]),
  }),
});

/** The service's output on standard output and standard error. */
export interface Captured {
  readonly log: LogLine[];
  readonly metrics: MetricLine[];
}

/** Captures the service's log lines and metrics from both outputs until `stop`; everything else passes. */
export function captureLogLines(): { readonly taken: Captured; readonly stop: () => void } {
  const taken: Captured = { log: [], metrics: [] };
  // Warnings and errors go to standard error.
  const outputs = [process.stdout, process.stderr].map((output) => ({ output, write: output.write }));
  for (const { output, write } of outputs) {
    output.write = (chunk: string | Uint8Array, ...rest: never[]): boolean => {
      const text = String(chunk);
      const [line, metrics] = [parseLine(text), parseMetrics(text)];
      if (line === null && metrics === null) return write.call(output, chunk, ...rest);
      if (line !== null) taken.log.push(line);
      if (metrics !== null) taken.metrics.push(metrics);
      return true;
    };
  }
  return {
    taken,
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

/** The metrics in a line of standard output; null if it has none. */
export function parseMetrics(text: string): MetricLine | null {
  if (!text.startsWith('{')) return null;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), EmbeddedMetrics), text);
  if (!parsed.success) return null;
  const { _aws, ...fields } = parsed.output;
  const [{ Namespace, Dimensions, Metrics }] = _aws.CloudWatchMetrics;
  return {
    namespace: Namespace,
    dimensions: Object.fromEntries(Dimensions[0].map((name) => [name, String(fields[name])])),
    values: Object.fromEntries(Metrics.map(({ Name }) => [Name, Number(fields[Name])])),
    units: Object.fromEntries(Metrics.map(({ Name, Unit }) => [Name, Unit])),
    text,
  };
}

/** Captures everything on standard output and standard error until `stop`. */
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
