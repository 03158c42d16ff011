"""Counters of what happened, by name only: never by person, participant or value."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, generate_latest

REGISTRY = CollectorRegistry()
TRANSACTIONS = Counter("takeback_transactions", "Database transactions", ["name", "outcome"], registry=REGISTRY)
ENTRIES = Counter("takeback_entries", "Entries by what happened to them", ["event"], registry=REGISTRY)
STRETCHES = Counter("takeback_stretches", "Stretches of the feed, kept in memory or read", ["way"], registry=REGISTRY)
PAGES = Counter("takeback_pages", "Pages of the feed that were served", registry=REGISTRY)


def exposition() -> bytes:
    """Gives the counters in Prometheus' text format."""
    return generate_latest(REGISTRY)
