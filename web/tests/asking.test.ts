/** A worker that breaks or hangs leaves nobody waiting. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Asking } from '../portal/src/asking';

interface Said {
  id: number;
  last: boolean;
}

class FakeWorker extends EventTarget {
  terminated = false;
  postMessage() {}
  terminate() {
    this.terminated = true;
  }
  say(data: Said) {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function asked() {
  const worker = new FakeWorker();
  const asking = new Asking<{ id: number }, Said>(worker as unknown as Worker);
  return { worker, asking, answer: asking.ask({ id: asking.newId() }, ({ last }) => !last) };
}

test('the last answer counts', async () => {
  const { worker, answer } = asked();
  worker.say({ id: 0, last: false });
  worker.say({ id: 0, last: true });
  expect(await answer).toEqual({ id: 0, last: true });
  expect(vi.getTimerCount()).toBe(0);
});

test('one that says nothing for minutes is ended, one that goes on speaking is not', async () => {
  const { worker, asking, answer } = asked();
  for (let minute = 0; minute < 10; minute++) {
    vi.advanceTimersByTime(60_000);
    worker.say({ id: 0, last: false });
  }
  expect(asking.broken).toBe(false);
  vi.advanceTimersByTime(200_000);
  expect(await answer).toBeNull();
  expect([asking.broken, worker.terminated]).toEqual([true, true]);
  expect(await asking.ask({ id: 1 }, () => false)).toBeNull();
});

test('one that breaks tells who waits; one that is ended tells nobody', async () => {
  const broken = asked();
  broken.worker.dispatchEvent(new Event('error'));
  expect(await broken.answer).toBeNull();
  const ended = asked();
  let told = false;
  ended.answer.then(() => {
    told = true;
  });
  ended.asking.end();
  await vi.advanceTimersByTimeAsync(200_000);
  expect([told, vi.getTimerCount()]).toEqual([false, 0]);
});
