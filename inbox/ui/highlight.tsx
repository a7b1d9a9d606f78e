import { highlightParts } from '../logic/highlight';

/** A text in which what is searched is marked. */
export function Highlight({ text, query }: { readonly text: string; readonly query: string }) {
  if (query === '') return <>{text}</>;
  return (
    <>
      {highlightParts(text, query).map((part, at) =>
        part.matches ? <mark key={at}>{part.text}</mark> : <span key={at}>{part.text}</span>,
      )}
    </>
  );
}
