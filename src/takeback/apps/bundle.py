"""What the page is made of: the digest of each built file, and one of them all, for whoever wants to compare.

A build is reproducible, so everybody who builds this version gets the same digest. It says that the files on this
server are those of the source; whether a browser got these files, only that browser can tell. The page is digested as
it was built, before the server puts into it what the operator says, this digest among it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from litestar import get
from litestar.handlers import HTTPRouteHandler

from takeback.wire.json import Answer


class PageBody(Answer, frozen=True):
    """`digest` is the SHA-256 of the manifest: for each file, by its path, the line that `sha256sum` writes."""

    digest: str
    files: dict[str, str]


#: The same files once more: what a compressor writes differs from version to version, what is in it does not.
COMPRESSED = {".br", ".gz"}


def bundle_of(folder: Path) -> PageBody:
    """Gives the digests of every file in the folder of the built page but compressed copies, in hexadecimal."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix not in COMPRESSED)
    paths = sorted(path.relative_to(folder).as_posix() for path in found)
    files = {path: hashlib.sha256((folder / path).read_bytes()).hexdigest() for path in paths}
    manifest = "".join(f"{digest}  {path}\n" for path, digest in files.items())
    return PageBody(hashlib.sha256(manifest.encode()).hexdigest(), files)


def digest_of(folder: Path) -> str | None:
    """Gives the digest of the page in a folder, or None where there is no page."""
    return bundle_of(folder).digest if folder.is_dir() else None


def bundle_handler(bundle: PageBody) -> HTTPRouteHandler:
    """Gives the handler of `/v1/page`."""

    @get("/v1/page", sync_to_thread=False)
    def page() -> PageBody:
        """Says what the person's page is made of."""
        return bundle

    return page
