/** Practice: a drawing instead of a picture, and a clearinghouse that is not there. Nothing is sent. */

import type { Clearinghouse, EntryStatus } from './api';

/** A clearinghouse of one tab. It says of one picture what a real one might. */
export function practised(): Clearinghouse {
  const gone = new Set<string>();
  const leaving = new Set<string>();
  const statusOf = (secret: string): EntryStatus => ({
    ...{ state: 'listed', since: dayIn(0), services: 3, fetched_by: 2, removed_on: 1 },
    ...(leaving.has(secret) ? { withdraw_on: dayIn(2) } : {}),
  });
  return {
    take: async () => undefined,
    statusOf: async (secrets) =>
      secrets.map((secret, at) => (at > 0 || gone.has(secret) ? { state: 'unlisted' } : statusOf(secret))),
    async withdraw(secrets, later) {
      for (const secret of secrets) (later ? leaving : gone).add(secret);
    },
    async keep(secrets) {
      for (const secret of secrets) leaving.delete(secret);
    },
    renew: async () => undefined,
  };
}

function dayIn(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

export const WIDTH = 480;
export const HEIGHT = 320;

/** Draws hills, a house, a tree and a sun, with enough in it to be told from other drawings. */
export function draw(into: HTMLCanvasElement): void {
  const pen = into.getContext('2d');
  if (!pen) return;
  const box = (colour: string, left: number, top: number, width: number, height: number) => {
    pen.fillStyle = colour;
    pen.fillRect(left, top, width, height);
  };
  const disc = (colour: string, x: number, y: number, radius: number) => {
    pen.fillStyle = colour;
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.fill();
  };
  const roof = (colour: string, left: number, bottom: number, width: number, height: number) => {
    pen.fillStyle = colour;
    pen.beginPath();
    pen.moveTo(left, bottom);
    pen.lineTo(left + width / 2, bottom - height);
    pen.lineTo(left + width, bottom);
    pen.fill();
  };
  const sky = pen.createLinearGradient(0, 0, 0, HEIGHT);
  sky.addColorStop(0, '#7fb2d9');
  sky.addColorStop(1, '#f3e6c8');
  pen.fillStyle = sky;
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  disc('#f6c945', 390, 70, 38);
  disc('#5d8a5a', 110, 360, 190);
  disc('#477a52', 380, 390, 210);
  box('#b5543c', 150, 150, 130, 110);
  roof('#6b2f2a', 140, 152, 150, 60);
  box('#f7e9b0', 170, 175, 32, 30);
  box('#f7e9b0', 228, 175, 32, 30);
  box('#3b2620', 200, 218, 30, 42);
  box('#5b4030', 348, 150, 20, 110);
  disc('#2f5d3a', 358, 130, 52);
  disc('#3c7048', 330, 155, 30);
  for (let at = 0; at < 9; at++) box('#e9dcc0', 20 + at * 52, 268 + (at % 3) * 6, 12, 44);
  box('#e9dcc0', 0, 284, WIDTH, 8);
}
