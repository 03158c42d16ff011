import { useState } from 'preact/hooks';
import { Button, Buttons, Lines, Screen } from '../../controls';
import { Text } from '../../fields';
import { texts } from '../../texts';
import { t } from '../../texts/notice';
import { isEmail } from '../links';
import { named } from '../missing';
import type { StepProps } from '../steps';

/** Where the service can answer. It is never our address, and better not the person's main one. */
export function Contact({ notice, change, next, back }: StepProps) {
  const [wrong, setWrong] = useState(false);
  const needed = named(notice);
  const email = notice.email ?? '';
  return (
    <Screen title={t.contact.title}>
      <p>{needed ? t.contact.needed : t.contact.free}</p>
      <Text
        label={t.contact.label}
        type="email"
        free={!needed}
        value={email}
        change={(typed) => {
          setWrong(false);
          change({ email: typed });
        }}
        problem={wrong ? t.contact.wrong : null}
      />
      <Lines of={t.contact.advice} />
      <p class="small">{t.contact.never}</p>
      <Buttons>
        <Button onClick={() => (email.trim() && !isEmail(email) ? setWrong(true) : next())}>{texts.next}</Button>
        <Button quiet onClick={back}>
          {texts.back}
        </Button>
      </Buttons>
    </Screen>
  );
}
