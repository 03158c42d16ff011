"""What others wrote, as a terminal may show it."""

from __future__ import annotations


def on_one_line(text: str) -> str:
    """Gives it with what would move the cursor, or is no text, as Python escapes it."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)
