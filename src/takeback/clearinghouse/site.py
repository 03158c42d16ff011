"""The console's place on the web, to which passkeys and forms are bound."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from takeback.errors import SettingsError
from takeback.settings import Settings


@dataclass(frozen=True, slots=True)
class Site:
    """Where the console is, as browsers see it: passkeys are bound to its host, answers to its origin."""

    origin: str
    host: str
    secure: bool

    @classmethod
    def of(cls, settings: Settings) -> Site:
        """Gives it, or raises SettingsError: without TLS, browsers know passkeys on localhost only."""
        parts = urlsplit(settings.console_address)
        host = parts.hostname or ""
        local = host == "localhost" or host.endswith(".localhost")
        if parts.path or parts.query or not host or not (parts.scheme == "https" or (parts.scheme == "http" and local)):
            raise SettingsError("console_url: give https:// and a host, or http://localhost, and nothing behind it.")
        return cls(f"{parts.scheme}://{parts.netloc}", host, parts.scheme == "https")
