import { searchText, setSearch } from '../state/route';
import { texts } from '../texts';
import { Icon } from './icon';

/** Searches the list below it; what is searched stands in the address. */
export function SearchBox({ label }: { readonly label: string }) {
  const query = searchText.value;
  return (
    <search class="search">
      <Icon name="search" size={16} />
      <input
        type="search"
        class="search-input"
        aria-label={label}
        placeholder={label}
        autocomplete="off"
        spellcheck={false}
        enterkeyhint="search"
        maxLength={200}
        value={query}
        onInput={(event) => setSearch(event.currentTarget.value)}
      />
      {query !== '' && (
        <button
          type="button"
          class="search-clear"
          aria-label={texts.clearSearch}
          onClick={(event) => {
            setSearch('');
            event.currentTarget.parentElement?.querySelector('input')?.focus();
          }}
        >
          <Icon name="clear" size={16} />
        </button>
      )}
    </search>
  );
}
