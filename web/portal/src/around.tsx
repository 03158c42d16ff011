/** What stands around the first screen: other languages above it, and pages about the service below it. */

import { useEffect } from 'preact/hooks';
import { Lines } from './controls';
import { service } from './service';
import { language, texts } from './texts';

/** So many of its signs are enough to compare by eye. */
const NUMBER_SHOWN = 8;
const PAGES = ['help', 'how', 'services', 'questions', 'numbers', 'privacy', 'imprint'] as const;

/** Shows the links to other languages, which stand in the page itself, as long as this is shown. */
export function Languages() {
  useEffect(() => {
    const links = document.getElementById('languages');
    if (!links?.firstChild) return;
    links.hidden = false;
    return () => {
      links.hidden = true;
    };
  }, []);
  return null;
}

/** What the way out can do, and what it cannot hide: for those whose device is watched. */
export function Watched() {
  const { title, lines } = texts.frame.watched;
  return (
    <details>
      <summary>{title}</summary>
      <Lines of={lines} />
    </details>
  );
}

/** At the foot of every screen: the number of this build, which the service publishes (spec/intake.md). */
export function PageNumber() {
  if (!service.page) return null;
  return (
    <footer class="build">
      <details>
        <summary class="small">
          {texts.frame.number} <bdi>{service.page.slice(0, NUMBER_SHOWN)}</bdi>
        </summary>
        <p class="small">
          {texts.offline.checkTitle} {texts.offline.check}
        </p>
        <bdi>
          <code>{service.page}</code>
        </bdi>
      </details>
    </footer>
  );
}

export function Foot() {
  return (
    <footer>
      <ul class="row">
        {PAGES.filter((page) => page !== 'imprint' || service.imprint).map((page) => (
          <li key={page}>
            <a href={`/${language()}/${page}`}>{texts.frame.links[page]}</a>
          </li>
        ))}
      </ul>
      {service.name && <p class="small">{service.name}</p>}
    </footer>
  );
}
