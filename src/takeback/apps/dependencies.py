"""What handlers of a clearinghouse ask for by name; `create_app` or a zone's router provides it, not validated."""

from __future__ import annotations

from typing import Annotated

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from litestar.params import Dependency

from takeback.clearinghouse.freshness import ServicesOfTheMinute
from takeback.clearinghouse.intake import Intake
from takeback.clearinghouse.list_files import ListFiles
from takeback.clearinghouse.log_files import LogIdentity
from takeback.clearinghouse.lookup import LookupIndex
from takeback.clearinghouse.lookup_hits import LookupHits
from takeback.clearinghouse.stretches import Stretches
from takeback.clearinghouse.transparency import TransparencyOfTheDay
from takeback.clearinghouse.verification import PublicReader
from takeback.settings import Settings
from takeback.storage.news import News

_ours = Dependency(skip_validation=True)

TheSettings = Annotated[Settings, _ours]
TheLookup = Annotated[LookupIndex, _ours]
TheLookupHits = Annotated[LookupHits, _ours]
TheNews = Annotated[News, _ours]
TheListFiles = Annotated[ListFiles, _ours]
TheListKey = Annotated[Ed25519PrivateKey, _ours]
TheIntake = Annotated[Intake, _ours]
TheStretches = Annotated[Stretches, _ours]
TheLog = Annotated[LogIdentity, _ours]
TheServices = Annotated[ServicesOfTheMinute, _ours]
TheFigures = Annotated[TransparencyOfTheDay, _ours]
TheReader = Annotated[PublicReader, _ours]
