import { useEffect, useState } from 'preact/hooks';
import type { Receipt } from '../../../receipt/worker';
import { type Clearinghouse, SECRETS } from '../api';
import { Button, Buttons, Screen } from '../controls';
import { texts } from '../texts';
import { receiptFor } from '../workers';
import { Entry, type Line } from './entry';
import { LostWords } from './lost';

const t = texts.return;

interface Props {
  from: Clearinghouse;
  practice: boolean;
  receipt: Receipt | null;
  /** More pictures for these words; `free` is the first of its digests that may be free. */
  add: (receipt: Receipt, free: number) => void;
  /** The same picture again, for new words. */
  again: () => void;
  back: () => void;
}

/** What the words open. Somebody who comes from sending need not type them. */
export function Return({ from, practice, receipt, add, again, back }: Props) {
  const [typed, type] = useState('');
  const [opened, setOpened] = useState<Receipt | null>(null);
  const [lines, setLines] = useState<Line[] | null>(null);
  const [asking, ask] = useState<number[] | null>(null);
  const [lost, lose] = useState(false);
  const [message, say] = useState('');

  const look = async ({ secrets }: Receipt) => {
    try {
      const entries = await from.statusOf(secrets);
      setLines(entries.map((entry, at) => ({ ...entry, at })).filter((entry) => entry.state !== 'unlisted'));
    } catch {
      say(t.lost);
    }
  };

  const open = async (words: string) => {
    say(t.opening);
    const found = await receiptFor({ typed: words, count: SECRETS }).catch(() => undefined);
    say(found ? '' : found === null ? t.notWords : t.lost);
    if (!found) return;
    setOpened(found);
    await look(found);
  };

  useEffect(() => {
    if (receipt) void open(receipt.words);
  }, []);

  /** Does it with the secrets of some entries, says that it was done, and looks again. */
  const act = async (which: number[], does: (secrets: string[]) => Promise<void>, done: string) => {
    ask(null);
    if (!opened) return;
    try {
      await does(which.map((at) => opened.secrets[at] ?? ''));
    } catch {
      say(t.lost);
      return;
    }
    say(done);
    await look(opened);
  };

  if (lost) return <LostWords again={again} back={() => lose(false)} />;
  const free = (lines?.at(-1)?.at ?? -1) + 1;
  return (
    <Screen title={t.title}>
      {practice && <p class="note">{texts.practice.status}</p>}
      {!opened && (
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
          <Entry
            key={line.at}
            line={line}
            takeBack={() => ask([line.at])}
            keep={() => act([line.at], (secrets) => from.keep(secrets), t.kept)}
            renew={() => act([line.at], (secrets) => from.renew(secrets), t.renewed)}
          />
        ))}
      </ul>
      {asking && (
        <div role="alertdialog" aria-label={t.sure} class="note">
          <p>{t.sure}</p>
          <p>{t.think}</p>
          <Buttons>
            <Button onClick={() => act(asking, (secrets) => from.withdraw(secrets, false), t.gone)}>{t.yes}</Button>
            <Button quiet onClick={() => act(asking, (secrets) => from.withdraw(secrets, true), t.planned)}>
              {t.later}
            </Button>
            <Button quiet onClick={() => ask(null)}>
              {t.no}
            </Button>
          </Buttons>
        </div>
      )}
      <Buttons>
        {opened && (
          <Button quiet onClick={() => look(opened)}>
            {t.refresh}
          </Button>
        )}
        {lines && lines.length > 1 && (
          <Button quiet onClick={() => ask(lines.map((line) => line.at))}>
            {t.withdrawAll}
          </Button>
        )}
        {opened && lines && !practice && free < SECRETS && (
          <Button quiet onClick={() => add(opened, free)}>
            {t.add}
          </Button>
        )}
        {!opened && (
          <Button quiet onClick={() => lose(true)}>
            {t.forgot}
          </Button>
        )}
        <Button quiet onClick={back}>
          {texts.back}
        </Button>
      </Buttons>
    </Screen>
  );
}
