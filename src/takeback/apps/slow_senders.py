"""Ends connections on which a request does not come whole in time.

uvicorn itself waits for ever for the rest of a request. Whoever sent a byte a minute would keep a connection, and a
place in its zone, for nothing. A reader that waits for an answer is another matter: its request is here.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


def protocol_in_time(limit_s: float) -> type[asyncio.Protocol]:
    """Gives uvicorn's protocol with a limit on the seconds from the first byte of a request to its last.

    Of a new connection it counts from its beginning; between two requests uvicorn's own limit counts.
    """

    class ProtocolInTime(HttpToolsProtocol):
        """Closes where the limit is over. The application is told that the client has gone."""

        _end: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
            super().connection_made(transport)
            self._begin_waiting()

        def data_received(self, data: bytes) -> None:
            self._begin_waiting()
            super().data_received(data)

        def on_message_begin(self) -> None:
            self._begin_waiting()  # the last bytes may have ended one request and begun the next
            super().on_message_begin()

        def on_message_complete(self) -> None:
            self._end_waiting()
            super().on_message_complete()

        def connection_lost(self, exc: Exception | None) -> None:
            self._end_waiting()
            super().connection_lost(exc)

        def _begin_waiting(self) -> None:
            if self._end is None:
                self._end = self.loop.call_later(limit_s, self.transport.close)

        def _end_waiting(self) -> None:
            if self._end is not None:
                self._end.cancel()
                self._end = None

    return ProtocolInTime
