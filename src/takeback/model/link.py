"""A counsellor's link that starts a case: what is known of it here (docs/adr/0015-a-link-that-starts-a-case.md)."""

from __future__ import annotations

from datetime import date

#: Days for which a link works. The page that makes it writes its last day into it; nobody here issues links.
LINK_DAYS = 14


def kept_until(used_on: date) -> date:
    """Gives the last day on which it is kept that a link was used: never before the last day of the link itself.

    All links of one fortnight share that day, so that it does not tell on which day a link was used.
    """
    fortnight = used_on.toordinal() // LINK_DAYS
    return date.fromordinal((fortnight + 2) * LINK_DAYS - 1)
