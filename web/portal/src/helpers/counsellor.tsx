/** Where a counsellor makes the link that starts a case. Nothing is sent, and no case is begun by making it. */

import { useState } from 'preact/hooks';
import { Button, Buttons, Choice, Lines, Screen } from '../controls';
import { Copy } from '../fields';
import { AGES, type Age } from '../notice/file';
import { texts } from '../texts';
import { t } from '../texts/notice';
import { HAVES, type Have, linkFor } from './link';

export function Counsellor({ back }: { back: () => void }) {
  const [age, setAge] = useState<Age | null>(null);
  const [have, setHave] = useState<Have | null>(null);
  const { counsellor } = t.helpers;
  const names: Record<Age, string> = {
    'under-18': texts.age.under18,
    unsure: texts.age.unsure,
    'over-18': texts.age.over18,
  };
  const link = age && have && linkFor(location.href, { age, have });
  return (
    <Screen title={counsellor.title}>
      <Lines of={counsellor.how} />
      <Choice<Age>
        legend={counsellor.age}
        name="counsellor-age"
        options={AGES.map((one) => [one, names[one]] as const)}
        chosen={age}
        choose={setAge}
      />
      <Choice<Have>
        legend={counsellor.have}
        name="counsellor-have"
        options={HAVES.map((one) => [one, counsellor.haves[one]] as const)}
        chosen={have}
        choose={setHave}
      />
      {link && (
        <div class="note">
          <output aria-label={counsellor.link}>
            <bdi>{link}</bdi>
          </output>
          <Buttons>
            <Copy text={link} label={t.copy} />
          </Buttons>
          <p class="small">{counsellor.once}</p>
          <p class="small">{counsellor.preview}</p>
        </div>
      )}
      <Buttons>
        <Button quiet onClick={back}>
          {texts.back}
        </Button>
      </Buttons>
    </Screen>
  );
}
