/** What a file is by its bytes, and that no damage makes the reader throw. */

import { expect, test } from 'vitest';
import { isFilm, orientationIn, pictureIn } from '../fingerprints/container';

const ascii = (text: string) => Array.from(text, (character) => character.charCodeAt(0));
const be16 = (value: number) => [value >> 8, value & 255];
const be32 = (value: number) => [...be16(value >>> 16), ...be16(value & 65535)];
const le32 = (value: number) => be32(value).reverse();
const bytes = (...parts: number[][]) => Uint8Array.from(parts.flat());

const tiff = (orientation: number) => [
  ...[...ascii('MM'), 0, 42, ...be32(8), ...be16(1)],
  ...[...be16(0x0112), ...be16(3), ...be32(1), ...be16(orientation), 0, 0, ...be32(0)],
];
const segment = (marker: number, content: number[]) => [0xff, marker, ...be16(content.length + 2), ...content];
const jpeg = (...segments: number[][]) => bytes([0xff, 0xd8], ...segments, [0xff, 0xda, 1, 2, 3, 0xff, 0xd9]);
const exif = (orientation: number) => segment(0xe1, [...ascii('Exif\0\0'), ...tiff(orientation)]);
const chunk = (kind: string, content: number[]) => [...be32(content.length), ...ascii(kind), ...content, 0, 0, 0, 0];
const ihdr = (colour: number) => chunk('IHDR', [...be32(1), ...be32(1), 8, colour, 0, 0, 0]);
const png = (...chunks: number[][]) => bytes([0x89, ...ascii('PNG\r\n\x1a\n')], ...chunks);
const riff = (kind: string, content: number[]) => [...ascii(kind), ...le32(content.length), ...content];
const webp = (...chunks: number[][]) => bytes(ascii('RIFF'), le32(4 + chunks.flat().length), ascii('WEBP'), ...chunks);

test.each([1, 2, 3, 4, 5, 6, 7, 8])('a JPEG held as %i', (orientation) => {
  const plain = jpeg(segment(0xe0, ascii('JFIF\0')));
  const read = pictureIn(
    jpeg(segment(0xe0, ascii('JFIF\0')), exif(orientation), segment(0xe2, ascii('ICC_PROFILE\0'))),
  );
  expect(read).toEqual({ type: 'image/jpeg', bytes: plain, orientation, alpha: false, profile: false });
});

test('the first EXIF block counts, and only an EXIF block', () => {
  expect(pictureIn(jpeg(exif(6), exif(3)))?.orientation).toBe(6);
  expect(
    pictureIn(jpeg(segment(0xe1, ascii('http://ns.adobe.com/xap/1.0/\0 tiff:Orientation="6"'))))?.orientation,
  ).toBe(1);
});

test('behind stray bytes before the scan a profile may be left, and the picture says so', () => {
  const profile = segment(0xe2, ascii('ICC_PROFILE\0'));
  expect(pictureIn(jpeg(profile))?.profile).toBe(false);
  expect(pictureIn(jpeg(segment(0xe0, ascii('JFIF\0')), [0], profile))?.profile).toBe(true);
  expect(pictureIn(bytes(ascii('GIF89a')))?.profile).toBe(true);
});

test('a PNG loses what turns it, colours it and moves it', () => {
  const kept = [ihdr(2), chunk('IDAT', [1, 2]), chunk('IEND', [])];
  const [head, data, end] = kept as [number[], number[], number[]];
  const extra = ['iCCP', 'gAMA', 'sRGB', 'acTL', 'fdAT'].map((kind) => chunk(kind, [1, 2, 3]));
  const read = pictureIn(png(head, ...extra, chunk('eXIf', tiff(8)), data, end));
  expect(read).toEqual({ type: 'image/png', bytes: png(...kept), orientation: 8, alpha: false, profile: false });
});

test.each([
  ['grey and alpha', png(ihdr(4)), true],
  ['colour and alpha', png(ihdr(6)), true],
  ['a transparent colour', png(ihdr(3), chunk('tRNS', [0])), true],
  ['colour', png(ihdr(2)), false],
])('a PNG of %s', (_, file, alpha) => {
  expect(pictureIn(file)?.alpha).toBe(alpha);
});

test('a WebP loses profile and EXIF, and its header says so', () => {
  const header = (flags: number) => riff('VP8X', [flags, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  const read = pictureIn(webp(header(0x3c), riff('ICCP', [1, 2]), riff('VP8 ', [1, 2]), riff('EXIF', tiff(6))));
  expect(read?.bytes).toEqual(webp(header(0x10), riff('VP8 ', [1, 2])));
  expect(read).toMatchObject({ orientation: 6, alpha: true });
});

test.each([0, 9, 77])('an orientation of %i means upright', (value) => {
  expect(orientationIn(Uint8Array.from(tiff(value)))).toBe(1);
});

test('other files are no pictures', () => {
  for (const text of ['', 'x', '%PDF-1.7', 'RIFF1234AVI ', 'GIF', '<svg/>']) {
    expect(pictureIn(bytes(ascii(text)))).toBeNull();
  }
});

test('no damage makes it throw: every cut, and many changed bytes', () => {
  const files = [
    jpeg(segment(0xe0, ascii('JFIF\0')), exif(6), segment(0xe2, [1, 2, 3])),
    png(ihdr(6), chunk('eXIf', tiff(3)), chunk('IDAT', [1, 2, 3]), chunk('IEND', [])),
    webp(riff('VP8X', [0x3c, 0, 0, 0, 0, 0, 0, 0, 0, 0]), riff('EXIF', tiff(5)), riff('VP8L', [1, 2, 3, 4, 5])),
  ];
  for (const file of files) {
    for (let cut = 0; cut <= file.length; cut++) pictureIn(file.slice(0, cut));
    for (let at = 0; at < file.length; at++) {
      for (const value of [0, 1, 0x7f, 0x80, 0xff]) {
        const changed = file.slice();
        changed[at] = value;
        pictureIn(changed);
      }
    }
  }
});

const ftyp = (...brands: string[]) =>
  bytes(
    be32(8 + 4 * (brands.length + 1)),
    ascii('ftyp'),
    ascii(brands[0] ?? ''),
    be32(0),
    ...brands.slice(1).map(ascii),
  );

test.each([
  [ftyp('heic', 'mif1', 'heic'), 'image/heic'],
  [ftyp('mif1', 'mif1', 'avif'), 'image/avif'],
  [ftyp('avis', 'avif', 'msf1'), 'image/avif'],
  [bytes(ascii('II*\0')), 'image/tiff'],
  [bytes(ascii('MM\0+')), 'image/tiff'],
  [bytes(ascii('BM')), 'image/bmp'],
])('formats that are turned by their decoder, or not at all', (file, type) => {
  expect(pictureIn(file)?.type).toBe(type);
});

test.each([
  ['MP4', ftyp('mp42', 'isom', 'mp42')],
  ['an old MOV', bytes(be32(8), ascii('wide'), be32(99), ascii('mdat'))],
  ['WebM', bytes([0x1a, 0x45, 0xdf, 0xa3, 1, 2])],
  ['AVI', bytes(ascii('RIFF1234AVI LIST'))],
  ['MPEG', bytes([0, 0, 1, 0xba, 0x44])],
])('%s is a film and no picture', (_, file) => {
  expect(pictureIn(file)).toBeNull();
  expect(isFilm(file)).toBe(true);
});

test.each(['', '%PDF-1.7', 'RIFF1234WAVE', 'a letter to somebody'])('"%s" is no film', (content) => {
  expect(isFilm(bytes(ascii(content)))).toBe(false);
});
