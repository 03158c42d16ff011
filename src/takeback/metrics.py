"""Counters of what happened, by name only: never by person, participant or value."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

REGISTRY = CollectorRegistry()
TRANSACTIONS = Counter("takeback_transactions", "Database transactions", ["name", "outcome"], registry=REGISTRY)
ENTRIES = Counter("takeback_entries", "Entries by what happened to them", ["event"], registry=REGISTRY)
STRETCHES = Counter("takeback_stretches", "Stretches of the feed, kept in memory or read", ["way"], registry=REGISTRY)
PAGES = Counter("takeback_pages", "Pages of the feed that were served", registry=REGISTRY)
_PUBLISHED_AT = "takeback_published_at_seconds"
PUBLISHED_AT = Gauge(_PUBLISHED_AT, "When the publisher last ran to its end, seconds since 1970", registry=REGISTRY)


def published_at() -> float:
    """Gives when the publisher of this process last ran to its end, in seconds since 1970; 0 where it never did."""
    return REGISTRY.get_sample_value(_PUBLISHED_AT) or 0.0


def exposition() -> bytes:
    """Gives the counters in Prometheus' text format."""
    return generate_latest(REGISTRY)
