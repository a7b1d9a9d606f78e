import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon';

/** What stands where there is nothing to show: why, and what can be done. */
export function Empty({
  icon,
  title,
  hint,
  children,
}: {
  readonly icon?: IconName;
  readonly title: string;
  readonly hint?: string;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class="empty">
      {icon !== undefined && <Icon name={icon} size={40} />}
      <p class="empty-title">{title}</p>
      {hint !== undefined && <p class="hint">{hint}</p>}
      {children}
    </div>
  );
}
