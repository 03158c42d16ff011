"""An exchange for Meta's `threatexchange` (`tx`) and HMA: a takeback clearinghouse at an address of your own.

`tx config extensions add takeback.exchanges.threatexchange`, then `tx config collab edit takeback --create --base-url
https://clearinghouse.example/hashsharing NAME`; user and password stand where those of `ncmec` do. Withdrawals work:
what leaves the list leaves the client with its next fetch (spec/hash-sharing.md). A page that is not as that document
says is refused whole, before anything of it is kept.
"""

# No `from __future__ import annotations` here: `tx` reads the types of the fields as they stand.
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, ClassVar

from threatexchange.exchanges.clients.ncmec.hash_api import NCMECHashAPI
from threatexchange.exchanges.collab_config import CollaborationConfigWithDefaults
from threatexchange.exchanges.impl.ncmec_api import NCMECCredentials, NCMECSignalExchangeAPI
from threatexchange.extensions.manifest import ThreatExchangeExtensionManifest

from takeback.errors import TakebackError, UntrustedListError
from takeback.wire import ncmec_pages as wire

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


class _Client(NCMECHashAPI):
    """Their client, which no page gets to unread: it has no guard against hostile XML, and its errors hold pages."""

    def _get_session(self) -> Any:  # noqa: ANN401 - theirs
        session = super()._get_session()
        session.hooks["response"].append(_must_be_readable)
        return session

    def get_entries(self, **asked: Any) -> Any:  # noqa: ANN401 - theirs
        """Gives a page; raises UntrustedListError for what is none, without a word of what it holds."""
        try:
            page = super().get_entries(**asked)
        except (OSError, TakebackError):  # the network, an answer that is an error, or what stands below
            raise
        except Exception:  # noqa: BLE001 - theirs holds the whole page, and would carry values into a log
            raise _no_page() from None
        if page.next and page.next == asked.get("next_"):
            raise _no_page()  # it would be asked for without end
        return page


def _must_be_readable(response: Any, **_: Any) -> None:  # noqa: ANN401 - theirs
    is_page = response.ok and not response.is_redirect and response.request.method == "GET"
    if is_page and wire.page(response.content).skipped:
        raise _no_page()


def _no_page() -> UntrustedListError:
    return UntrustedListError("The answer is not a page of this list. Nothing of it was kept.")


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
        return _Client(self._username, self._password, environment)


TX_MANIFEST = ThreatExchangeExtensionManifest(apis=(TakebackExchange,))
