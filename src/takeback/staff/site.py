"""The place of the staff's pages on the web, to which passkeys and forms are bound."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from takeback.errors import SettingsError
from takeback.settings import StaffSettings


@dataclass(frozen=True, slots=True)
class Site:
    """Where the pages are, as browsers see it: passkeys are bound to the host, answers to the origin.

    Every address of theirs begins with `base`.
    """

    origin: str
    host: str
    secure: bool
    base: str

    @classmethod
    def of(cls, settings: StaffSettings) -> Site:
        """Gives it, or raises SettingsError: without TLS, browsers know passkeys on localhost only."""
        parts = urlsplit(settings.staff_address)
        host = parts.hostname or ""
        local = host == "localhost" or host.endswith(".localhost")
        if parts.path or parts.query or not host or not (parts.scheme == "https" or (parts.scheme == "http" and local)):
            raise SettingsError("staff_url: give https:// and a host, or http://localhost, and nothing behind it.")
        return cls(f"{parts.scheme}://{parts.netloc}", host, parts.scheme == "https", settings.staff_base)
