import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon';

/** What stands where there is nothing to show: why, and what can be done. */
export function Empty({
  icon,
  title,
  hint,
  isPage = false,
  children,
}: {
  readonly icon?: IconName;
  readonly title: string;
  readonly hint?: string;
  /** Whether it is all that the page shows: then its title is the page's heading. */
  readonly isPage?: boolean;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class="empty">
      {icon !== undefined && <Icon name={icon} size={40} />}
      {isPage ? <h1>{title}</h1> : <p class="empty-title">{title}</p>}
      {hint !== undefined && <p class="hint">{hint}</p>}
      {children}
    </div>
  );
}
