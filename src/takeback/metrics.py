"""Counters of what happened, by name only: never by person, participant or value."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

REGISTRY = CollectorRegistry()
TRANSACTIONS = Counter("takeback_transactions", "Database transactions", ["name", "outcome"], registry=REGISTRY)
ENTRIES = Counter("takeback_entries", "Entries by what happened to them", ["event"], registry=REGISTRY)
STRETCHES = Counter("takeback_stretches", "Stretches of the feed, kept in memory or read", ["way"], registry=REGISTRY)
PUBLICATION_LAG = Gauge(
    "takeback_publication_lag_seconds", "Since a round of publishing ended: what waits is not older", registry=REGISTRY
)
WAITING = Gauge("takeback_waiting_entries", "Entries that the last round found waiting", registry=REGISTRY)
REQUESTS = Histogram(
    "takeback_request_seconds", "Time by route and kind of answer", ["route", "status"], registry=REGISTRY
)
REFUSED = Counter("takeback_refused_requests", "Requests that found no room, by zone", ["zone"], registry=REGISTRY)
PAGES = Counter("takeback_pages", "Pages of the feed that were served", registry=REGISTRY)
SCREENED = Counter("takeback_screened", "Uploads, by what came of it", ["outcome", "do"], registry=REGISTRY)
PROOFS = Counter("takeback_proofs", "Proofs of work: asked for, solved, wrong", ["outcome"], registry=REGISTRY)
NOTICES = Counter("takeback_notices", "Notices by what happened to them", ["event"], registry=REGISTRY)
NOTICE_COPIES = Counter("takeback_notice_copies", "Copies found of what notices name", registry=REGISTRY)
NOTICES_OPEN = Gauge("takeback_notices_open", "Open notices by how much time is gone", ["urgency"], registry=REGISTRY)


def publication_lag() -> float:
    """Gives the seconds since this process last ended a round of publishing."""
    return REGISTRY.get_sample_value("takeback_publication_lag_seconds") or 0.0


def serve(port: int) -> None:
    """Answers Prometheus on this machine alone, in a thread of its own."""
    start_http_server(port, addr="127.0.0.1", registry=REGISTRY)
