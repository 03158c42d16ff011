"""Flask: the upload of the request, with what is known of it.

file, looked = screened(gate, "picture")
"""

from __future__ import annotations

from flask import abort, request
from werkzeug.datastructures import FileStorage

from takeback.hooks.gate import Gate, Looked


def screened(
    gate: Gate, field: str = "file", *, surface: str = "public", content: str | None = None
) -> tuple[FileStorage, Looked]:
    """Gives a file of the request's form, at its beginning, and what is known of it; 400 where it is missing."""
    file = request.files.get(field)
    if file is None:
        abort(400, f"{field}: is missing. Send the upload in this field.")
    looked = gate.look(file.stream, content=content, surface=surface)
    file.stream.seek(0)
    return file, looked
