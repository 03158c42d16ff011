import { useState } from 'preact/hooks';
import { Button, Buttons, Choice, Lines, Screen } from '../controls';
import { texts } from '../texts';
import type { Who } from './intake';

const t = texts.helper;

interface Props {
  who: Exclude<Who, 'self'>;
  /** To where a counsellor makes a link, so that the young person does it on their own device. */
  link: () => void;
  back: () => void;
  next: () => void;
}

/**
 * For whoever helps: how, and two questions. The one who did it may be the one who wants to help. Nothing that a page
 * asks can stop a liar; it says to everybody else what to do, and the receipt goes to the young person alone.
 */
export function Helper({ who, link, back, next }: Props) {
  const [know, setKnow] = useState<'yes' | 'not-yet' | 'cannot' | null>(null);
  const [did, setDid] = useState<'no' | 'yes' | null>(null);
  return (
    <Screen title={t.title}>
      <Lines of={t[who]} />
      <Choice
        legend={t.know}
        name="know"
        options={[
          ['yes', t.knowYes],
          ['not-yet', t.knowNot],
          ['cannot', t.knowCannot],
        ]}
        chosen={know}
        choose={setKnow}
      />
      {know === 'not-yet' && <p class="note">{t.askFirst}</p>}
      <Choice
        legend={t.did}
        name="did"
        options={[
          ['no', t.didNot],
          ['yes', t.didYes],
        ]}
        chosen={did}
        choose={setDid}
      />
      {did === 'yes' && (
        <div class="note">
          <p>{t.stop}</p>
          <p>{t.stopLine}</p>
          <a href="https://www.stopitnow.org/" target="_blank" rel="noopener noreferrer">
            {t.stopLink}
          </a>
        </div>
      )}
      <p class="small">{t.words}</p>
      <Buttons>
        <Button disabled={!know || did !== 'no'} onClick={next}>
          {texts.next}
        </Button>
        {who === 'counsellor' && (
          <Button quiet onClick={link}>
            {t.link}
          </Button>
        )}
        <Button quiet onClick={back}>
          {texts.back}
        </Button>
      </Buttons>
    </Screen>
  );
}
