import type { ContentStore } from './content-store';
import type { MessageChanges, MessageDraft, MessageMedia, Participant } from './conversation';
import { take } from './form';
import type { MediaFile, MediaStore } from './media-store';
import { twilioError } from './twilio-errors';

const SUBJECT_CHARACTERS = 256;

/**
 * The message that a form describes. Content replaces body and media; an author who is a participant is linked.
 * @throws {TwilioError} for invalid media, content or dates.
 */
export function messageDraftIn(
  body: URLSearchParams,
  {
    participants,
    media,
    contents,
  }: {
    readonly participants: readonly Participant[];
    readonly media: MediaStore;
    readonly contents: ContentStore;
  },
): MessageDraft {
  const form = take(
    body,
    ...(['Author', 'Body', 'Attributes', 'Subject', 'DateCreated', 'DateUpdated'] as const),
    ...(['MediaSid', 'ContentSid', 'ContentVariables'] as const),
  );
  checkSubject(form.Subject);
  const author = form.Author ?? 'system';
  const participant = participants.find(
    ({ identity, messagingBinding }) => author === identity || author === messagingBinding?.address,
  );
  const draft = {
    author,
    body: '',
    attributes: form.Attributes,
    participantSid: participant?.sid,
    dateCreated: dateIn('DateCreated', form.DateCreated),
    dateUpdated: dateIn('DateUpdated', form.DateUpdated),
  };
  if (form.ContentSid !== undefined) {
    const deliveredText = contents.render(form.ContentSid, form.ContentVariables);
    return { ...draft, contentSid: form.ContentSid, deliveredText };
  }
  if (form.ContentVariables !== undefined) throw twilioError('contentVariablesAlone');
  const files = form.MediaSid === undefined ? [] : [media.unattached(form.MediaSid)];
  return { ...draft, body: form.Body ?? '', media: files.map(mediaOf) };
}

/** The changes of a message that a form describes. */
export function messageChangesIn(body: URLSearchParams): MessageChanges {
  const form = take(body, 'Author', 'Body', 'Attributes', 'Subject', 'DateCreated', 'DateUpdated');
  checkSubject(form.Subject);
  return {
    author: form.Author,
    body: form.Body,
    attributes: form.Attributes,
    dateCreated: dateIn('DateCreated', form.DateCreated),
    dateUpdated: dateIn('DateUpdated', form.DateUpdated),
  };
}

export function mediaOf({ sid, contentType, filename, size }: MediaFile): MessageMedia {
  return { sid, contentType, filename, size };
}

function checkSubject(subject = ''): void {
  if (subject.length > SUBJECT_CHARACTERS) throw twilioError('invalidParameter', 'Subject is too long');
}

/** @throws {TwilioError} 20001 unless it is a date in ISO 8601. */
export function dateIn(name: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const date = new Date(text);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(date.getTime())) {
    throw twilioError('invalidParameter', `${name} is not a date such as 2026-01-31T12:00:00Z`);
  }
  return date;
}
