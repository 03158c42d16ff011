/** Leaving at once: the page is covered first, and the way back does not lead here. It does not clear history. */

const SOMEWHERE_DULL = 'https://www.wikipedia.org/';

export function leave(): void {
  document.body.replaceChildren();
  document.title = ' ';
  location.replace(SOMEWHERE_DULL);
}
