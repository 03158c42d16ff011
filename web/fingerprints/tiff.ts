/**
 * TIFF by the rules of spec/canonical-image.md: the pixels that the server sees, or UnknownKindError. The first page;
 * 1 to 16 bits; grey, colours, palette, inks; strips, tiles, planes; held in any of the eight ways.
 */

import { overWhite, type Pixels } from './pixels';
import { JPEG, undoDifferences, unpacked } from './tiff-codecs';
import { type Colour, colourOf } from './tiff-colours';
import { Directory, Tag } from './tiff-directory';
import { jpegSamples } from './tiff-jpeg';
import { type Layout, layoutOf } from './tiff-layout';

export async function decodeTiff(bytes: Uint8Array<ArrayBuffer>): Promise<Pixels> {
  const directory = Directory.of(bytes);
  const layout = layoutOf(directory);
  const colour = colourOf(directory, layout);
  const samples = await samplesOf(bytes, directory, layout);
  return upright(samples, layout, directory.one(Tag.ORIENTATION, 1), colour);
}

/** All samples, one byte each: of 16 bits the high one, fewer as they are; pixel by pixel, also where kept in planes. */
async function samplesOf(bytes: Uint8Array<ArrayBuffer>, directory: Directory, layout: Layout): Promise<Uint8Array> {
  const { width, height, bits, samples, planes, compression } = layout;
  const tiled = directory.all(Tag.TILE_WIDTH).length > 0;
  const [offsets, counts] = tiled
    ? [directory.all(Tag.TILES), directory.all(Tag.TILE_BYTES)]
    : [directory.all(Tag.STRIPS), directory.all(Tag.STRIP_BYTES)];
  const across = tiled ? directory.one(Tag.TILE_WIDTH, 0) : width;
  const down = tiled ? directory.one(Tag.TILE_HEIGHT, 0) : Math.min(directory.one(Tag.STRIP_ROWS, height), height);
  const [columns, rows] = [Math.ceil(width / across), Math.ceil(height / down)];
  const layers = planes ? samples : 1;
  if (!(across > 0 && down > 0) || offsets.length !== columns * rows * layers || counts.length !== offsets.length) {
    throw new Error('strips are missing');
  }
  const inBlock = planes ? 1 : samples; // samples of a pixel
  const into = new Uint8Array(width * height * samples);
  for (const [index, offset] of offsets.entries()) {
    const count = counts[index] as number;
    if (count === 0 || offset + count > bytes.length) throw new Error('a strip points outside');
    const packed = bytes.subarray(offset, offset + count);
    const layer = Math.floor(index / (columns * rows));
    const left = (index % columns) * across;
    const top = (Math.floor(index / columns) % rows) * down;
    const lines = tiled ? down : Math.min(down, height - top);
    const rowBytes = Math.ceil((across * inBlock * bits) / 8);
    const block =
      compression === JPEG
        ? await jpegSamples(packed, directory.all(Tag.JPEG_TABLES), layout, across, lines)
        : await unpacked(compression, packed, rowBytes * lines);
    if (layout.differences) {
      undoDifferences(block, { width: across, samples: inBlock, deep: bits === 16, little: layout.little });
    }
    const wide = Math.min(across, width - left) * inBlock;
    for (let y = 0; y < Math.min(lines, height - top); y++) {
      const begin = ((top + y) * width + left) * samples + layer;
      const row = block.subarray(y * rowBytes, (y + 1) * rowBytes);
      if (bits === 8 && !planes) into.set(row.subarray(0, wide), begin);
      else if (bits >= 8) {
        const high = bits === 16 && layout.little ? 1 : 0;
        for (let x = 0; x < wide; x++) into[begin + (planes ? x * samples : x)] = row[x * (bits / 8) + high] as number;
      } else {
        for (let x = 0; x < wide; x++) {
          const bit = x * bits;
          into[begin + x] = ((row[bit >> 3] as number) >> (8 - bits - (bit & 7))) & ((1 << bits) - 1);
        }
      }
    }
  }
  return into;
}

/** Gives the rows of the picture turned upright (orientation 1 to 8; anything else is 1), transparency over white. */
function upright(samples: Uint8Array, layout: Layout, orientation: number, colour: Colour): Pixels {
  const { width, height, samples: pixel } = layout;
  const held = orientation >= 1 && orientation <= 8 ? orientation : 1;
  const turned = held >= 5;
  const [fromRight, fromBelow] = [[2, 3, 7, 8].includes(held), [3, 4, 6, 7].includes(held)];
  const [acrossStep, downStep] = [fromRight ? -pixel : pixel, (fromBelow ? -width : width) * pixel];
  const begin = ((fromBelow ? height - 1 : 0) * width + (fromRight ? width - 1 : 0)) * pixel;
  const [stepX, stepY] = turned ? [downStep, acrossStep] : [acrossStep, downStep];
  const [wide, high] = turned ? [height, width] : [width, height];
  return {
    width: wide,
    height: high,
    strip(top, rows) {
      const into = new Uint8ClampedArray(wide * rows * 4);
      for (let y = 0; y < rows; y++) {
        let at = begin + (top + y) * stepY;
        for (let x = 0; x < wide; x++, at += stepX) colour(samples, at, into, (y * wide + x) * 4);
      }
      return overWhite(into);
    },
    close() {},
  };
}
