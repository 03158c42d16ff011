/** The way through the page. Everything is in memory only: closing the page forgets it. */

import { useState } from 'preact/hooks';
import type { Protection } from '../../fingerprints/edits';
import type { Receipt } from '../../receipt/worker';
import type { Age } from './api';
import { leave } from './exit';
import type { Item } from './item';
import { Notice } from './notice/notice';
import { About } from './steps/about';
import { Adults } from './steps/adults';
import { Check } from './steps/check';
import { Choose } from './steps/choose';
import { Fingerprint } from './steps/fingerprint';
import { ReceiptStep } from './steps/receipt';
import { Return } from './steps/return';
import { Send } from './steps/send';
import { Welcome } from './steps/welcome';
import { texts } from './texts';

type Step =
  | 'welcome'
  | 'about'
  | 'adults'
  | 'choose'
  | 'fingerprint'
  | 'check'
  | 'send'
  | 'receipt'
  | 'return'
  | 'posted';

export function App() {
  const [step, go] = useState<Step>('welcome');
  const [age, setAge] = useState<Age>('under-18');
  const [files, setFiles] = useState<File[]>([]);
  const [items, setItems] = useState<Item[]>([]);
  const [protection, protect] = useState<Protection>('usual');
  const [receipt, setReceipt] = useState<Receipt | null>(null);

  return (
    <>
      <header>
        <button type="button" class="leave" onClick={leave}>
          {texts.leave}
        </button>
      </header>
      {step === 'welcome' && (
        <Welcome start={() => go('about')} comeBack={() => go('return')} posted={() => go('posted')} />
      )}
      {step === 'posted' && <Notice situation={{ age: 'under-18', who: 'self' }} back={() => go('welcome')} />}
      {step === 'about' && (
        <About
          back={() => go('welcome')}
          adult={() => go('adults')}
          next={(chosen) => {
            setAge(chosen);
            go('choose');
          }}
        />
      )}
      {step === 'adults' && <Adults back={() => go('about')} />}
      {step === 'choose' && (
        <Choose
          back={() => go('about')}
          next={(chosen) => {
            setFiles(chosen);
            go('fingerprint');
          }}
        />
      )}
      {step === 'fingerprint' && (
        <Fingerprint
          files={files}
          cancel={() => {
            setFiles([]);
            go('choose');
          }}
          next={(made) => {
            setFiles([]); // the pictures are not needed any more
            setItems(made);
            go('check');
          }}
        />
      )}
      {step === 'check' && (
        <Check
          items={items}
          change={setItems}
          protection={protection}
          protect={protect}
          back={() => go('choose')}
          next={() => go('send')}
        />
      )}
      {step === 'send' && (
        <Send
          age={age}
          items={items}
          protection={protection}
          back={() => go('check')}
          next={(made) => {
            setItems([]);
            setReceipt(made);
            go('receipt');
          }}
        />
      )}
      {step === 'receipt' && receipt && <ReceiptStep receipt={receipt} look={() => go('return')} />}
      {step === 'return' && <Return receipt={receipt} back={() => go('welcome')} />}
    </>
  );
}
