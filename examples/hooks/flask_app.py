"""Uploads of a Flask site. Run: flask --app examples/hooks/flask_app.py run."""

from __future__ import annotations

import uuid

from checker import gate
from flask import Flask

from takeback.hooks.flask import screened

app = Flask(__name__)
GATE = gate()
published: dict[str, bytes] = {}
waiting: dict[str, bytes] = {}


@app.post("/upload")
def upload() -> dict[str, str]:
    """Publishes, or keeps the upload for a person to look. The answer never says why."""
    content = f"picture/{uuid.uuid4().hex}"
    file, looked = screened(GATE, "picture", content=content)
    (published if looked.publish else waiting)[content] = file.read()
    return {"picture": "shown" if looked.publish else "being checked"}
