"""From which network a request comes, as a number that means nothing ten minutes later.

Only the network counts (an IPv4 address's first 24 bits, an IPv6 one's first 48), only as a keyed digest, only in
memory, and the key is thrown away with everything that was counted. No address is stored, logged or compared.
"""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from collections import Counter
from typing import Any

from litestar.connection import ASGIConnection

from takeback.clock import Clock

#: Seconds after which the key and all counts are thrown away.
KEY_LIFE_S = 600
#: Networks that are counted at most within that time; others are not counted.
MOST_NETWORKS = 100_000
_IPV4_BITS, _IPV6_BITS = 24, 48
_DIGEST_BYTES = 8


class Networks:
    """Counts by network. `header` is one that the operator's own proxy sets; without, the connection's address counts.

    An address of this machine or of a private network says nothing of the person, only of the proxy: it is not counted.
    """

    def __init__(self, clock: Clock, header: str = "") -> None:
        self._clock, self._header = clock, header.lower()
        self._key, self._until = b"", 0.0
        self._counts: Counter[bytes] = Counter()

    def of(self, connection: ASGIConnection[Any, Any, Any, Any]) -> bytes | None:
        """Gives the number of the network that asks, or None where it cannot be told."""
        now = self._clock.now().timestamp()
        if now >= self._until:
            self._key, self._until = secrets.token_bytes(32), now + KEY_LIFE_S
            self._counts.clear()
        address = self._address(connection)
        return None if address is None else self._number(address)

    def count(self, network: bytes) -> None:
        """Counts one more."""
        if network in self._counts or len(self._counts) < MOST_NETWORKS:
            self._counts[network] += 1

    def counted(self, network: bytes) -> int:
        """Gives how many there were since the key is used."""
        return self._counts[network]

    def _address(self, connection: ASGIConnection[Any, Any, Any, Any]) -> str | None:
        if self._header:
            # The proxy adds what it has seen at the end; what stands before may be anything.
            return connection.headers.get(self._header, "").rpartition(",")[2].strip() or None
        return connection.client.host if connection.client else None

    def _number(self, address: str) -> bytes | None:
        try:
            read = ipaddress.ip_address(address.strip("[]"))
        except ValueError:
            return None
        if isinstance(read, ipaddress.IPv6Address) and read.ipv4_mapped:
            read = read.ipv4_mapped
        if read.is_loopback or read.is_private:
            return None
        bits = _IPV4_BITS if read.version == 4 else _IPV6_BITS  # noqa: PLR2004 - the protocol's number
        network = ipaddress.ip_network((read, bits), strict=False).network_address.packed
        return hashlib.blake2b(network, key=self._key, digest_size=_DIGEST_BYTES).digest()
