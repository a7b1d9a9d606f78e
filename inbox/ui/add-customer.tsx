import { useEffect, useRef } from 'preact/hooks';
import { call } from '../api/client';
import { paths } from '../logic/address';
import { showNotice } from '../state/announcer';
import { forgetCustomerLists } from '../state/customers';
import { draftOf, setDraft } from '../state/drafts';
import { goBack, navigate, searchText } from '../state/route';
import { texts } from '../texts';
import { useAction } from './action';
import { Button, IconButton } from './button';

const FIELDS = ['name', 'sms', 'whatsapp'] as const;
type Field = (typeof FIELDS)[number];

const labels: Readonly<Record<Field, string>> = {
  name: texts.name,
  sms: texts.smsNumber,
  whatsapp: texts.whatsappNumber,
};

/** Kept like a message, so that a reload loses nothing. */
const key = (field: Field) => `customer.${field}`;

/** Adds a customer to the base; what is searched in vain is taken as the name or the number. */
export function AddCustomer() {
  const { isBusy, problem, setProblem, run, isShown } = useAction(texts.addCustomer);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const searched = searchText.peek().trim();
    if (searched !== '' && FIELDS.every((field) => draftOf(key(field)) === '')) {
      setDraft(key(/^[+\d\s()-]{5,}$/u.test(searched) ? 'sms' : 'name'), searched);
    }
    form.current?.querySelector('input')?.focus();
  }, []);

  const add = () => {
    const [name, sms, whatsapp] = FIELDS.map((field) => draftOf(key(field)).trim());
    if (name === undefined || name === '') return setProblem(texts.nameMissing);
    if (!sms && !whatsapp) return setProblem(texts.numberMissing);
    void run(async () => {
      const customer = await call('addCustomer', {
        body: { name, sms: sms || null, whatsapp: whatsapp || null },
      });
      for (const field of FIELDS) setDraft(key(field), '');
      forgetCustomerLists();
      showNotice(texts.customerAdded(customer.name));
      if (isShown()) navigate(paths.customer(customer.id), { replace: true });
    });
  };

  return (
    <section class="main-pane" aria-label={texts.addCustomer}>
      <header class="pane-head">
        <IconButton icon="back" label={texts.back} onClick={() => goBack(paths.customers)} />
        <h1>{texts.addCustomer}</h1>
      </header>
      <form
        ref={form}
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        {FIELDS.map((field) => (
          <label key={field} class="field">
            <span>{labels[field]}</span>
            <input
              class="input"
              type={field === 'name' ? 'text' : 'tel'}
              autocomplete="off"
              maxLength={200}
              value={draftOf(key(field))}
              onInput={(event) => setDraft(key(field), event.currentTarget.value)}
            />
            {field === 'sms' && <span class="hint">{texts.numberHint}</span>}
          </label>
        ))}
        {problem !== null && (
          <p class="notice-box notice-red" role="alert">
            {problem}
          </p>
        )}
        <div class="actions">
          <Button kind="primary" type="submit" disabled={isBusy}>
            {texts.add}
          </Button>
          <Button onClick={() => goBack(paths.customers)}>{texts.cancel}</Button>
        </div>
      </form>
    </section>
  );
}
