import { useState } from 'preact/hooks';
import { Button, Buttons, Screen } from '../../controls';
import { doorsFor } from '../../doors/doors';
import { CountryChoice, DoorTile } from '../../doors/doors-screen';
import { Copy, Out } from '../../fields';
import { fill, language, texts } from '../../texts';
import { englishLetter, t } from '../../texts/notice';
import { authoritiesOf, complaintIn, whoIs } from '../complaint';
import type { Notice } from '../file';
import { asSent } from '../letter';
import { Sheet } from '../paper';
import { over } from '../timeline';
import { When } from './after';

interface LateProps {
  notice: Notice;
  sent: Date | null;
  setSent: (sent: Date) => void;
  back: () => void;
}

/** The complaint pack: who watches over services in this country, what to write, and who else can help to remove it. */
export function Late({ notice, sent, setSent, back }: LateProps) {
  const [country, choose] = useState('');
  const when = sent ?? new Date(`${notice.made_on}T12:00`);
  const now = new Date();
  const letter = asSent({ words: t.letter, tag: language() }, englishLetter, (words, tag) =>
    complaintIn(notice, when, now, words, tag),
  );
  return (
    <Screen title={t.late.title}>
      <p>{t.late.kind}</p>
      <When label={t.late.when} sent={when} change={setSent} />
      {!over(when, now) && <p class="note">{t.after.early}</p>}
      <CountryChoice label={t.late.country} country={country} choose={choose} />
      {country && (
        <>
          <p>{t.late.who[whoIs(country)]}</p>
          {authoritiesOf(country).map((door) => (
            <p key={door.name}>{door.web && <Out to={door.web}>{fill(t.late.open, { name: door.name })}</Out>}</p>
          ))}
          <section>
            <h2>{t.late.write}</h2>
            <Sheet letter={letter} />
            <Buttons>
              <Copy text={`${letter.subject}\n\n${letter.body}\n`} label={t.late.copy} />
              <Button quiet onClick={() => print()}>
                {t.late.print}
              </Button>
            </Buttons>
          </section>
          <section>
            <h2>{t.late.also}</h2>
            <ul class="tiles">
              {doorsFor(country)
                .doors.filter((door) => door.for === 'remove' || door.for === 'report')
                .map((door) => (
                  <DoorTile key={`${door.for} ${door.name}`} door={door} />
                ))}
            </ul>
          </section>
        </>
      )}
      <Buttons>
        <Button quiet onClick={back}>
          {texts.back}
        </Button>
      </Buttons>
    </Screen>
  );
}
