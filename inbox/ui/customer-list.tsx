import type { CustomerSummary } from '../../lambdas/inbox/api';
import { paths, withSearch } from '../logic/address';
import { loadCustomers, shownCustomers } from '../state/customers';
import { navigate, searchText } from '../state/route';
import { texts } from '../texts';
import { Avatar } from './avatar';
import { Button, IconButton } from './button';
import { Empty } from './empty';
import { Highlight } from './highlight';
import { Link } from './link';
import { SearchBox } from './search-box';
import { SkeletonRows, WindowedList } from './windowed-list';

/** The customers that the worker may see, by name. */
export function CustomerList({ openId }: { readonly openId: string | null }) {
  return (
    <section class="list-pane" aria-label={texts.customers}>
      <header class="pane-head">
        <h1>{texts.customers}</h1>
        <IconButton icon="add" label={texts.addCustomer} onClick={() => navigate(paths.newCustomer)} />
      </header>
      <SearchBox label={texts.searchCustomers} />
      <Rows openId={openId} />
    </section>
  );
}

function Rows({ openId }: { readonly openId: string | null }) {
  const { status, customers, query, hasMore, isSettled } = shownCustomers.value;
  if (customers.length === 0 && status === 'failed') {
    return (
      <Empty icon="failed" title={texts.listFailed}>
        <Button onClick={() => void loadCustomers()}>{texts.tryAgain}</Button>
      </Empty>
    );
  }
  if (customers.length === 0 && status !== 'ready') return <SkeletonRows />;
  if (customers.length === 0 && isSettled) return <NothingFound query={query} />;
  return (
    <div class={`list-box ${isSettled ? '' : 'list-stale'}`}>
      <WindowedList
        rows={customers}
        current={openId}
        keyOf={({ id }) => id}
        label={texts.customers}
        scrollKey={`customers ${query}`}
        hasMore={hasMore}
        status={status}
        onMore={() => void loadCustomers()}
        render={(customer, isTabStop) => (
          <CustomerRow
            customer={customer}
            query={query}
            isOpen={customer.id === openId}
            isTabStop={isTabStop}
          />
        )}
      />
    </div>
  );
}

function CustomerRow({
  customer,
  query,
  isOpen,
  isTabStop,
}: {
  readonly customer: CustomerSummary;
  readonly query: string;
  readonly isOpen: boolean;
  readonly isTabStop: boolean;
}) {
  return (
    <Link
      to={withSearch(paths.customer(customer.id), searchText.value)}
      class={`row ${isOpen ? 'row-open' : ''}`}
      aria-current={isOpen ? 'page' : undefined}
      tabIndex={isTabStop ? 0 : -1}
    >
      <Avatar id={customer.id} name={customer.name} />
      <span class="row-words">
        <span class="row-name">
          <Highlight text={customer.name} query={query} />
        </span>
      </span>
    </Link>
  );
}

function NothingFound({ query }: { readonly query: string }) {
  if (query === '') {
    return <Empty icon="customers" title={texts.noCustomers} hint={texts.noCustomersHint} />;
  }
  return (
    <Empty icon="search" title={texts.noCustomerMatches(query)} hint={texts.noCustomerMatchesHint}>
      <Button icon="add" onClick={() => navigate(paths.newCustomer)}>
        {texts.addCustomer}
      </Button>
    </Empty>
  );
}
