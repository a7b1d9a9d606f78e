import * as v from 'valibot';

/** The part of the browser's `Storage` that is used. */
export interface TextStorage {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Browser storage that may be full, forbidden or of an older version: reading and writing never throw. */
export function readStored(storage: TextStorage, key: string): string | null {
  try {
    return storage.getItem(key);
  } catch {
    return null;
  }
}

/** Writes a text, or removes the key with null. @returns whether it was stored */
export function writeStored(storage: TextStorage, key: string, value: string | null): boolean {
  try {
    if (value === null) storage.removeItem(key);
    else storage.setItem(key, value);
    return true;
  } catch {
    return false;
  }
}

/** The keys of a storage; none where it cannot be read. */
export function storedKeys(storage: TextStorage): readonly string[] {
  try {
    return Array.from({ length: storage.length }, (_, at) => storage.key(at) ?? '');
  } catch {
    return [];
  }
}

/** Reads JSON that fits a schema; anything else is the fallback. */
export function readStoredJson<TSchema extends v.GenericSchema>(
  storage: TextStorage,
  key: string,
  schema: TSchema,
  fallback: v.InferOutput<TSchema>,
): v.InferOutput<TSchema> {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson()), readStored(storage, key));
  if (!parsed.success) return fallback;
  const value = v.safeParse(schema, parsed.output);
  return value.success ? value.output : fallback;
}
