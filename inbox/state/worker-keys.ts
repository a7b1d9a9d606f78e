const DRAFT = 'inbox.draft.';
const OUTBOX = 'inbox.outbox.';

/** Where this browser keeps what belongs to a worker. No worker's keys begin like another one's. */
export function workerKeys(identity: string) {
  const name = `${encodeURIComponent(identity)}/`;
  return { anyDraft: DRAFT, anyOutbox: OUTBOX, draft: `${DRAFT}${name}`, outbox: `${OUTBOX}${name}` };
}
