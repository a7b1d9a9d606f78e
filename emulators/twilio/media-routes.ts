import * as v from 'valibot';
import { type HttpResponse, json } from '../core/http-response';
import { formOf, readMultipart } from './form';
import type { MediaFile, MediaStore } from './media-store';
import { NO_CONTENT, type RestCall, type RestRoutes } from './rest-call';
import { notFound, twilioError } from './twilio-errors';

interface MediaService {
  readonly media: MediaStore;
  readonly conversationServiceSid: string;
}

const MediaSet = v.object({
  command: v.literal('get'),
  list: v.array(v.object({ media_sid: v.string() })),
});

/**
 * The Media Content Service, which has the same paths on another of Twilio's hosts: files of messages. Not part of
 * Twilio's published API description.
 */
export function mediaRoutes({ media, conversationServiceSid }: MediaService): RestRoutes {
  const path = '/v1/Services/:service/Media';

  function fileOf(call: RestCall): MediaFile {
    const file = media.find(call.param('media'));
    if (file === undefined) throw notFound(call.path);
    return file;
  }

  function temporaryUrl({ sid }: MediaFile, { origin }: RestCall): string {
    return `${origin}/media/${sid}?${media.sign(sid)}`;
  }

  function shown(file: MediaFile, call: RestCall) {
    const url = `/v1/Services/${conversationServiceSid}/Media/${file.sid}`;
    const created = file.dateCreated.toISOString();
    return {
      sid: file.sid,
      service_sid: conversationServiceSid,
      date_created: created,
      date_upload_updated: created,
      date_updated: created,
      size: file.size,
      content_type: file.contentType,
      filename: file.filename,
      author: file.author,
      category: file.category,
      message_sid: file.messageSid,
      channel_sid: file.conversationSid,
      is_multipart_upstream: file.isMultipart,
      url,
      links: { content: `${url}/Content`, content_direct_temporary: temporaryUrl(file, call) },
    };
  }

  return {
    [`POST ${path}`]: (call) => {
      const { Filename: filename, Category: category, Author: author } = formOf(call.query);
      const { headers, bytes } = call;
      const contentType = headers['content-type'] ?? 'application/octet-stream';
      if (bytes.length === 0) throw twilioError('invalidParameter', 'The body has no file');
      const part = readMultipart(contentType, bytes);
      const upload = part ?? { bytes, contentType, filename };
      const file = media.add({ ...upload, author, category, isMultipart: part !== null });
      return json(shown(file, call), 201);
    },

    [`GET ${path}/:media`]: (call) => json(shown(fileOf(call), call)),

    // Twilio does not document it, and what Twilio does is unconfirmed (twilio.md#media).
    [`DELETE ${path}/:media`]: (call) => {
      media.delete(fileOf(call).sid);
      return NO_CONTENT;
    },

    [`GET ${path}/:media/Content`]: (call) => ({
      status: 307,
      headers: { location: temporaryUrl(fileOf(call), call) },
    }),

    [`POST ${path}Set`]: (call) => {
      const command = v.safeParse(MediaSet, jsonIn(call.body));
      if (!command.success)
        throw twilioError('invalidParameter', 'The body is not {"command":"get","list":[…]}');
      const records = command.output.list.map(({ media_sid: sid }) => {
        const file = media.find(sid);
        return file === undefined
          ? { code: 404, media_record: null }
          : { code: 200, media_record: shown(file, call) };
      });
      return json(records);
    },
  };
}

/** The response at a temporary address, which needs no credentials, but a signature that has not expired. */
export function temporaryMedia(media: MediaStore, sid: string, query: URLSearchParams): HttpResponse {
  const file = media.find(sid);
  if (file === undefined || !media.isReadable(sid, formOf(query))) {
    const body = '<Error><Code>AccessDenied</Code></Error>';
    return { status: 403, headers: { 'content-type': 'application/xml' }, body };
  }
  return { status: 200, headers: { 'content-type': file.contentType }, body: file.bytes };
}

function jsonIn(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
