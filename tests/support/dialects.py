"""An OpenAPI document of the dialects of stock clients, for tests: they are others' APIs, and our own leaves them out.

Addresses and queries are read from the routes; bodies, which handlers read by themselves, are written here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from litestar import Litestar
from litestar.di import Provide

from takeback.apps.arachnid import arachnid_router
from takeback.apps.hash_sharing import hash_sharing_router
from takeback.apps.stopncii import stopncii_router
from takeback.clearinghouse.keys import open_database
from takeback.clock import SystemClock
from takeback.settings import Settings

_TEXT = {"type": "string"}
_HEX = {"type": "string", "pattern": "^[0-9a-f]{32}$|^[0-9a-f]{64}$"}
_BASE64 = {"type": "string", "pattern": "^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$"}
_VALUE = {"enum": ["Blocked", "NotBlocked", "None", "x"]}
_SAID = {"type": "object", "properties": {"feedbackValue": _VALUE, "tags": {}}}


def _listed(name: str, properties: dict[str, Any]) -> dict[str, Any]:
    """A JSON object with a list of objects, most of which are right."""
    items = {"type": "object", "properties": properties, "required": list(properties)}
    return {"type": "object", "properties": {"count": {"type": "integer"}, name: {"type": "array", "items": items}}}


_SIGNAL = {"enum": ["ImagePDQ", "VideoMD5", "StopNCIISignalType.ImagePDQ", "Text"]}
_BODIES: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {
    ("/stopncii/v1/SubmitHashes", "post"): (
        "application/json",
        _listed(
            "hashRecords",
            {
                "lastModtimestamp": {"type": "integer"},
                "signalType": _SIGNAL,
                "hashValue": _HEX,
                "CSPFeedbacks": {"type": "array", "items": _SAID},
            },
        ),
    ),
    ("/stopncii/v1/SubmitFeedback", "post"): (
        "application/json",
        _listed("hashFeedbacks", {"hashValue": _HEX, "feedbackValue": _VALUE, "tags": {}}),
    ),
    ("/arachnid/v1/pdq", "post"): (
        "application/json",
        {"type": "object", "properties": {"hashes": {"type": "array", "items": _BASE64}}},
    ),
    ("/hashsharing/v2/entries/{member}/{entry}/{type_}/feedback", "put"): (
        "application/xml",
        {
            "type": "object",
            "xml": {"name": "feedbackSubmission"},
            "properties": {"affirmative": _TEXT, "negative": {"type": "object", "properties": {"reasonIds": _TEXT}}},
        },
    ),
}
#: What a path's parts may be, beside anything.
_PARTS = {"type_": {"enum": ["PDQ", "MD5", "SHA1", "x"]}, "member": {"enum": [900, 901, 999, 0, -1]}, "entry": _HEX}


def document(folder: Path) -> dict[str, Any]:
    """Gives the document; the folder is for a clearinghouse's keys, and nothing is served from it."""
    settings, clock = Settings(data_dir=str(folder)), SystemClock()
    database = open_database(settings)
    routers = [make(settings, database, clock) for make in (hash_sharing_router, stopncii_router, arachnid_router)]
    for router in routers:
        router.include_in_schema = True
    names = ("database", "clock", "settings", "lookup")
    given = {name: Provide(lambda: None, sync_to_thread=False) for name in names}
    raw: dict[str, Any] = Litestar(route_handlers=routers, dependencies=given).openapi_schema.to_schema()
    for (path, method), (media_type, schema) in _BODIES.items():
        raw["paths"][path][method]["requestBody"] = {"content": {media_type: {"schema": schema}}}
    for operations in raw["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                parameter["schema"] = _PARTS.get(parameter["name"], parameter["schema"])
    return raw
