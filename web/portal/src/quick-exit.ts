/**
 * The way out, on every page and before anything else has come: the button, or Shift three times. It covers the page
 * first. Then it asks the server's `/bye`, which has the browser throw away what it kept of this site. Then a dull page
 * takes this one's place, so that the way back does not lead here. Tabs of this site leave together.
 *
 * It does not clear the browser's history, and the page says so.
 */

const DULL = 'https://www.wikipedia.org/';
/** Longest wait for the server's answer, in milliseconds. The page is empty already. */
const PATIENCE_MS = 500;
/** Three presses of Shift within this time, in milliseconds, with no other key between. */
const SHIFTS_WITHIN_MS = 2_000;

const tabs = new BroadcastChannel('leaving');
let left = false;
let shifts: number[] = [];

async function leave(): Promise<void> {
  if (left) return;
  left = true;
  const elsewhere = address(); // before it is covered: it stands in the page
  document.body.replaceChildren();
  document.title = '…';
  dispatchEvent(new Event('leaving'));
  const signal = AbortSignal.timeout(PATIENCE_MS);
  await fetch('/bye', { redirect: 'manual', cache: 'no-store', credentials: 'same-origin', signal }).catch(
    () => undefined,
  );
  location.replace(elsewhere);
}

function address(): string {
  const service = JSON.parse(document.getElementById('service')?.textContent || '{}') as { exit?: string };
  return service.exit ?? DULL;
}

function leaveEverywhere(event?: Event): void {
  event?.preventDefault();
  tabs.postMessage(null);
  leave();
}

tabs.addEventListener('message', leave);
addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (link?.id === 'leave') return leaveEverywhere(event);
  if (!link || link.origin !== origin || link.target || link.download || link.hash) return;
  event.preventDefault();
  location.replace(link.href);
});
addEventListener('keydown', (event) => {
  if (event.repeat) return;
  const from = event.timeStamp - SHIFTS_WITHIN_MS;
  shifts = event.key === 'Shift' ? [...shifts.filter((at) => at > from), event.timeStamp] : [];
  if (shifts.length === 3) leaveEverywhere();
});
