import { Button, Buttons, Screen } from '../../controls';
import { type Service, services } from '../../doors/doors';
import { monthOf } from '../../doors/doors-screen';
import { Copy, Out } from '../../fields';
import { fill, texts } from '../../texts';
import { t } from '../../texts/notice';
import { type Notice, written } from '../file';
import { mailto } from '../letter';
import { letterOf, Sheet } from '../paper';
import { save } from '../save';

/** The doors of the service, and the letter for each: form, app, mail, paper, file. The person sends it; the page does not. */
export function Send({ notice, back, next }: { notice: Notice; back: () => void; next: () => void }) {
  const letter = letterOf(notice);
  const text = `${letter.subject}\n\n${letter.body}\n`;
  const service = services.find(({ name }) => name === notice.service);
  return (
    <Screen title={t.send.title}>
      <p class="note">{t.send.never}</p>
      <Buttons>
        <Copy text={text} label={t.send.copy} />
      </Buttons>
      <section>
        <h2>{t.send.form}</h2>
        {service?.form ? (
          <>
            <p>{t.send.formText}</p>
            <p>
              <Out to={service.form}>{fill(t.send.openForm, { service: service.name })}</Out>
            </p>
            <p class="small">
              {service.checked ? fill(t.send.checked, { month: monthOf(service.checked) }) : t.send.notChecked}
            </p>
          </>
        ) : (
          <p>{t.send.noForm}</p>
        )}
      </section>
      {service && service.in_app.length > 0 && <InApp service={service} />}
      <section>
        <h2>{t.send.mail}</h2>
        <p>{service?.email ? fill(t.send.mailTo, { email: service.email }) : t.send.mailWhere}</p>
        <p>{t.send.mailSeen}</p>
        <p>
          <a class="button plain" href={mailto(letter, service?.email)}>
            {t.send.openMail}
          </a>
        </p>
        <p class="small">{t.send.mailShort}</p>
      </section>
      <details>
        <summary>{t.send.more}</summary>
        <p>{t.send.fileText}</p>
        <p>{t.send.fileSeen}</p>
        <Buttons>
          <Button quiet onClick={() => save(written(notice), 'letter.json', 'application/json')}>
            {t.send.file}
          </Button>
          <Button quiet onClick={() => print()}>
            {t.send.print}
          </Button>
        </Buttons>
      </details>
      <Buttons>
        <Button onClick={next}>{t.send.sent}</Button>
        <Button quiet onClick={back}>
          {texts.back}
        </Button>
      </Buttons>
      <Sheet letter={letter} printed />
    </Screen>
  );
}

function InApp({ service }: { service: Service }) {
  return (
    <section>
      <h2>{t.send.inApp}</h2>
      <ul class="lines">
        {service.in_app.map((way) => (
          <li key={way}>{t.send.ways[way]}</li>
        ))}
      </ul>
      {service.sealed && <p>{t.send.sealed}</p>}
    </section>
  );
}
