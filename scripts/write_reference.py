"""Writes what is made from the code: four JSON files and errors.md in spec/, and docs/settings.md.

With --check it writes nothing, and fails when a file is not what the code would make.
"""

from __future__ import annotations

import inspect
import json
import sys
import tempfile
from pathlib import Path

import msgspec

from takeback import errors, settings
from takeback.apps.clearinghouse import create_app
from takeback.fingerprints.edits import EDITS_VERSION, Protection, edits_of
from takeback.fingerprints.evidence import MIN_PART_QUALITY
from takeback.fingerprints.plane import EDIT_SIDE
from takeback.platform_settings import PlatformSettings
from takeback.wire.notice import NoticeBody
from takeback.wire.trust_rules import trust_rules

SIDES = ("left", "top", "right", "bottom")
ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Gives 0 when every file is current."""
    stale = [path for path, text in made().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not current: run .venv/bin/python scripts/write_reference.py")
        return 1 if stale else 0
    for path in stale:
        path.write_text(made()[path], encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT)}")
    return 0


def made() -> dict[Path, str]:
    """Gives what each file must hold."""
    return {
        ROOT / "spec" / "openapi.json": openapi(),
        ROOT / "spec" / "edits.json": edits_table(),
        ROOT / "spec" / "notice.schema.json": notice_schema(),
        ROOT / "spec" / "errors.md": errors_page(),
        ROOT / "spec" / "trust-rules.json": trust_rules_table(),
        ROOT / "docs" / "settings.md": settings_page(settings.Settings, "a clearinghouse"),
        ROOT / "docs" / "platform-settings.md": settings_page(PlatformSettings, "a platform's agent and desk"),
    }


def openapi() -> str:
    """The HTTP surface, as the server describes itself."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings.Settings(data_dir=folder))
        return json.dumps(app.openapi_schema.to_schema(), indent=1, ensure_ascii=False) + "\n"


def edits_table() -> str:
    """The simulated edits, in the order in which they are made. What a square picture has not is the square itself."""
    usual = {edit.name for edit in edits_of(Protection.USUAL, 2, 1)}
    anywhere = {edit.name for edit in edits_of(Protection.STRONG, 1, 1)}
    rows = [
        {"name": edit.name, "protection": (Protection.USUAL if edit.name in usual else Protection.STRONG).value}
        | ({side: getattr(edit, side) for side in SIDES} if edit.name in anywhere else {"square": True})
        for edit in edits_of(Protection.STRONG, 2, 1)
    ]
    table = {"version": EDITS_VERSION, "side": EDIT_SIDE, "least_quality": MIN_PART_QUALITY, "edits": rows}
    return json.dumps(table, indent=1) + "\n"


def notice_schema() -> str:
    """The shape of a removal notice, as JSON Schema."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(NoticeBody)}
    return json.dumps(schema, indent=1) + "\n"


def trust_rules_table() -> str:
    """What moves an entry from tier to tier, as /v1/trust-rules says it."""
    return json.dumps(msgspec.to_builtins(trust_rules()), indent=1) + "\n"


def errors_page() -> str:
    """Every error code, with what it means over HTTP and in a shell."""
    kinds = {error.code: error for error in vars(errors).values() if getattr(error, "code", None) in errors.EDGES}
    rows = [
        f"| `{code}` | {edge.status} | {edge.exit_code} | {edge.title} | {inspect.getdoc(kinds[code])} |"
        for code, edge in errors.EDGES.items()
    ]
    return "\n".join(
        [
            "# Errors",
            "",
            "Made from `src/takeback/errors.py` by `scripts/write_reference.py`.",
            "",
            "Over HTTP an error is a problem document (RFC 9457): `type`, `title`, `status`, `detail` (a sentence that",
            "says what to do), `code`, and `field` where one field was wrong. In Python it is raised, in a shell it is",
            "printed and becomes the exit code. A message never repeats a fingerprint, a secret or an address. What is",
            "not in this table is a bug of ours: status 500, code `unexpected`, exit code 1.",
            "",
            "| code | HTTP | exit code | title | meaning |",
            "| --- | --- | --- | --- | --- |",
            *rows,
            "",
        ]
    )


def settings_page(kind: type, of: str) -> str:
    """Every setting of one kind of installation."""
    rows = []
    for name, (default, meaning) in settings.documented(kind).items():
        rows.append(f"| `{name}` | `{json.dumps(default)}` | {meaning} |")
    return "\n".join(
        [
            f"# Settings of {of}",
            "",
            f"Made from `src/{kind.__module__.replace('.', '/')}.py` by `scripts/write_reference.py`.",
            "",
            "A TOML file given with `--settings FILE`; a variable `TAKEBACK_<NAME>` of the environment goes over it. A",
            "wrong or unknown setting stops the program with a sentence that names it.",
            "",
            "| setting | default | meaning |",
            "| --- | --- | --- |",
            *rows,
            "",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
