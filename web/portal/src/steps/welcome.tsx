import { Foot, Languages, Watched } from '../around';
import { Button, Buttons, Lines, Screen } from '../controls';
import { texts } from '../texts';

const t = texts.welcome;

interface Props {
  start: () => void;
  practise: () => void;
  comeBack: () => void;
  offline: () => void;
}

export function Welcome({ start, practise, comeBack, offline }: Props) {
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
      <Buttons>
        <Button onClick={start}>{t.start}</Button>
        <Button quiet onClick={comeBack}>
          {t.back}
        </Button>
        <Button quiet onClick={practise}>
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
        <Button quiet onClick={offline}>
          {texts.offline.title}
        </Button>
      </p>
      <Foot />
    </Screen>
  );
}
