import { Foot, Languages, Watched } from '../around';
import { Button, Buttons, Lines, Screen } from '../controls';
import { texts } from '../texts';

const t = texts.welcome;

interface Props {
  /** What there is to say of a counsellor's link. */
  said: string;
  /** The way is about to begin: no other way does, meanwhile. */
  waits: boolean;
  start: () => void;
  practise: () => void;
  comeBack: () => void;
  offline: () => void;
}

export function Welcome({ said, waits, start, practise, comeBack, offline }: Props) {
  return (
    <Screen title={t.title}>
      <p class="kind">{t.notYourFault}</p>
      <p>{t.what}</p>
      <p>{t.counts}</p>
      <ol class="steps">
        {t.how.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ol>
      <p>{t.needs}</p>
      <p role="status">{said}</p>
      <Buttons>
        <Button onClick={start}>{t.start}</Button>
        <Button quiet disabled={waits} onClick={comeBack}>
          {t.back}
        </Button>
        <Button quiet disabled={waits} onClick={practise}>
          {t.practice}
        </Button>
      </Buttons>
      <section>
        <h2>{t.limitsTitle}</h2>
        <Lines of={t.limits} />
        <p>{t.private}</p>
        <Watched />
      </section>
      <Languages />
      <p>
        <Button quiet disabled={waits} onClick={offline}>
          {texts.offline.title}
        </Button>
      </p>
      <Foot />
    </Screen>
  );
}
