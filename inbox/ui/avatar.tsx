import { hue, initials } from '../logic/initials';

/** Initials in a colour that belongs to the id. Never a picture from another server. */
export function Avatar({
  id,
  name,
  size = 'medium',
}: {
  readonly id: string;
  readonly name: string;
  readonly size?: 'small' | 'medium' | 'large';
}) {
  return (
    <span class={`avatar avatar-${size} hue-${hue(id)}`} aria-hidden="true">
      {initials(name)}
    </span>
  );
}
