import { Button, Buttons, Screen } from '../../controls';
import { fill, language } from '../../texts';
import { t } from '../../texts/notice';
import type { Notice } from '../file';
import { onConsent, type Part } from '../missing';
import { Paper } from '../paper';
import { type Asking, STEP_OF } from '../steps';

interface CheckProps {
  notice: Notice;
  parts: Part[];
  asking: readonly Asking[];
  change: (step: Asking) => void;
  next: () => void;
}

/** The letter as it is. It does not go on while the law still asks for a part, and says which one and where to add it. */
export function Check({ notice, parts, asking, change, next }: CheckProps) {
  const sentence = (part: Part): string => {
    if (part === 'statement' && onConsent(notice)) return t.check.parts.consent;
    if (part === 'signature' && notice.law !== 'us-223a') return t.check.parts.name;
    return t.check.parts[part];
  };
  const toAdd = (part: Part): Asking =>
    part === 'statement' && notice.statements?.includes('good-faith') ? 'statement' : STEP_OF[part];
  return (
    <Screen title={t.check.title}>
      {parts.length === 0 ? (
        <p class="note">{t.check.complete}</p>
      ) : (
        <div class="note">
          <p>{t.check.missing}</p>
          <ul class="lines">
            {parts.map((part) => (
              <li key={part}>
                {sentence(part)}{' '}
                <button type="button" class="quiet" onClick={() => change(toAdd(part))}>
                  {fill(t.check.add, { part: t.check.partNames[part] })}
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
      {notice.depicted !== 'over-18' && <p class="small">{t.check.authority}</p>}
      <Buttons>
        <Button disabled={parts.length > 0} onClick={next}>
          {t.check.send}
        </Button>
      </Buttons>
      {!/^en\b/.test(language()) && <p class="small">{t.check.english}</p>}
      <Paper notice={notice} />
      <details>
        <summary>{t.check.change}</summary>
        <Buttons>
          {asking.map((step) => (
            <Button key={step} quiet onClick={() => change(step)}>
              {t.check.steps[step]}
            </Button>
          ))}
        </Buttons>
      </details>
    </Screen>
  );
}
