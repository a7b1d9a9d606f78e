import type { ComponentChildren, JSX } from 'preact';
import { Icon, type IconName } from './icon';

type ButtonAttributes = Omit<JSX.ButtonHTMLAttributes<HTMLButtonElement>, 'icon' | 'type' | 'label'>;

/** A button with words. */
export function Button({
  kind = 'plain',
  type = 'button',
  icon,
  children,
  ...rest
}: ButtonAttributes & {
  readonly kind?: 'plain' | 'primary' | 'danger' | 'quiet';
  readonly type?: 'button' | 'submit';
  readonly icon?: IconName;
  readonly children: ComponentChildren;
}) {
  return (
    <button {...rest} type={type} class={`button button-${kind}`}>
      {icon !== undefined && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  );
}

/** A button with an icon only; the label is its name and its tooltip. */
export function IconButton({
  icon,
  label,
  ...rest
}: ButtonAttributes & { readonly icon: IconName; readonly label: string }) {
  return (
    <button {...rest} type="button" class="icon-button" aria-label={label} title={label}>
      <Icon name={icon} />
    </button>
  );
}

/** A setting that is on or off. */
export function Switch({
  label,
  hint,
  checked,
  onChange,
}: {
  readonly label: string;
  readonly hint?: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}) {
  return (
    <label class="switch">
      <span class="switch-words">
        <span>{label}</span>
        {hint !== undefined && <span class="hint">{hint}</span>}
      </span>
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
    </label>
  );
}
