"""What handlers ask for by name at every installation, a clearinghouse's or a platform's. It is not validated."""

from __future__ import annotations

from typing import Annotated

from litestar.params import Dependency

from takeback.clock import Clock
from takeback.settings import StaffSettings
from takeback.storage.database import Database

_ours = Dependency(skip_validation=True)

TheDatabase = Annotated[Database, _ours]
TheClock = Annotated[Clock, _ours]
TheStaffSettings = Annotated[StaffSettings, _ours]
