import { Button, Buttons, Screen } from '../../controls';
import { leave } from '../../exit';
import { Text } from '../../fields';
import { fill, language, texts } from '../../texts';
import { t } from '../../texts/notice';
import type { Notice } from '../file';
import { save } from '../save';
import { calendarOf, listOf, marksOf, over, timeIn } from '../timeline';

interface AfterProps {
  notice: Notice;
  sent: Date;
  setSent: (sent: Date) => void;
  back: () => void;
  late: () => void;
  doors: () => void;
  another: () => void;
}

/** The times to look again. Nothing remembers them but a small file, if the person wants one. */
export function After({ notice, sent, setSent, back, late, doors, another }: AfterProps) {
  const tag = language();
  const marks = marksOf(sent);
  const means = { ...t.after.means, twoDays: t.after.means.twoDays[notice.law] };
  return (
    <Screen title={t.after.title}>
      <When label={t.after.when} sent={sent} change={setSent} />
      <ol class="timeline">
        {(['sent', 'day', 'twoDays'] as const).map((mark) => (
          <li key={mark}>
            <strong>{t.after.marks[mark]}</strong>
            <span class="small">{timeIn(marks[mark], tag)}</span>
            <span>{means[mark]}</span>
          </li>
        ))}
      </ol>
      <p>{t.after.kept}</p>
      <p class="small">{fill(t.after.calendarSeen, { words: t.after.calendarWords })}</p>
      <Buttons>
        <Button quiet onClick={() => save(calendarOf(sent, t.after.calendarWords), 'times.ics', 'text/calendar')}>
          {t.after.calendar}
        </Button>
        <Button quiet onClick={() => save(listOf(sent, t.after.marks, t.letter, tag), 'times.txt', 'text/plain')}>
          {t.after.list}
        </Button>
      </Buttons>
      {!over(sent, new Date()) && <p class="small">{t.after.early}</p>}
      <Buttons>
        <Button onClick={late}>{t.after.notGone}</Button>
        <Button quiet onClick={another}>
          {t.after.another}
        </Button>
        <Button quiet onClick={doors}>
          {t.after.doors}
        </Button>
        <Button quiet onClick={back}>
          {texts.back}
        </Button>
        <Button quiet onClick={leave}>
          {t.after.end}
        </Button>
      </Buttons>
    </Screen>
  );
}

/** A moment in the device's own time. An empty field changes nothing. */
export function When({ label, sent, change }: { label: string; sent: Date; change: (sent: Date) => void }) {
  const local = new Date(sent.getTime() - sent.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  return (
    <Text
      label={label}
      type="datetime-local"
      value={local}
      change={(typed) => {
        const moment = new Date(typed);
        if (!Number.isNaN(moment.getTime())) change(moment);
      }}
    />
  );
}
