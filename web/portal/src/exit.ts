/** Leaving at once: the page is covered and forgotten first, and the way back does not lead here. */

/** Leaves, as the button that stands on every page does. quick-exit.ts is that button. */
export function leave(): void {
  document.getElementById('leave')?.click();
}

/** Calls when the page is left in any way, so that what it knows can be forgotten. */
export function onLeaving(forget: () => void): void {
  addEventListener('pagehide', forget);
  addEventListener('leaving', forget);
}
