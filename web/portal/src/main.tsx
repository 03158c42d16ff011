import { render } from 'preact';
import { App } from './app';
import { onLeaving } from './exit';

const page = document.getElementById('page');
if (page) {
  render(<App />, page);
  onLeaving(() => render(null, page));
}

// A page that comes back from the browser's cache starts anew: nothing of before is shown again.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
