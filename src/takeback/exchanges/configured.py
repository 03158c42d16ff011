"""From a row of `lists` in the settings to the exchange that it names. Secrets stand in files of their own."""

from __future__ import annotations

from pathlib import Path

from takeback.agent_settings import AnyList, FileList, NcmecList, TakebackList
from takeback.errors import SettingsError
from takeback.exchanges.ncmec import NcmecExchange
from takeback.exchanges.stopncii import StopNciiExchange
from takeback.exchanges.takeback import TakebackExchange, connect
from takeback.exchanges.value_file import FileExchange
from takeback.model.tier import StrongestAction, Tier

AnyExchange = TakebackExchange | NcmecExchange | StopNciiExchange | FileExchange


def exchange_of(row: AnyList) -> AnyExchange:
    """Gives the exchange; raises SettingsError for a file that is missing."""
    if isinstance(row, TakebackList):
        return connect(row.credentials)
    tier, action = Tier(row.tier), StrongestAction(row.action)
    if isinstance(row, FileList):
        return FileExchange(row.path, value_type=row.value_type, tier=tier, action=action)
    if isinstance(row, NcmecList):
        return NcmecExchange(
            row.address,
            row.user,
            _secret(row.password_file, row.name),
            members=row.members,
            tier=tier,
            action=action,
            wrong_reason=row.wrong_reason,
        )
    return StopNciiExchange(
        row.address,
        _secret(row.fetch_key_file, row.name),
        _secret(row.subscription_key_file, row.name),
        feedback_key=_secret(row.feedback_key_file, row.name) if row.feedback_key_file else "",
        tier=tier,
        action=action,
    )


def _secret(file: str, name: str) -> str:
    try:
        secret = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"lists: a secret of {name} cannot be read ({type(error).__name__}).") from None
    if not secret:
        raise SettingsError(f"lists: a secret of {name} is empty.")
    return secret
