"""Reads a small text at a company's domain without being led anywhere else.

Whoever applies chooses the domain, so this must never become a way into the operator's own network: https alone, to
port 443 of public addresses that were looked up and checked before, no redirects, a few kilobytes, a few seconds, no
proxy from the environment. What comes back is compared with a token and shown to nobody.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable

import dns.asyncresolver
import dns.exception
import httpx2

from takeback.errors import UnavailableError

MAX_BYTES = 4_096
#: For looking up, connecting and reading together.
TOTAL_S = 10.0
HTTPS_PORT = 443

Resolve = Callable[[str], Awaitable[list[str]]]
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_WRAPPED = (_NAT64, ipaddress.ip_network("2002::/16"), ipaddress.ip_network("2001::/32"))


def is_public(address: str) -> bool:
    """Says whether an address is one of the public internet: no private, local or wrapped one."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and (ip.ipv4_mapped or any(ip in wrapped for wrapped in _WRAPPED)):
        return False
    return ip.is_global and not ip.is_multicast


async def resolve(domain: str) -> list[str]:
    """Gives the addresses of a name, as the machine looks them up."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(domain, HTTPS_PORT, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return [str(one[4][0]) for one in found]


class PublicReader:
    """Reads files and TXT records of domains that somebody else has chosen."""

    def __init__(
        self, resolve_: Resolve = resolve, transport: httpx2.AsyncBaseTransport | None = None, *, port: int = HTTPS_PORT
    ) -> None:
        self._resolve, self._transport, self._port = resolve_, transport, port

    async def file(self, domain: str, path: str) -> str:
        """Gives the text at https://DOMAIN/PATH, or raises UnavailableError with the reason."""
        try:
            async with asyncio.timeout(TOTAL_S):
                addresses = await self._resolve(domain)
                # One address that is not public is one too many: the name may not choose between two networks.
                if not addresses or not all(is_public(one) for one in addresses):
                    raise UnavailableError("The domain has no address, or one that is not public.")
                return await self._get(domain, addresses[0], path)
        except TimeoutError:
            raise UnavailableError(f"The domain did not answer within {TOTAL_S:.0f} seconds.") from None
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError):
            raise UnavailableError("The domain did not answer over https with a certificate of its own.") from None

    async def txt(self, domain: str) -> list[str]:
        """Gives the TXT records of the domain, or raises UnavailableError with the reason."""
        try:
            answer = await dns.asyncresolver.resolve(domain, "TXT", lifetime=TOTAL_S)
        except dns.exception.DNSException:
            raise UnavailableError("The domain has none, or its name server did not answer.") from None
        return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]

    async def _get(self, domain: str, address: str, path: str) -> str:
        host = f"[{address}]" if ":" in address else address
        # The address is the one that was checked; name and certificate are the domain's.
        async with (
            httpx2.AsyncClient(
                transport=self._transport, trust_env=False, follow_redirects=False, timeout=TOTAL_S
            ) as client,
            client.stream(
                "GET",
                f"https://{host}:{self._port}{path}",
                headers={"host": domain, "accept": "text/plain", "accept-encoding": "identity"},
                extensions={"sni_hostname": domain},
            ) as answer,
        ):
            if answer.status_code != httpx2.codes.OK:
                raise UnavailableError(f"The domain answered {answer.status_code}; 200 without a redirect is needed.")
            body = b""
            async for part in answer.aiter_raw():
                body += part
                if len(body) > MAX_BYTES:
                    raise UnavailableError(f"The text is over {MAX_BYTES:,} bytes.")
            return body.decode("utf-8", "replace")
