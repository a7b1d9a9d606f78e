import { randomBytes } from 'node:crypto';

/** The kinds of frames (RFC 6455, 5.2). */
export const OPCODES = { continuation: 0, text: 1, close: 8, ping: 9, pong: 10 } as const;

export interface Frame {
  readonly opcode: number;
  readonly isFinal: boolean;
  readonly payload: Buffer;
}

/** API Gateway's largest message. */
const MAX_PAYLOAD_BYTES = 128 * 1_024;

/** A frame with the whole payload. @param masked as a client must send it */
export function encodeFrame(opcode: number, payload: Buffer, masked = false): Buffer {
  const { length } = payload;
  const maskBit = masked ? 0x80 : 0;
  const head =
    length < 126
      ? Buffer.from([0x80 | opcode, maskBit | length])
      : length < 65_536
        ? Buffer.from([0x80 | opcode, maskBit | 126, length >> 8, length & 0xff])
        : Buffer.concat([Buffer.from([0x80 | opcode, maskBit | 127]), bigLength(length)]);
  if (!masked) return Buffer.concat([head, payload]);
  const mask = randomBytes(4);
  return Buffer.concat([head, mask, masking(payload, mask)]);
}

/** Reads frames from a stream of bytes. */
export class FrameReader {
  #rest = Buffer.alloc(0);

  /** The frames that are complete by now. @throws {RangeError} for one that is too large */
  push(bytes: Buffer): Frame[] {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame !== null; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): Frame | null {
    const buffer = this.#rest;
    if (buffer.length < 2) return null;
    const [first = 0, second = 0] = buffer;
    const short = second & 0x7f;
    const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
    const isMasked = (second & 0x80) !== 0;
    const start = 2 + lengthBytes + (isMasked ? 4 : 0);
    if (buffer.length < start) return null;
    const length =
      lengthBytes === 0
        ? short
        : lengthBytes === 2
          ? buffer.readUInt16BE(2)
          : Number(buffer.readBigUInt64BE(2));
    if (length > MAX_PAYLOAD_BYTES) throw new RangeError('The frame is too large');
    if (buffer.length < start + length) return null;
    const payload = buffer.subarray(start, start + length);
    this.#rest = buffer.subarray(start + length);
    return {
      opcode: first & 0x0f,
      isFinal: (first & 0x80) !== 0,
      payload: isMasked ? masking(payload, buffer.subarray(start - 4, start)) : Buffer.from(payload),
    };
  }
}

function bigLength(length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(length));
  return bytes;
}

function masking(payload: Buffer, mask: Buffer): Buffer {
  return Buffer.from(payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
}
