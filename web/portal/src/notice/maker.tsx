/** The way through the notice maker. What is typed is in memory only, and goes nowhere from here. */

import './notice.css';
import { useState } from 'preact/hooks';
import { Doors } from '../doors/doors-screen';
import { language } from '../texts';
import { dayOf, type Notice as File, type Signer } from './file';
import { missing, onConsent } from './missing';
import type { Situation } from './notice';
import { ASKING, type Asking, type StepProps } from './steps';
import { After } from './steps/after';
import { Check } from './steps/check';
import { Contact } from './steps/contact';
import { Late } from './steps/late';
import { LawStep } from './steps/law';
import { Places } from './steps/places';
import { Send } from './steps/send';
import { ServiceStep } from './steps/service';
import { SignerStep } from './steps/signer';
import { Statement } from './steps/statement';

type Step = Asking | 'check' | 'send' | 'after' | 'late' | 'doors';

const SIGNER: Record<Situation['who'], Signer> = {
  self: 'depicted',
  guardian: 'guardian',
  helper: 'authorised',
  counsellor: 'authorised',
};

export function Maker({ situation, back }: { situation: Situation; back: () => void }) {
  const [step, go] = useState<Step>('law');
  const [seen, see] = useState(false); // the letter was seen whole: every step leads back to it
  const [sent, setSent] = useState<Date | null>(null);
  const [notice, setNotice] = useState(() => begun(situation));
  const change = (changes: Partial<File>) => setNotice({ ...notice, ...changes });

  const asking = ASKING.filter((one) => one !== 'statement' || onConsent(notice));
  const toCheck = () => {
    see(true);
    go('check');
  };
  const props = (at: Asking): StepProps => ({
    notice,
    change,
    next: () => {
      const following = asking[asking.indexOf(at) + 1];
      if (seen || !following) toCheck();
      else go(following);
    },
    back: () => {
      const before = asking[asking.indexOf(at) - 1];
      if (seen) go('check');
      else if (before) go(before);
      else back();
    },
  });

  return (
    <>
      {step === 'law' && (
        <LawStep
          {...props('law')}
          kept={(file) => {
            setNotice(file);
            go('late');
          }}
        />
      )}
      {step === 'service' && <ServiceStep {...props('service')} />}
      {step === 'places' && <Places {...props('places')} />}
      {step === 'signer' && <SignerStep {...props('signer')} />}
      {step === 'statement' && <Statement {...props('statement')} />}
      {step === 'contact' && <Contact {...props('contact')} />}
      {step === 'check' && (
        <Check notice={notice} parts={missing(notice)} asking={asking} change={go} next={() => go('send')} />
      )}
      {step === 'send' && (
        <Send
          notice={notice}
          back={() => go('check')}
          next={() => {
            setSent(new Date());
            go('after');
          }}
        />
      )}
      {step === 'after' && sent && (
        <After
          notice={notice}
          sent={sent}
          setSent={setSent}
          back={() => go('send')}
          late={() => go('late')}
          doors={() => go('doors')}
          another={() => {
            setNotice({ ...notice, service: '', places: [] });
            see(false);
            go('service');
          }}
        />
      )}
      {step === 'late' && (
        <Late notice={notice} sent={sent} setSent={setSent} back={() => go(sent && seen ? 'after' : 'law')} />
      )}
      {step === 'doors' && <Doors back={() => go('after')} />}
    </>
  );
}

/** The notice of which nothing was asked yet. The law stays open until it is chosen: `other` asks for least. */
function begun({ age, who }: Situation): File {
  const by = SIGNER[who];
  return {
    format: 'takeback-notice',
    version: 1,
    law: 'other',
    language: language(),
    made_on: dayOf(new Date()),
    service: '',
    depicted: age,
    content: 'picture',
    signed: who === 'counsellor' ? { by, authority: 'organisation' } : { by },
  };
}
