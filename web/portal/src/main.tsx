import { render } from 'preact';
import { App } from './app';

const page = document.getElementById('page');
if (page) render(<App />, page);

// A page that comes back from the browser's cache starts anew: nothing of before is shown again.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
