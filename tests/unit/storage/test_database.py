"""What a database server has to be, before anything is asked of it."""

from __future__ import annotations

import pytest

from takeback.errors import SettingsError
from takeback.storage.database import OLDEST_POSTGRESQL, must_be_new_enough


@pytest.mark.parametrize(
    ("version", "said"), [((14, 13), "PostgreSQL 14.13,"), ((9, 6, 24), "9.6.24,"), (None, "of an unknown version,")]
)
def test_an_old_postgresql_is_refused_with_what_helps(version: tuple[int, ...] | None, said: str) -> None:
    with pytest.raises(SettingsError, match="pg_upgrade") as refused:
        must_be_new_enough(version)
    assert said in str(refused.value)
    assert f"{OLDEST_POSTGRESQL} or newer" in str(refused.value)


@pytest.mark.parametrize("version", [(15, 0), (16, 4), (18,)])
def test_any_other_is_taken(version: tuple[int, ...]) -> None:
    must_be_new_enough(version)
