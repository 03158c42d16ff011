import { Button, Buttons, Screen, Tick } from '../../controls';
import { texts } from '../../texts';
import { t } from '../../texts/notice';
import { CIRCUMSTANCES } from '../file';
import type { StepProps } from '../steps';
import { stated } from './signer';

/** What the letter says on consent. Nobody is asked to tell what happened: there are ticks, and none is needed. */
export function Statement({ notice, change, next, back }: StepProps) {
  const { statements = [], circumstances = [] } = notice;
  return (
    <Screen title={t.statement.title}>
      <Tick
        label={t.statement.consent}
        checked={statements.includes('no-consent')}
        change={(on) => change({ statements: stated(statements, 'no-consent', on) })}
      />
      <fieldset class="apart">
        <legend>{t.statement.legend}</legend>
        {CIRCUMSTANCES.map((one) => (
          <Tick
            key={one}
            label={t.statement.circumstances[one]}
            checked={circumstances.includes(one)}
            change={(on) =>
              change({
                circumstances: CIRCUMSTANCES.filter((other) => (other === one ? on : circumstances.includes(other))),
              })
            }
          />
        ))}
      </fieldset>
      <p class="small">{t.statement.kind}</p>
      <Buttons>
        <Button onClick={next}>{texts.next}</Button>
        <Button quiet onClick={back}>
          {texts.back}
        </Button>
      </Buttons>
    </Screen>
  );
}
