import * as v from 'valibot';
import type { RecordData } from '../../emulators/airtable/airtable-emulator';
import { handler } from '../../lambdas/crm';
import type { Answer, World } from './world';

export const ANA = 'ana@example.com';
export const BOB = 'bob@example.com';

type Parameters = Readonly<Record<string, string>>;

/** Calls the crm callback as Ana, unless the parameters name another worker. */
export function askCrm(world: World, Location: string, parameters: Parameters = {}): Promise<Answer> {
  return world.ask(handler, { Location, Worker: ANA, ...parameters }, { path: '/callbacks/crm' });
}

const ListAnswer = v.strictObject({
  objects: v.strictObject({
    customers: v.array(
      v.strictObject({
        customer_id: v.string(),
        display_name: v.string(),
        avatar: v.exactOptional(v.string()),
      }),
    ),
    searchable: v.literal(true),
    next_page_token: v.exactOptional(v.string()),
  }),
});

export interface ListPage {
  readonly ids: readonly string[];
  readonly names: readonly string[];
  readonly avatars: readonly (string | undefined)[];
  /** Undefined on the last page. */
  readonly token: string | undefined;
  /** The number of requests for the page. */
  readonly airtableRequests: number;
}

/** One page of GetCustomersList. @throws if the response is not a list exactly as Frontline accepts it */
export async function listPage(world: World, parameters: Parameters = {}): Promise<ListPage> {
  const before = world.airtableRequests.length;
  const { status, body } = await askCrm(world, 'GetCustomersList', parameters);
  if (status !== 200) throw new Error(`status ${status}: ${JSON.stringify(body)}`);
  const { customers, next_page_token } = v.parse(ListAnswer, body).objects;
  return {
    ids: customers.map(({ customer_id }) => customer_id),
    names: customers.map(({ display_name }) => display_name),
    avatars: customers.map(({ avatar }) => avatar),
    token: next_page_token,
    airtableRequests: world.airtableRequests.length - before,
  };
}

/** Pages through a list by token, as newer apps do. */
export async function pagesByToken(world: World, parameters: Parameters = {}): Promise<ListPage[]> {
  const pages = [await listPage(world, parameters)];
  for (let token = pages[0]?.token; token !== undefined; ) {
    const page = await listPage(world, { ...parameters, NextPageToken: token });
    token = page.token;
    push(pages, page);
  }
  return pages;
}

/**
 * Pages through a list as older apps do, by the last customer received, until a page is empty.
 * @param beforeEach is called before each page but the first.
 */
export async function pagesByAnchor(
  world: World,
  parameters: Parameters = {},
  beforeEach: () => void = () => {},
): Promise<ListPage[]> {
  const pages = [await listPage(world, parameters)];
  for (let anchor = pages[0]?.ids.at(-1); anchor !== undefined; ) {
    beforeEach();
    const page = await listPage(world, { ...parameters, Anchor: anchor });
    anchor = page.ids.at(-1);
    push(pages, page);
  }
  return pages;
}

function push(pages: ListPage[], page: ListPage): void {
  if (pages.length >= 200) throw new Error('The list has no end: page 201 is given');
  pages.push(page);
}

/** The current rows of the table Customers. */
export function customerRows(world: World): readonly RecordData[] {
  return world.airtable.base.tables.find(({ name }) => name === 'Customers')?.records ?? [];
}
