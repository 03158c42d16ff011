"""Uploads looked at inside web frameworks: one module each, which imports its framework and no server of ours.

    gate = Gate(takeback.Screen(hashlist))                          # in the process itself
    gate = Gate(takeback.Agent("http://127.0.0.1:8450", key))       # through an agent

docs/how-to/hooks.md shows each; examples/hooks holds the programs.
"""

from __future__ import annotations

from takeback.hooks.gate import Gate, Looked

__all__ = ["Gate", "Looked"]
