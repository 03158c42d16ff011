/** How one entry stands, in sentences, and what can be done with it. */

import type { EntryStatus } from '../api';
import { Button } from '../controls';
import { fill, language, plural, texts } from '../texts';
import { dayIn } from '../texts/days';

const t = texts.return;

export type Line = EntryStatus & { at: number };

interface Props {
  line: Line;
  takeBack: () => void;
  keep: () => void;
  renew: () => void;
}

export function Entry({ line, takeBack, keep, renew }: Props) {
  const number = line.at + 1;
  return (
    <li class="tile">
      <strong>{fill(t.picture, { number })}</strong>
      {sentences(line).map((sentence) => (
        <span key={sentence}>{sentence}</span>
      ))}
      {line.withdraw_on && (
        <Button quiet onClick={keep}>
          {fill(t.keep, { number })}
        </Button>
      )}
      {line.expires_on && !line.withdraw_on && (
        <Button quiet onClick={renew}>
          {fill(t.renew, { number })}
        </Button>
      )}
      <Button quiet onClick={takeBack}>
        {fill(t.withdraw, { number })}
      </Button>
    </li>
  );
}

function sentences(status: EntryStatus): string[] {
  const leaves = status.withdraw_on ? [fill(t.leaves, { day: dayIn(status.withdraw_on, language()) })] : [];
  if (status.state === 'waiting') return [t.waiting, ...leaves, t.nextWaiting];
  const removed = status.removed_on ?? 0;
  const suspended = status.state === 'suspended';
  return [
    ...(suspended ? [t.suspended] : []),
    fill(t.since, { day: status.since ? dayIn(status.since, language()) : '' }),
    status.services ? plural(t.fetched, status.services, { by: status.fetched_by ?? 0 }) : t.nobody,
    removed > 0 ? plural(t.removed, removed) : t.notFound,
    ...leaves,
    ...(status.expires_on ? [fill(t.expires, { day: dayIn(status.expires_on, language()) })] : []),
    suspended ? t.nextSuspended : t.nextListed,
  ];
}
