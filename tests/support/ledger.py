"""What clients of a clearinghouse tried and what was acknowledged to them, while servers are killed or copied."""

from __future__ import annotations

from dataclasses import dataclass, field

import httpx2

from support.servers import ClearinghouseServer
from support.submissions import Made, asked, make

#: In each submission.
ENTRIES = 5


@dataclass
class Ledger:
    """What clients tried, and what was acknowledged to them, by the number of the submission."""

    tried: set[int] = field(default_factory=set)
    accepted: set[int] = field(default_factory=set)
    refused: set[int] = field(default_factory=set)
    taking_back: set[int] = field(default_factory=set)
    taken_back: set[int] = field(default_factory=set)
    cut_off: int = 0

    def use(self, server: ClearinghouseServer, first: int) -> None:
        """Submits, and takes some back, until the server is gone."""
        with httpx2.Client(base_url=server.url, timeout=10) as http:
            try:
                for number in range(first, first + 100_000):
                    made = make(number, ENTRIES)
                    self.tried.add(number)
                    if not _taken(http.post("/v1/submissions", json=made.body), 201):
                        self.refused.add(number)
                        continue
                    self.accepted.add(number)
                    if number % 4 == 0:
                        self.taking_back.add(number)
                        if _taken(http.post("/v1/receipts/withdraw", json=asked(made.secrets)), 204):
                            self.taken_back.add(number)
            except httpx2.ConnectError:
                return
            except httpx2.TransportError:  # a request was on its way
                self.cut_off += 1

    def check(self, server: ClearinghouseServer) -> None:
        """Compares it with what the server says now."""
        for number in sorted(self.tried):
            states = states_of(server, make(number, ENTRIES))
            assert len(states) == 1, "all of a submission or nothing"
            if number in self.refused:
                assert states == {"unlisted"}, "nothing was kept, as was said"
            if number in self.taken_back:
                assert states == {"unlisted"}
            elif number in self.accepted - self.taking_back:
                assert states <= {"waiting", "listed"}


def states_of(server: ClearinghouseServer, made: Made) -> set[str]:
    """Gives what the receipts of a submission's entries say."""
    answer = httpx2.post(f"{server.url}/v1/receipts/status", json=asked(made.secrets))
    assert answer.status_code == 200
    return {entry["state"] for entry in answer.json()["entries"][: len(made.secrets)]}


def _taken(answer: httpx2.Response, code: int) -> bool:
    """Says whether it was acknowledged. A server that has too much to do says so, and has kept nothing."""
    assert answer.status_code in (code, 503)
    return answer.status_code == code
