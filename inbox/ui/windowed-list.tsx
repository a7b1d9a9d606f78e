import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { rowWindow } from '../logic/window';
import { keepScroll, keptScroll } from '../state/scroll';
import { texts } from '../texts';
import { Button } from './button';

interface WindowedListProps<T> {
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  /** `isTabStop`: only one row is reached by Tab, the others by the arrow keys. */
  readonly render: (row: T, isTabStop: boolean) => ComponentChildren;
  /** The key of the row that is open. */
  readonly current: string | null;
  /** Names the list for screen readers. */
  readonly label: string;
  /** Under which the scroll position is kept, over reloads too. */
  readonly scrollKey: string;
  readonly hasMore: boolean;
  /** Of the rows asked for: after a failure only a click asks again. */
  readonly status: 'idle' | 'loading' | 'failed' | 'ready';
  readonly onMore: () => void;
}

/** Used until the first row is measured. */
const ROW_HEIGHT = 72;
/** How far before the end the next page is asked for. */
const AHEAD_PX = 1_200;

/**
 * A list of rows of equal height, of which only those near the view are in the document. Each row holds one link;
 * the arrow keys move between them.
 */
export function WindowedList<T>({
  current,
  rows,
  keyOf,
  render,
  label,
  scrollKey,
  hasMore,
  status,
  onMore,
}: WindowedListProps<T>) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 0, row: ROW_HEIGHT });
  const { from, to } = rowWindow(view.top, view.height, view.row, rows.length);

  const shown = rows.slice(from, to);
  const tabStop = shown.some((row) => keyOf(row) === current) ? current : null;

  // A kept position is restored as soon as the list is seen and enough rows are there.
  const wanted = useRef(keptScroll(scrollKey));
  const restore = () => {
    const element = box.current;
    if (element === null || wanted.current === null || element.clientHeight === 0 || rows.length === 0)
      return;
    element.scrollTop = wanted.current;
    if (element.scrollTop >= wanted.current - 1 || !hasMore) wanted.current = null;
  };

  const measure = () => {
    restore();
    const element = box.current;
    // On a phone the list is hidden beside a conversation.
    if (element === null || element.clientHeight === 0) return;
    const row = element.querySelector('li')?.getBoundingClientRect().height ?? view.row;
    setView({ top: element.scrollTop, height: element.clientHeight, row: row > 0 ? row : ROW_HEIGHT });
    const isNearEnd = element.scrollTop + element.clientHeight + AHEAD_PX > rows.length * view.row;
    if (hasMore && isNearEnd && status === 'ready') onMore();
  };
  const latest = useRef(measure);
  latest.current = measure;

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    // Only once: a new observer measures, which renders again.
    const observer = new ResizeObserver(() => latest.current());
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    wanted.current = keptScroll(scrollKey);
    if (box.current !== null && wanted.current === null) box.current.scrollTop = 0;
  }, [scrollKey]);
  useLayoutEffect(restore, [rows.length, hasMore, scrollKey, view.row]);
  useEffect(measure, [rows.length, hasMore, status, scrollKey]);

  return (
    <div
      ref={box}
      class="list"
      onScroll={(event) => {
        if (wanted.current === null) keepScroll(scrollKey, event.currentTarget.scrollTop);
        measure();
      }}
    >
      <ul
        aria-label={label}
        style={{ paddingTop: `${from * view.row}px`, paddingBottom: `${(rows.length - to) * view.row}px` }}
      >
        {shown.map((row, at) => (
          <li key={keyOf(row)} aria-setsize={hasMore ? -1 : rows.length} aria-posinset={from + at + 1}>
            {render(row, tabStop === null ? at === 0 : keyOf(row) === tabStop)}
          </li>
        ))}
      </ul>
      {status === 'failed' && hasMore && (
        <p class="list-note">
          {texts.restFailed} <Button onClick={onMore}>{texts.tryAgain}</Button>
        </p>
      )}
    </div>
  );
}

/** Grey rows while a list loads. */
export function SkeletonRows() {
  return (
    <div class="skeletons" aria-hidden="true">
      {Array.from({ length: 10 }, (_row, at) => (
        <div key={at} class="skeleton-row">
          <span class="skeleton skeleton-avatar" />
          <span class="skeleton-lines">
            <span class="skeleton skeleton-line" />
            <span class="skeleton skeleton-line skeleton-short" />
          </span>
        </div>
      ))}
    </div>
  );
}
