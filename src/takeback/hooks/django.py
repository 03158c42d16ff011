"""Django: a validator for forms' and models' file fields, and a function for views.

    picture = forms.ImageField(validators=[Screened("mysite.screening.gate")])

The validator only looks, and leaves what it found on the file as `looked`: what is held is kept and shown to a person,
so the view decides. With `refuse=True` it raises a ValidationError instead.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.deconstruct import deconstructible
from django.utils.module_loading import import_string

from takeback.hooks.gate import Gate, Looked


def screened(gate: Gate, file: Any, *, surface: str = "public", content: str | None = None) -> Looked:  # noqa: ANN401 - Django's own
    """Gives what is known of an uploaded file, and leaves it at its beginning."""
    file.seek(0)
    looked = gate.look(file, content=content, surface=surface)
    file.seek(0)
    return looked


@deconstructible
class Screened:
    """The validator. `gate` is where the gate is (`package.module.name`), so that migrations can name it."""

    def __init__(self, gate: str, *, refuse: bool = False, surface: str = "public") -> None:
        self.gate, self.refuse, self.surface = gate, refuse, surface

    def __call__(self, file: Any) -> None:  # noqa: ANN401 - Django's own
        """Looks at the file of a field."""
        file.looked = screened(import_string(self.gate), file, surface=self.surface)
        if self.refuse and not file.looked.publish:
            raise ValidationError("This file cannot be shown now.", code="held")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Screened) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((self.gate, self.refuse, self.surface))
