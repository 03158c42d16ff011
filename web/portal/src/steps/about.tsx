import { useState } from 'preact/hooks';
import type { Age } from '../api';
import { Button, Buttons, Choice, Screen } from '../controls';
import { texts } from '../texts';

const t = texts.about;
type Answer = Age | 'over-18';

/** Who helps and who is in the picture changes what we say, and is neither sent nor kept. */
export function About({ back, adult, next }: { back: () => void; adult: () => void; next: (age: Age) => void }) {
  const [age, setAge] = useState<Answer | null>(null);
  const [who, setWho] = useState<'self' | 'helper' | null>(null);
  return (
    <Screen title={t.title}>
      <Choice<Answer>
        legend={t.age}
        name="age"
        options={[
          ['under-18', t.under18],
          ['unsure', t.unsure],
          ['over-18', t.over18],
        ]}
        chosen={age}
        choose={setAge}
      />
      <Choice
        legend={t.who}
        name="who"
        options={[
          ['self', t.self],
          ['helper', t.helper],
        ]}
        chosen={who}
        choose={setWho}
      />
      {who === 'helper' && <p class="note">{t.helperNote}</p>}
      <p class="small">{t.kept}</p>
      <Buttons>
        <Button disabled={!age || !who} onClick={() => (age === 'over-18' ? adult() : age && next(age))}>
          {texts.next}
        </Button>
        <Button quiet onClick={back}>
          {texts.back}
        </Button>
      </Buttons>
    </Screen>
  );
}
