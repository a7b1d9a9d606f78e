import { crc32, deflateSync } from 'node:zlib';
import type { NewMedia } from '../twilio/media-store';

const WIDTH = 480;
const HEIGHT = 320;
const HORIZON = 200;
const SUN = { x: 360, y: 80, radius: 36 };

/** A drawn picture of a garden, as a customer might send one. */
export function gardenPicture(): NewMedia {
  const rows = Array.from({ length: HEIGHT }, (_row, y) => Buffer.from([0, ...rowOf(y)]));
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const bytes = Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  return { bytes, contentType: 'image/png', filename: 'garden.png' };
}

function rowOf(y: number): number[] {
  return Array.from({ length: WIDTH }, (_pixel, x) => colour(x, y)).flat();
}

function colour(x: number, y: number): number[] {
  if (Math.hypot(x - SUN.x, y - SUN.y) < SUN.radius) return [250, 214, 96];
  if (y < HORIZON + 14 * Math.sin(x / 60)) return [152 + y / 8, 200 + y / 10, 222];
  // The gate's boards.
  if (x > 90 && x < 230 && y > 150 && y < 290) return x % 28 < 22 ? [122, 84, 52] : [92, 62, 38];
  return [88, 136 - (y - HORIZON) / 4, 70];
}

/** A part of a PNG file, with its length and checksum. */
function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}
