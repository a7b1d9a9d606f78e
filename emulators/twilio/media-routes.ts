import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { formIn } from './form';
import type { MediaFile, MediaStore } from './media-store';
import { readMultipart } from './multipart';
import { pathOf } from './request-guard';
import { notFound, twilioError } from './twilio-errors';

type OfService = { Params: { service: string } };
type OfMedia = { Params: { service: string; media: string } };

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
export function mediaRoutes(app: FastifyInstance, { media, conversationServiceSid }: MediaService): void {
  app.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: 20 * 1024 * 1024 },
    async (_request: unknown, body: Buffer) => body,
  );

  app.post<OfService>('/v1/Services/:service/Media', async (request, reply) => {
    checkService(request);
    const { Filename: filename, Category: category, Author: author } = formIn(request.query);
    const contentType = request.headers['content-type'] ?? 'application/octet-stream';
    if (!Buffer.isBuffer(request.body)) throw twilioError('invalidParameter', 'The body has no file');
    const part = readMultipart(contentType, request.body);
    const upload = part ?? { bytes: request.body, contentType, filename };
    const file = media.add({ ...upload, author, category, isMultipart: part !== null });
    return reply.code(201).send(shown(file, request));
  });

  app.get<OfMedia>('/v1/Services/:service/Media/:media', async (request) => shown(fileOf(request), request));

  app.get<OfMedia>('/v1/Services/:service/Media/:media/Content', async (request, reply) =>
    reply.redirect(temporaryUrl(fileOf(request), request), 307),
  );

  app.post<OfService>('/v1/Services/:service/MediaSet', async (request) => {
    checkService(request);
    const body = v.safeParse(MediaSet, jsonIn(request.body));
    if (!body.success) throw twilioError('invalidParameter', 'The body is not {"command":"get","list":[…]}');
    return body.output.list.map(({ media_sid: sid }) => {
      const file = media.find(sid);
      return file === undefined
        ? { code: 404, media_record: null }
        : { code: 200, media_record: shown(file, request) };
    });
  });

  function fileOf(request: FastifyRequest<OfMedia>): MediaFile {
    checkService(request);
    const file = media.find(request.params.media);
    if (file === undefined) throw notFound(pathOf(request));
    return file;
  }

  function checkService(request: FastifyRequest<OfService>): void {
    if (request.params.service !== conversationServiceSid) throw notFound(pathOf(request));
  }

  function temporaryUrl({ sid }: MediaFile, request: FastifyRequest): string {
    return `${request.protocol}://${request.host}/media/${sid}?${media.sign(sid)}`;
  }

  function shown(file: MediaFile, request: FastifyRequest) {
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
      links: { content: `${url}/Content`, content_direct_temporary: temporaryUrl(file, request) },
    };
  }
}

/** The temporary addresses: no credentials, but a signature that expires. */
export function temporaryMediaRoutes(app: FastifyInstance, media: MediaStore): void {
  app.get<{ Params: { media: string } }>('/media/:media', async (request, reply) => {
    const { media: sid } = request.params;
    const file = media.find(sid);
    if (file === undefined || !media.isReadable(sid, formIn(request.query))) {
      return reply.code(403).type('application/xml').send('<Error><Code>AccessDenied</Code></Error>');
    }
    return reply.type(file.contentType).send(file.bytes);
  });
}

function jsonIn(body: unknown): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    return null;
  }
}
