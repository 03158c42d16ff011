import { useState } from 'preact/hooks';
import { Button, Buttons, Screen } from '../../controls';
import { services } from '../../doors/doors';
import { Text } from '../../fields';
import { texts } from '../../texts';
import { t } from '../../texts/notice';
import { LINE } from '../file';
import type { StepProps } from '../steps';

/** Tiles with the first letter of each service: no logo is fetched, and none says more than the name. */
export function ServiceStep({ notice, change, next, back }: StepProps) {
  const known = services.some((service) => service.name === notice.service);
  const [another, setAnother] = useState(notice.service !== '' && !known);
  return (
    <Screen title={t.service.title}>
      <fieldset>
        <legend class="unseen">{t.service.legend}</legend>
        <div class="services">
          {services.map(({ name }) => (
            <label key={name} class="choice">
              <input
                type="radio"
                name="service"
                checked={!another && notice.service === name}
                onChange={() => {
                  setAnother(false);
                  change({ service: name });
                }}
              />
              <span class="initial" data-letter={name.slice(0, 1)} aria-hidden="true" />
              <span>{name}</span>
            </label>
          ))}
          <label class="choice">
            <input
              type="radio"
              name="service"
              checked={another}
              onChange={() => {
                setAnother(true);
                change({ service: '' });
              }}
            />
            <span class="initial" data-letter="…" aria-hidden="true" />
            <span>{t.service.another}</span>
          </label>
        </div>
      </fieldset>
      {another && (
        <Text label={t.service.name} value={notice.service} most={LINE} change={(service) => change({ service })} />
      )}
      <p class="small">{t.service.more}</p>
      <Buttons>
        <Button disabled={!notice.service.trim()} onClick={next}>
          {texts.next}
        </Button>
        <Button quiet onClick={back}>
          {texts.back}
        </Button>
      </Buttons>
    </Screen>
  );
}
