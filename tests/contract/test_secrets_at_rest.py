"""No secret that was shown once stands in a database: a dump lets nobody in, on both databases."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from contract.conftest import Run
from contract.test_clearinghouse import clock
from takeback.clearinghouse import participants, two_person
from takeback.clearinghouse.credentials import give_key, give_password, with_password
from takeback.clearinghouse.header_keys import give_header_keys
from takeback.clearinghouse.intake import take_in
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.agent_key import KeyRole
from takeback.model.entry import Age, Kind, Submission, SubmittedEntry
from takeback.model.operator import Role
from takeback.model.proposal import ProposalKind
from takeback.model.receipt import receipt_digest
from takeback.participant.agent.keys import add_key
from takeback.staff import enrolment, sessions
from takeback.staff.operators import add_operator
from takeback.storage.database import Database

KEY = bytes(range(32))
WEEK = timedelta(days=7)
LIFETIMES = sessions.Lifetimes(WEEK, WEEK)


def forms(secret: bytes | str) -> Iterator[bytes]:
    """Every way in which a secret may have been written down."""
    if isinstance(secret, str):
        secret = secret.rpartition(".")[2]  # an id may stand before it
        yield secret.encode()
        secret = base64.urlsafe_b64decode(secret + "=" * (-len(secret) % 4))
    assert len(secret) >= 32, "short ones are found by chance"
    yield from (secret, secret.hex().encode(), secret.hex().upper().encode(), base64.b64encode(secret).rstrip(b"="))


async def dump(database: Database) -> bytes:
    """Everything that stands in it: every row of every table, and on SQLite the bytes of its files."""

    def rows(connection: Connection) -> bytes:
        said = []
        for table in inspect(connection).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):  # noqa: S608 - its own names
                said += [value if isinstance(value, bytes) else str(value).encode() for value in row]
        return b"\n".join(said)

    whole = await database.read("dump", lambda connection: connection.run_sync(rows))
    file = database.sqlite_file
    beside: list[Path] = [] if file is None else list(file.parent.glob(f"{file.name}*"))
    return whole + b"".join(one.read_bytes() for one in beside)


async def staff_secrets(database: Database) -> list[bytes | str]:
    """What operators were given: links that register a passkey, one of them proposed, and a session."""
    at = clock()
    ana = await add_operator(database, at, "Ana Example", Role.ADMINISTRATOR)
    token = sessions.new_token()
    await database.run("begin", lambda connection: sessions.begin(connection, at, ana.id, token, LIFETIMES))
    assert await sessions.of_token(database, at, token, LIFETIMES)
    bo = await add_operator(database, at, "Bo Example", Role.OPERATOR)
    proposed = enrolment.new_code()
    details = enrolment.details_with(proposed, name="Chi Example", role="viewer")
    await two_person.propose(database, at, ana, ProposalKind.ADD_OPERATOR, "o-chi", details)
    return [token, sessions.csrf_token(token), await enrolment.give_link(database, at, bo.id), proposed]


def test_a_dump_of_the_clearinghouse_lets_nobody_in(run: Run) -> None:
    async def story(database: Database) -> None:
        at, new = clock(), await participants.invite(database, clock(), "Example Photos")
        id_, given = new.participant.id, await staff_secrets(database)
        private = [new.private_key, (await give_key(database, at, id_, overlap=WEEK)).private_key]
        given += [one.private_bytes_raw() for one in private if one is not None]
        passwords = [await give_password(database, at, id_, KEY, overlap=WEEK) for _ in range(2)]
        for password in passwords:
            assert await with_password(database, id_, password, KEY, clock=at)
        pairs = [await give_header_keys(database, at, id_, KEY, overlap=WEEK) for _ in range(2)]
        given += [*passwords, *(secret for keys in pairs for secret in (keys.fetch, keys.subscription))]
        receipt = secrets.token_bytes(32)
        prints = (Fingerprint(FingerprintType.MD5, secrets.token_bytes(16)),)
        await take_in(database, Submission(Age.UNSURE, (SubmittedEntry(receipt_digest(receipt), Kind.IMAGE, prints),)))
        given += [receipt, KEY]

        stands = await dump(database)
        assert b"Example Photos" in stands, "it is a dump of what was kept"
        assert b"Ana Example" in stands
        assert receipt_digest(receipt) in stands
        assert len(given) == 14
        assert not [one for one in given for form in forms(one) if form in stands]

    run(story)


def test_a_dump_of_a_platform_lets_nobody_in(on_platform: Run) -> None:
    async def story(database: Database) -> None:
        given = await staff_secrets(database)
        given += [await add_key(database, clock(), f"Service {role}", role, KEY) for role in KeyRole]
        stands = await dump(database)
        assert b"Service screen" in stands
        assert not [one for one in given for form in forms(one) if form in stands]

    on_platform(story)
