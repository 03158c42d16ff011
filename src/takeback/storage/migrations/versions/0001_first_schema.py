"""The first schema.

While nothing has been released, this step is the schema as it stands. The first change after a release freezes the
tables here and adds a step of its own.
"""

from __future__ import annotations

from alembic import op

from takeback.storage import list_state
from takeback.storage.schema import metadata

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables, and the one row that holds the state of the list."""
    connection = op.get_bind()
    metadata.create_all(connection)
    connection.execute(list_state.empty())
