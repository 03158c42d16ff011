"""An exchange for Meta's `threatexchange` (`tx`) and HMA: a takeback clearinghouse at an address of your own.

`tx config extensions add takeback.exchanges.threatexchange`, then `tx config collab edit takeback --create --base-url
https://clearinghouse.example/hashsharing NAME`; user and password stand where those of `ncmec` do. Withdrawals work:
what leaves the list leaves the client with its next fetch (spec/hash-sharing.md).
"""

# No `from __future__ import annotations` here: `tx` reads the types of the fields as they stand.
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, ClassVar

from threatexchange.exchanges.clients.ncmec.hash_api import NCMECHashAPI
from threatexchange.exchanges.collab_config import CollaborationConfigWithDefaults
from threatexchange.exchanges.impl.ncmec_api import NCMECCredentials, NCMECSignalExchangeAPI
from threatexchange.extensions.manifest import ThreatExchangeExtensionManifest

NAME = "takeback"


@dataclass
class _Required:
    base_url: str = field(metadata={"help": "where the clearinghouse is, with /hashsharing"})


@dataclass
class TakebackConfig(CollaborationConfigWithDefaults, _Required):
    """What `tx config collab edit takeback` asks for."""

    api: str = field(init=False, default=NAME)
    only_esp_ids: set[int] = field(default_factory=set, metadata={"help": "only entries of these channels"})

    @property
    def environment(self) -> SimpleNamespace:
        """The address in the shape in which the client carries it."""
        return SimpleNamespace(value=self.base_url.rstrip("/"))


@dataclass
class TakebackCredentials(NCMECCredentials):
    """User and password, as `takeback participant password` prints them."""

    ENV_VARIABLE: ClassVar[str] = "TX_TAKEBACK_CREDENTIALS"
    FILE_NAME: ClassVar[str] = "~/.tx_takeback_credentials"


class TakebackExchange(NCMECSignalExchangeAPI):
    """NCMEC's dialect at any address."""

    @classmethod
    def get_name(cls) -> str:
        """Gives the name of the exchange in `tx`."""
        return NAME

    @staticmethod
    def get_config_cls() -> type[Any]:
        """Gives what is configured."""
        return TakebackConfig

    @staticmethod
    def get_credential_cls() -> type[TakebackCredentials]:
        """Gives how it signs in."""
        return TakebackCredentials

    @classmethod
    def for_collab(cls, collab: Any, credentials: NCMECCredentials | None = None) -> "TakebackExchange":  # noqa: ANN401 - theirs
        """Gives the exchange of one configuration."""
        credentials = credentials or TakebackCredentials.get(cls)
        return cls(collab, credentials.user, credentials.password)

    def get_client(self, environment: Any) -> NCMECHashAPI:  # noqa: ANN401 - an enumeration of theirs, or ours
        """Gives the client for the address."""
        return NCMECHashAPI(self._username, self._password, environment)


TX_MANIFEST = ThreatExchangeExtensionManifest(apis=(TakebackExchange,))
