/** The page: the welcome, and the two ways from it. Each is fetched when it is wanted. */

import { useState } from 'preact/hooks';
import type { Receipt } from '../../receipt/worker';
import { type Clearinghouse, clearinghouse } from './api';
import { takeStart } from './helpers/link';
import { lazily } from './lazily';
import { practised } from './practice';
import { Welcome } from './steps/welcome';
import { texts } from './texts';
import type { Earlier } from './way';

const start = takeStart();
const Way = lazily(() => import('./way').then((part) => part.Way));
const Offline = lazily(() => import('./steps/offline').then((part) => part.Offline));
const Return = lazily(() => import('./steps/return').then((part) => part.Return));

export function App() {
  const [at, go] = useState<'welcome' | 'way' | 'return' | 'offline'>('welcome');
  const [receipt, keep] = useState<Receipt | null>(null);
  const [to, connect] = useState(clearinghouse);
  /** Words that more pictures are added to. */
  const [earlier, addTo] = useState<Earlier | null>(null);
  const practice = to !== clearinghouse;
  const begin = (there: Clearinghouse) => {
    connect(there);
    go('way');
  };
  const out = () => {
    keep(null);
    addTo(null);
    connect(clearinghouse);
    go('welcome');
  };

  return (
    <>
      {practice && <aside class="practice">{texts.practice.note}</aside>}
      {at === 'welcome' && (
        <Welcome
          start={() => begin(clearinghouse)}
          practise={() => begin(practised())}
          comeBack={() => go('return')}
          offline={() => go('offline')}
        />
      )}
      {at === 'way' && (
        <Way
          to={to}
          mode={practice ? 'practice' : 'real'}
          start={earlier ? null : start}
          earlier={earlier}
          out={earlier ? () => go('return') : out}
          look={(made) => {
            addTo(null);
            keep(made);
            go('return');
          }}
        />
      )}
      {at === 'offline' && <Offline open={() => go('return')} back={() => go('welcome')} />}
      {at === 'return' && (
        <Return
          from={to}
          practice={practice}
          receipt={receipt}
          add={(words, free) => {
            keep(words);
            addTo({ receipt: words, free });
            go('way');
          }}
          again={() => begin(clearinghouse)}
          back={out}
        />
      )}
    </>
  );
}
