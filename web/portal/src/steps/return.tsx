import { useEffect, useState } from 'preact/hooks';
import type { Receipt } from '../../../receipt/worker';
import { type Clearinghouse, type EntryStatus, SECRETS } from '../api';
import { Button, Buttons, Screen } from '../controls';
import { fill, language, plural, texts } from '../texts';
import { receiptFor } from '../workers';

const t = texts.return;
type Line = EntryStatus & { at: number };

interface Props {
  from: Clearinghouse;
  practice: boolean;
  receipt: Receipt | null;
  back: () => void;
}

export function Return({ from, practice, receipt, back }: Props) {
  const [typed, type] = useState('');
  const [secrets, setSecrets] = useState<string[] | null>(null);
  const [lines, setLines] = useState<Line[] | null>(null);
  const [asking, ask] = useState<number[] | null>(null);
  const [message, say] = useState('');

  const look = async (all: string[]) => {
    try {
      const entries = await from.statusOf(all);
      setLines(entries.map((entry, at) => ({ ...entry, at })).filter((entry) => entry.state !== 'unlisted'));
    } catch {
      say(t.lost);
    }
  };

  const open = async (words: string) => {
    say(t.opening);
    const opened = await receiptFor({ typed: words, count: SECRETS });
    say(opened ? '' : t.notWords);
    if (!opened) return;
    setSecrets(opened.secrets);
    await look(opened.secrets);
  };

  // Somebody who comes from sending need not type the words.
  useEffect(() => {
    if (receipt) void open(receipt.words);
  }, []);

  const takeBack = async (which: number[]) => {
    ask(null);
    try {
      await from.withdraw(which.map((at) => secrets?.[at] ?? ''));
      say(t.gone);
    } catch {
      say(t.lost);
      return;
    }
    if (secrets) await look(secrets);
  };

  return (
    <Screen title={t.title}>
      {practice && <p class="note">{texts.practice.status}</p>}
      {!secrets && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void open(typed);
          }}
        >
          <label for="words">{t.label}</label>
          <input
            id="words"
            type="text"
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            value={typed}
            onInput={(event) => type(event.currentTarget.value)}
          />
          <button type="submit">{t.open}</button>
        </form>
      )}
      <p role="status">{message}</p>
      {lines?.length === 0 && <p>{t.none}</p>}
      <ul class="tiles">
        {lines?.map((line) => (
          <li key={line.at} class="tile">
            <strong>{fill(t.picture, { number: line.at + 1 })}</strong>
            {sentences(line).map((sentence) => (
              <span key={sentence}>{sentence}</span>
            ))}
            <Button quiet onClick={() => ask([line.at])}>
              {fill(t.withdraw, { number: line.at + 1 })}
            </Button>
          </li>
        ))}
      </ul>
      {asking && (
        <div role="alertdialog" aria-label={t.sure} class="note">
          <p>{t.sure}</p>
          <Buttons>
            <Button onClick={() => takeBack(asking)}>{t.yes}</Button>
            <Button quiet onClick={() => ask(null)}>
              {t.no}
            </Button>
          </Buttons>
        </div>
      )}
      <Buttons>
        {secrets && (
          <Button quiet onClick={() => look(secrets)}>
            {t.refresh}
          </Button>
        )}
        {lines && lines.length > 1 && (
          <Button quiet onClick={() => ask(lines.map((line) => line.at))}>
            {t.withdrawAll}
          </Button>
        )}
        <Button quiet onClick={back}>
          {texts.back}
        </Button>
      </Buttons>
    </Screen>
  );
}

function sentences(status: EntryStatus): string[] {
  if (status.state === 'waiting') return [t.waiting];
  const day = status.since
    ? new Intl.DateTimeFormat(language(), { dateStyle: 'long' }).format(new Date(status.since))
    : '';
  const removed = status.removed_on ?? 0;
  return [
    ...(status.state === 'suspended' ? [t.suspended] : []),
    fill(t.since, { day }),
    plural(t.fetched, status.services ?? 0, { by: status.fetched_by ?? 0 }),
    removed > 0 ? plural(t.removed, removed) : t.notFound,
  ];
}
