type QueryValue = string | readonly QueryValue[] | { readonly [key: string]: QueryValue };
export type Query = Readonly<Record<string, QueryValue>>;

/** `name`, `name[]`, `name[3]`, `name[3][key]` */
const KEY = /^([^[\]]+)(?:\[(\d*)\](?:\[([^[\]]+)\])?)?$/;

/** Airtable treats a higher index as a key, and then finds no list (airtable.md#listing-records). */
const MAX_INDEX = 20;

/** Reads a query string as Airtable does: `+` is a space, brackets make lists and objects. */
export function parseQuery(text: string): Query {
  const values = new Map<string, QueryValue>();
  const lists = new Map<string, List>();
  for (const [key, value] of new URLSearchParams(text)) {
    const [, name = key, index, property] = KEY.exec(key) ?? [];
    if (index === undefined) values.set(name, value);
    else add(listNamed(name, lists), index, property, value);
  }
  for (const [name, list] of lists) values.set(name, toValue(list));
  return Object.fromEntries(values);
}

interface List {
  readonly entries: Map<number, QueryValue>;
  isList: boolean;
}

function listNamed(name: string, lists: Map<string, List>): List {
  const list = lists.get(name) ?? { entries: new Map<number, QueryValue>(), isList: true };
  lists.set(name, list);
  return list;
}

function add(list: List, index: string, property: string | undefined, value: string): void {
  const place = index === '' ? list.entries.size : Number(index);
  if (index !== '' && place > MAX_INDEX) list.isList = false;
  list.entries.set(
    place,
    property === undefined ? value : withProperty(list.entries.get(place), property, value),
  );
}

function withProperty(entry: QueryValue | undefined, property: string, value: string): QueryValue {
  const object = typeof entry === 'object' && !Array.isArray(entry) ? entry : {};
  return { ...object, [property]: value };
}

function toValue({ entries, isList }: List): QueryValue {
  const inOrder = [...entries].sort(([a], [b]) => a - b);
  return isList ? inOrder.map(([, value]) => value) : Object.fromEntries(inOrder);
}
