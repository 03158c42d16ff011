"""Zstandard: from Python 3.14 on in the standard library, before from the same code under another name."""

from __future__ import annotations

import sys

if sys.version_info >= (3, 14):
    from compression.zstd import ZstdCompressor, ZstdDecompressor, ZstdError
else:
    from backports.zstd import ZstdCompressor, ZstdDecompressor, ZstdError

#: Half of what lists hold are random digits: more effort than this takes time and gains nothing.
LEVEL = 1

__all__ = ["LEVEL", "ZstdCompressor", "ZstdDecompressor", "ZstdError"]
