import { Button, Buttons, Choice, Screen, Tick } from '../../controls';
import { Text } from '../../fields';
import { texts } from '../../texts';
import { t } from '../../texts/notice';
import { AUTHORITIES, type Authority, LINE, type Notice, SIGNERS, type Signer, type Statement } from '../file';
import { named } from '../missing';
import type { StepProps } from '../steps';

/** Who signs. Under 18 only one law wants a signature, and none a full name: where none is needed it is not asked. */
export function SignerStep({ notice, change, next, back }: StepProps) {
  const { signed, statements = [] } = notice;
  const needed = named(notice);
  const sign = (changes: Partial<Notice['signed']>) => change({ signed: { ...signed, ...changes } });
  return (
    <Screen title={t.signer.title}>
      <Choice<Signer>
        legend={t.signer.legend}
        name="signer"
        options={SIGNERS.map((one) => [one, t.signer.options[one]] as const)}
        chosen={signed.by}
        choose={(by) => sign({ by })}
      />
      {signed.by === 'authorised' && (
        <Choice<Authority>
          legend={t.signer.authority}
          name="authority"
          options={AUTHORITIES.map((one) => [one, t.signer.authorities[one]] as const)}
          chosen={signed.authority ?? null}
          choose={(authority) => sign({ authority })}
        />
      )}
      {needed || signed.by !== 'depicted' || notice.depicted !== 'under-18' ? (
        <Text
          label={t.signer.name}
          hint={!needed ? t.signer.noName : notice.law === 'us-223a' ? t.signer.signature : t.signer.fullName}
          free={!needed}
          most={LINE}
          value={signed.name ?? ''}
          change={(name) => sign({ name })}
        />
      ) : (
        <p class="note">{t.signer.noName}</p>
      )}
      <Tick
        label={t.signer.goodFaith}
        checked={statements.includes('good-faith')}
        change={(on) => change({ statements: stated(statements, 'good-faith', on) })}
      />
      <Buttons>
        <Button onClick={next}>{texts.next}</Button>
        <Button quiet onClick={back}>
          {texts.back}
        </Button>
      </Buttons>
    </Screen>
  );
}

/** Gives the statements with one of them made or taken back. */
export const stated = (statements: Statement[], one: Statement, on: boolean): Statement[] =>
  [...statements.filter((other) => other !== one), ...(on ? [one] : [])].sort();
