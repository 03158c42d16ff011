/** For who has neither the picture nor a link: what still can be done, one way each. */

import { useState } from 'preact/hooks';
import { Button, Buttons, Choice, Screen } from '../controls';
import { Doors } from '../doors/doors-screen';
import { texts } from '../texts';
import { t } from '../texts/notice';

const CASES = ['screenshot', 'deleted', 'seen', 'told', 'threatened'] as const;
type Case = (typeof CASES)[number];

interface NoFileProps {
  /** To the choice of pictures. */
  choose: () => void;
  /** To the notice maker. */
  write: () => void;
  back: () => void;
}

export function NoFile({ choose, write, back }: NoFileProps) {
  const [fits, setFits] = useState<Case | null>(null);
  const [doors, see] = useState(false);
  if (doors) return <Doors back={() => see(false)} />;
  return (
    <Screen title={t.noFile.title}>
      <p>{t.noFile.text}</p>
      <Choice<Case>
        legend={t.noFile.legend}
        name="case"
        options={CASES.map((one) => [one, t.noFile.options[one]] as const)}
        chosen={fits}
        choose={setFits}
      />
      <div class="note" role="status" hidden={!fits}>
        <p>{fits && t.noFile.means[fits]}</p>
        <p>{fits === 'threatened' ? t.noFile.noDelete : t.noFile.ask}</p>
      </div>
      <Buttons>
        {(fits === 'screenshot' || fits === 'deleted') && <Button onClick={choose}>{t.noFile.choose}</Button>}
        {(fits === 'seen' || fits === 'told' || fits === 'deleted') && (
          <Button quiet={fits === 'deleted'} onClick={write}>
            {t.noFile.write}
          </Button>
        )}
        {fits && (
          <Button quiet={fits !== 'threatened'} onClick={() => see(true)}>
            {t.noFile.doors}
          </Button>
        )}
        <Button quiet onClick={back}>
          {texts.back}
        </Button>
      </Buttons>
    </Screen>
  );
}
