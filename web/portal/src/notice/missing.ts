/** What the law still asks for: the same rules as src/takeback/model/notice.py, by the same vectors. */

import type { Notice } from './file';

export const PARTS = ['place', 'statement', 'authority', 'signature', 'contact'] as const;
export type Part = (typeof PARTS)[number];

type Asked = Pick<Notice, 'law' | 'depicted'>;

/** Whether the law asks for a name and for an address; for a child the European one does not. */
export const named = ({ law, depicted }: Asked): boolean =>
  law === 'us-223a' || (law === 'eu-dsa-16' && depicted !== 'under-18');

/** Whether a statement on consent is asked for. Under 18 nobody can consent. */
export const onConsent = ({ depicted }: Pick<Notice, 'depicted'>): boolean => depicted !== 'under-18';

/** Gives what is missing, in the order in which the page asks; nothing when the notice is complete. */
export function missing(notice: Notice): Part[] {
  const stated = (statement: 'good-faith' | 'no-consent') => notice.statements?.includes(statement) ?? false;
  const here: Record<Part, boolean> = {
    place: (notice.places?.length ?? 0) > 0,
    statement: stated('good-faith') && (!onConsent(notice) || stated('no-consent')),
    authority: notice.signed.by !== 'authorised' || notice.signed.authority !== undefined,
    signature: !named(notice) || Boolean(notice.signed.name?.trim()),
    contact: !named(notice) || Boolean(notice.email?.trim()),
  };
  return PARTS.filter((part) => !here[part]);
}
