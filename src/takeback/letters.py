"""Letters: files for the operator's own mail system, or one SMTP server."""

from __future__ import annotations

import os
import secrets
import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

from takeback.errors import SettingsError, UnavailableError
from takeback.settings import StaffSettings

TIMEOUT_S = 20.0
_PORTS = {"smtp": 587, "smtps": 465}


def send(settings: StaffSettings, to: str, subject: str, text: str, *, name: str | None = None) -> None:
    """Sends a letter, or writes it into the folder for letters. Raises UnavailableError or SettingsError.

    A letter with a `name` (letters, digits and hyphens) may be sent again by whoever died before noting that it was
    sent: its file is the same file, and it has the same Message-ID, by which mail systems know one that came twice.
    """
    name = name or secrets.token_hex(8)
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.mail_from, to, subject
    message["Message-ID"] = f"<{name}@{settings.mail_from.rpartition('@')[2]}>"
    # Letters outside ASCII are sent so that every mail server passes them on.
    message.set_content(text, cte=None if text.isascii() else "base64")
    if settings.mail_server:
        _by_smtp(settings.mail_server, message)
    else:
        _as_file(Path(settings.mail_dir) if settings.mail_dir else settings.data_path / "outbox", name, message)


def _as_file(folder: Path, name: str, message: EmailMessage) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = folder / f".{name}.{os.getpid()}.new"
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(message.as_bytes())
        unfinished.rename(folder / f"{name}.eml")
    except OSError as error:
        raise SettingsError(f"mail_dir: a letter cannot be written there: {error.strerror}.") from None


def _by_smtp(address: str, message: EmailMessage) -> None:
    parts = urlsplit(address)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise SettingsError("mail_server: is no address. Give smtps://user:password@host:465, or smtp://…:587.")
    port, trusted = parts.port or _PORTS[parts.scheme], ssl.create_default_context()
    try:
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(parts.hostname, port, timeout=TIMEOUT_S, context=trusted)
        else:
            server = smtplib.SMTP(parts.hostname, port, timeout=TIMEOUT_S)
        with server:
            if parts.scheme == "smtp":
                server.starttls(context=trusted)
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise UnavailableError(f"mail_server: did not take the letter ({type(error).__name__}).") from None
