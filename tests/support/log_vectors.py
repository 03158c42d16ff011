"""spec/vectors/log.json: published values of RFC 6962's tree and of a signed note, and leaves made by plain hashing."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

#: The eight leaves of Certificate Transparency's reference tests, and the roots of the first 0 to 8 of them.
_LEAVES = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
#: Of the same tests: leaf, size and the proof of inclusion; two sizes and the proof of consistency.
_INCLUSION = [
    (
        0,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
_CONSISTENCY = [
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
#: Of C2SP tlog-tiles: index and where its tile lies.
_PATHS = [(0, "000"), (255, "255"), (1_234_067, "x001/x234/067")]


def made(receipts: list[dict[str, Any]]) -> dict[str, Any]:
    """Gives the file. `receipts` are the cases of receipt.json."""
    tree = {
        "leaves": _LEAVES,
        "roots": _ROOTS,
        "inclusion": [{"leaf": leaf, "size": size, "proof": proof} for leaf, size, proof in _INCLUSION],
        "consistency": [{"old": old, "size": size, "proof": proof} for old, size, proof in _CONSISTENCY],
    }
    entries = [_entry(one["entries"][0], bytes([at]) * 32) for at, one in enumerate(receipts)]
    paths = [{"index": index, "path": path} for index, path in _PATHS]
    return {"tree": tree, "paths": paths, "checkpoint": _checkpoint(), "entries": entries, "state": _state()}


def _checkpoint() -> dict[str, Any]:
    """Made with the key whose seed is 32 zero bytes, by the words of C2SP signed-note."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    public, name, root = key.public_key().public_bytes_raw(), "example.org/children/log", bytes.fromhex(_ROOTS[8])
    id_ = hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]
    text = f"{name}\n8\n{base64.b64encode(root).decode()}\n"
    signature = base64.b64encode(id_ + key.sign(text.encode())).decode()
    verifier = f"{name}+{id_.hex()}+{base64.b64encode(bytes([1]) + public).decode()}"
    return {"key": verifier, "size": 8, "root": _ROOTS[8], "note": f"{text}\n\u2014 {name} {signature}\n"}


def _entry(receipt: dict[str, str], salt: bytes) -> dict[str, Any]:
    digest = bytes.fromhex(receipt["digest"])
    prints = [{"type": "sha256", "value": "cd" * 32}, {"type": "pdq", "value": "5a" * 32, "quality": 97}]
    prints.append({"type": "pdq", "value": "a5" * 32, "quality": 90, "edit": "centre-10"})
    lines = [f"sha256 {'cd' * 32} - -", f"pdq {'5a' * 32} 97 -", f"pdq {'a5' * 32} 90 - centre-10"]
    content = _hash("\n".join(["takeback log content 1", salt.hex(), "image", "under-18", *sorted(lines)]).encode())
    opening = _hash(b"takeback log opening 1\n" + digest)
    return {
        "secret": receipt["secret"],
        "receipt": receipt["digest"],
        "salt": salt.hex(),
        "kind": "image",
        "age": "under-18",
        "fingerprints": prints,
        "opening": opening.hex(),
        "content": content.hex(),
        "listed": _hash(opening + content).hex(),
        "gone": _hash(b"takeback log gone 1\n" + opening).hex(),
    }


def _state() -> dict[str, Any]:
    list_id, head, entries, digest, salt, place = "example.org/children", 7, 3, "0f" * 32, "f0" * 32, 130
    lines = ["takeback list state 1", list_id, str(head), str(entries), digest, salt, str(place)]
    said = {"list": list_id, "head": head, "entries": entries, "digest": digest, "salt": salt, "place": place}
    return said | {"hash": _hash("\n".join(lines).encode()).hex()}


def _hash(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
