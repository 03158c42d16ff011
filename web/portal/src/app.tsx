/** The page: the welcome, and the two ways from it. Each is fetched when it is wanted. */

import { useState } from 'preact/hooks';
import type { Receipt } from '../../receipt/worker';
import { lazily } from './lazily';
import { Welcome } from './steps/welcome';

const Way = lazily(() => import('./way').then((part) => part.Way));
const Return = lazily(() => import('./steps/return').then((part) => part.Return));

export function App() {
  const [at, go] = useState<'welcome' | 'way' | 'return'>('welcome');
  const [receipt, keep] = useState<Receipt | null>(null);

  return (
    <>
      {at === 'welcome' && <Welcome start={() => go('way')} comeBack={() => go('return')} />}
      {at === 'way' && (
        <Way
          out={() => go('welcome')}
          look={(made) => {
            keep(made);
            go('return');
          }}
        />
      )}
      {at === 'return' && (
        <Return
          receipt={receipt}
          back={() => {
            keep(null);
            go('welcome');
          }}
        />
      )}
    </>
  );
}
