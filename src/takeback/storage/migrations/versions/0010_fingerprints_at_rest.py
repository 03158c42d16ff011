"""Fingerprints are sealed with their entry; `takeback db rekey` seals those that are there, while servers run.

Processes of before may run on meanwhile, while the new ones have `seal_fingerprints = false`: then everybody reads and
writes the table of before. One of before cannot read what is sealed: it would not publish it, its pages would lack it
(participants notice by the digest and keep nothing), and the database would refuse its withdrawal. So: new processes
with the setting off, the last old one ended, the setting on again, `takeback db rekey`.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, LargeBinary, SmallInteger, text

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ERASED = "state <> 'withdrawn' OR sealed IS NULL"
WAITS = text("state = 'waiting'")


def upgrade() -> None:
    """Adds what is sealed, its indexes, and one of what waits that is as small as what waits."""
    if op.get_bind().dialect.name == "sqlite":  # its tables take a rule only with a new column
        op.execute(f"ALTER TABLE entry ADD COLUMN sealed BLOB CONSTRAINT entry_erased_when_withdrawn CHECK ({ERASED})")
    else:
        sealed = Column(
            "sealed", LargeBinary, comment="its fingerprints, encrypted (sealing.py); erased when it is withdrawn"
        )
        op.add_column("entry", sealed)
        op.create_check_constraint("entry_erased_when_withdrawn", "entry", ERASED)
    version = "version of the key that sealed them; the key is not in here"
    op.add_column("entry", Column("sealed_with", SmallInteger, comment=version))
    for type_ in ("md5", "sha256"):
        comment = f"keyed digest of its {type_}, to find it by equality"
        op.add_column("entry", Column(f"{type_}_index", LargeBinary(16), comment=comment))
        op.create_index(f"entry_{type_}", "entry", [f"{type_}_index"])
    op.add_column("entry", Column("pictures", SmallInteger, comment="how many pdq are sealed in it"))
    op.add_column("entry", Column("frames", SmallInteger, comment="how many vpdq are sealed in it"))
    op.create_index("entry_that_waits", "entry", ["id"], sqlite_where=WAITS, postgresql_where=WAITS)
    op.drop_index("entry_waiting", "entry")
    if op.get_bind().dialect.name != "sqlite":
        comment = "Fingerprints that were taken in before they were sealed; `takeback db rekey` empties it."
        op.create_table_comment("fingerprint", comment)
