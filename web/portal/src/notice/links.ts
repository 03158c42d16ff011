/** Links as people paste them. */

/** What apps put at the end of a shared link; some of it tells which account shared it. */
const TELLTALES = /^(utm_.*|igsh|igshid|fbclid|gclid|si|share_id|_r|_t|sender_.*|share_.*|ref|ref_src|rdid|mibextid)$/;
const LONGEST = 2000;

/** Gives a web address without what tells who shared it, or null for what is none. */
export function linkOf(typed: string): string | null {
  const text = typed.trim();
  const address = /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(address) || /\s/.test(text)) return null;
  const url = new URL(address);
  if (!['http:', 'https:'].includes(url.protocol) || !/.\../.test(url.hostname)) return null;
  for (const name of [...url.searchParams.keys()]) if (TELLTALES.test(name)) url.searchParams.delete(name);
  url.username = '';
  url.password = '';
  return url.href.length <= LONGEST ? url.href : null;
}

/** Whether this can be an e-mail address; only sending shows whether it is one. */
export const isEmail = (typed: string): boolean => /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(typed.trim());
