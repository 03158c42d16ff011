/** How many files are open at the same time. */

import { beforeEach, expect, test, vi } from 'vitest';
import { Pool } from '../portal/src/pool';

const MEGABYTE = 1_000_000;
let open: { file: File; finish: (broken?: boolean, came?: boolean) => void }[] = [];
let started = 0;

vi.mock('../portal/src/workers', () => ({
  Fingerprinting: class {
    broken = false;
    came = true;
    constructor() {
      started += 1;
    }
    of(file: File) {
      return new Promise((resolve) => {
        const one = {
          file,
          finish: (broken = false, came = true) => {
            this.broken = broken;
            this.came = came;
            open = open.filter((other) => other !== one);
            resolve(null);
          },
        };
        open.push(one);
      });
    }
    end() {}
  },
}));

vi.stubGlobal('navigator', { hardwareConcurrency: 8 });

beforeEach(() => {
  open = [];
  started = 0;
});

function sized(bytes: number, type = 'image/jpeg'): File {
  return { size: bytes, type } as File;
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

test('small files share the workers, and the next begins when one has ended', async () => {
  const pool = new Pool(3);
  for (let at = 0; at < 5; at++) void pool.of(sized(MEGABYTE), () => undefined);
  expect(open.length).toBe(3);
  open[0]?.finish();
  await settled();
  expect(open.length).toBe(3);
  expect(started).toBe(3);
});

test('huge pictures are opened alone, films two at a time', () => {
  const pool = new Pool(4);
  for (let at = 0; at < 3; at++) void pool.of(sized(60 * MEGABYTE), () => undefined);
  expect(open.length).toBe(1);
  const films = new Pool(4);
  for (let at = 0; at < 3; at++) void films.of(sized(4_000 * MEGABYTE, 'video/mp4'), () => undefined);
  expect(open.length).toBe(3);
});

test('a broken worker is not asked again', async () => {
  const pool = new Pool(1);
  void pool.of(sized(1), () => undefined);
  void pool.of(sized(1), () => undefined);
  open[0]?.finish(true);
  await settled();
  expect([open.length, started]).toEqual([1, 2]);
});

test('what a worker that did not come was to open, another opens', async () => {
  const pool = new Pool(2);
  const made: string[] = [];
  void pool.of(sized(1), () => undefined).then(() => made.push('first'));
  void pool.of(sized(2), () => undefined).then(() => made.push('second'));
  open.find(({ file }) => file.size === 2)?.finish(true, false); // the network went before it came
  await settled();
  expect([made, open.length, started]).toEqual([[], 1, 2]);
  open[0]?.finish();
  await settled();
  expect([made, open[0]?.file.size, started]).toEqual([['first'], 2, 2]);
  open[0]?.finish();
  await settled();
  expect(made).toEqual(['first', 'second']);
});

test('where no worker comes at all, that is said of each file', async () => {
  const pool = new Pool(2);
  let said = 0;
  for (let at = 0; at < 2; at++) void pool.of(sized(1), () => undefined).then(() => said++);
  for (let at = 0; at < 3; at++) {
    open[0]?.finish(true, false);
    await settled();
  }
  expect([said, open.length]).toEqual([2, 0]);
});

test('after the end nothing begins', async () => {
  const pool = new Pool(1);
  void pool.of(sized(1), () => undefined);
  void pool.of(sized(1), () => undefined);
  pool.end();
  open[0]?.finish();
  await settled();
  expect(open.length).toBe(0);
});
