"""Where an entry came in. A channel stays the same for ever, and all of its entries say the same."""

from __future__ import annotations

from enum import StrEnum


class Channel(StrEnum):
    """An intake source. `test` is kept for made-up values: no entry of it is of a picture."""

    BROWSER = "browser"
    HELPLINE = "helpline"
    OPERATOR = "operator"
    TEST = "test"


#: Those by which an operator takes something in at the machine (`takeback entry take-in`).
BY_HAND = (Channel.HELPLINE, Channel.OPERATOR)
