import type { ComponentChildren, JSX } from 'preact';
import { followLink } from '../state/route';

type LinkProps = Omit<JSX.HTMLAttributes<HTMLAnchorElement>, 'href' | 'onClick'> & {
  readonly to: string;
  readonly children: ComponentChildren;
};

/** A link to an address of the app. */
export function Link({ to, children, ...rest }: LinkProps) {
  return (
    <a {...rest} href={to} onClick={(event) => followLink(event, to)}>
      {children}
    </a>
  );
}
