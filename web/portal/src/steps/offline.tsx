/** This page as a file: how to use it, and sending what the file has made. */

import { useState } from 'preact/hooks';
import page from '../../../offline/generated/index.html?url';
import { clearinghouse, RefusedError, type Submission } from '../api';
import { Button, Buttons, Lines, Screen, Tick } from '../controls';
import { fromFile, savePage } from '../saved';
import { plural, texts } from '../texts';

const t = texts.offline;
const FILE_NAME = 'picture-help.html';
type State = 'ready' | 'sending' | 'sent' | 'lost' | 'refused' | 'wrong';

export function Offline({ open, back }: { open: () => void; back: () => void }) {
  const [found, find] = useState<Submission | null>(null);
  const [agreed, agree] = useState(false);
  const [state, setState] = useState<State>('ready');

  const take = async (file: File | undefined) => {
    if (!file) return;
    const submission = await fromFile(file);
    find(submission);
    agree(false);
    setState(submission ? 'ready' : 'wrong');
  };
  const send = async (submission: Submission) => {
    setState('sending');
    try {
      await clearinghouse.take(submission);
      find(null);
      setState('sent');
    } catch (error) {
      setState(error instanceof RefusedError ? 'refused' : 'lost');
    }
  };

  return (
    <Screen title={t.title}>
      <Lines of={t.lines} />
      <p class="small">{t.limits}</p>
      <Buttons>
        <Button onClick={() => savePage(page, FILE_NAME).catch(() => setState('lost'))}>{t.download}</Button>
      </Buttons>
      <label class="button">
        {t.choose}
        <input
          type="file"
          accept=".json,application/json"
          onChange={(event) => {
            const input = event.currentTarget;
            void take(input.files?.[0]);
            input.value = '';
          }}
        />
      </label>
      {found && <ToSend submission={found} agreed={agreed} agree={agree} />}
      <p role="status">{said(state)}</p>
      <Buttons>
        {found && (
          <Button disabled={!agreed || state === 'sending'} onClick={() => send(found)}>
            {state === 'sending' ? texts.send.sending : texts.send.send}
          </Button>
        )}
        {state === 'sent' && <Button onClick={open}>{t.open}</Button>}
        <Button quiet onClick={back}>
          {texts.back}
        </Button>
      </Buttons>
    </Screen>
  );
}

function ToSend({
  submission,
  agreed,
  agree,
}: {
  submission: Submission;
  agreed: boolean;
  agree: (on: boolean) => void;
}) {
  const { age, entries } = submission;
  const prints = entries.reduce((sum, { fingerprints }) => sum + fingerprints.length, 0);
  return (
    <>
      <h2>{texts.send.listTitle}</h2>
      <Lines of={[plural(texts.send.what, entries.length, { prints }), texts.send.age[age], texts.send.marks]} />
      <details>
        <summary>{texts.send.details}</summary>
        <pre>{JSON.stringify(submission, null, 1)}</pre>
      </details>
      <Tick label={texts.send.agree} checked={agreed} change={agree} />
    </>
  );
}

function said(state: State): string {
  const sentences: Partial<Record<State, string>> = {
    wrong: t.wrong,
    sent: t.sent,
    lost: texts.send.lost,
    refused: texts.send.refused,
  };
  return sentences[state] ?? '';
}
