/** The steps that ask something, and what each of them is given. */

import type { Notice } from './file';
import type { Part } from './missing';

/** In their order. */
export const ASKING = ['law', 'service', 'places', 'signer', 'statement', 'contact'] as const;
export type Asking = (typeof ASKING)[number];

/** Which step asks for a part. */
export const STEP_OF: Record<Part, Asking> = {
  place: 'places',
  statement: 'signer',
  authority: 'signer',
  signature: 'signer',
  contact: 'contact',
};

export interface StepProps {
  notice: Notice;
  change: (changes: Partial<Notice>) => void;
  next: () => void;
  back: () => void;
}
