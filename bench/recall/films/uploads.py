"""The run on films: every attack on every clip, stills of films, and films that show a listed photograph."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from multiprocessing.pool import Pool
from pathlib import Path

import numpy as np
import vpdq
from PIL import Image

from attacks import FAMILIES, made
from doors import Listing, Owner, Platform, strong
from draw import Draw, filled
from films.attacks import ATTACKS, Cut, h264
from films.clips import Clip
from lists import name, opened
from photographs import Photograph, copy_of
from takeback.fingerprints.types import Fingerprint

#: vPDQ's usual rule: so much of the listed film has to be found, at this distance and quality.
PEER_SHARE, PEER_BITS, PEER_QUALITY = 0.8, 31, 50
#: What happens to stills of films.
STILL_ATTACKS = (
    ("codec, size", "messenger"),
    ("codec, size", "jpeg_low"),
    ("mirror, turn", "mirror"),
    ("tone", "warm"),
)
STILL = "still of a film: "
#: Films that show a listed photograph among others.
SHOWS = ("slide show", "slide show, moving", "photograph in a film")
PHOTOGRAPH = "photograph in a film: "


@dataclass(frozen=True)
class ListedClip:
    """One entry: what it shows, its frames' values, and what the peer would list."""

    clip: str
    content: str
    prints: tuple[Fingerprint, ...]
    peer: tuple[bytes, ...]


@dataclass
class FilmUpload:
    """One upload: what was done to which clip, and what the answer was."""

    source: str
    attack: str
    found: bool = False
    strong: bool = False
    frames: tuple[int, int] | None = None
    wrong: list[str] = field(default_factory=list)
    """Entries that the answer names and that the upload does not show."""
    pairs: int = 0
    peer: bool = False
    peer_wrong: int = 0


@dataclass(frozen=True)
class FilmPlan:
    """What every worker knows."""

    folder: Path
    listed: list[ListedClip]
    clips: list[Clip]
    photographs: list[Photograph]
    attacks: list[str]

    @property
    def list_path(self) -> Path:
        """The list: clips first, then photographs."""
        return self.folder / "films.db"

    def contents(self) -> list[str]:
        """Gives what each entry shows."""
        return [clip.content for clip in self.listed] + [photograph.name for photograph in self.photographs]


_plan: FilmPlan
_platform: Platform


def begin(plan: FilmPlan) -> None:
    """Opens this process's list."""
    global _plan, _platform  # noqa: PLW0603 - a pool's processes have no other place
    _plan, stack = plan, ExitStack()
    _platform = stack.enter_context(Platform(stack.enter_context(opened(plan.list_path))))


def listed(pool: Pool, clips: list[Clip]) -> Iterator[ListedClip]:
    """Gives the entry of each clip."""
    return pool.imap(_listed, clips)


def altered(pool: Pool, clips: list[Clip]) -> Iterator[list[FilmUpload]]:
    """Gives what became of each clip's uploads."""
    return pool.imap_unordered(_attacked, clips)


def showing(pool: Pool, photographs: list[Photograph]) -> Iterator[list[FilmUpload]]:
    """Gives what became of films that show each photograph."""
    return pool.imap_unordered(_shown, photographs)


def _listed(clip: Clip) -> ListedClip:
    frames, fps = _cut(clip).frames, _cut(clip).fps
    content = h264(Cut(frames, fps), crf="18")
    with Owner() as owner:
        prints = owner.lists(content, Listing.ONE)
    return ListedClip(clip.name, clip.content, prints, _peer_hashes(content))


def _attacked(clip: Clip) -> list[FilmUpload]:
    done = []
    for attack in _plan.attacks:
        draw = Draw(f"{attack} of {clip.name}", lambda _: ("", Image.new("RGB", (8, 8))))
        shown = {clip.content}
        if attack.startswith(STILL):
            content: bytes | None = _still(_cut(clip), draw, attack)
        elif attack in ATTACKS:
            content = ATTACKS[attack](_cut(clip), draw, _other(clip, draw, shown))
        else:
            continue
        if content:
            done.append(_asked(clip.name, attack, content, shown))
    return done


def _shown(photograph: Photograph) -> list[FilmUpload]:
    done = []
    picture = copy_of(photograph)
    for attack in _plan.attacks:
        if attack.startswith(PHOTOGRAPH):
            draw, shown = Draw(f"{attack} of {photograph.name}", lambda _: ("", picture)), {photograph.name}
            content = h264(_film_of(picture, attack.removeprefix(PHOTOGRAPH), draw, shown))
            done.append(_asked(photograph.name, attack, content, shown))
    return done


def _asked(source: str, attack: str, content: bytes, shown: set[str]) -> FilmUpload:
    upload, contents = FilmUpload(source, attack), _plan.contents()
    path = _plan.folder / f"{source}.{attack.replace('/', ' ')}"
    path.write_bytes(content)
    own = {name(at) for at, content in enumerate(contents) if content in shown}
    for match in _platform.check(path):
        at = int(match.entry, 16)
        named = _plan.listed[at].clip if at < len(_plan.listed) else contents[at]
        if match.entry not in own:
            upload.wrong.append(named)
        elif named == source:
            upload.found, upload.strong, upload.frames = True, strong(match), match.frames
    upload.pairs = len(contents) - len(own)
    if attack in ATTACKS:
        theirs = _peer_hashes(content)
        for clip in _plan.listed:
            if _peer_finds(clip.peer, theirs):
                upload.peer |= clip.clip == source
                upload.peer_wrong += clip.content not in shown
    path.unlink()
    return upload


def _still(cut: Cut, draw: Draw, attack: str) -> bytes:
    """One picture of the film, from anywhere."""
    family, name = attack.removeprefix(STILL).split(": ")
    return made(FAMILIES[family][name], Image.fromarray(draw.dice.choice(cut.frames)), draw)


def _film_of(picture: Image.Image, way: str, draw: Draw, shown: set[str]) -> Cut:
    """Three photographs, three seconds each, the wanted one among them; or two seconds in the middle of a clip."""
    fps, size = Fraction(15), (480, 320)
    if way == "photograph in a film":
        around = _cut(draw.dice.choice(_plan.clips))
        before = [np.asarray(filled(Image.fromarray(one), *size)) for one in around.at_rate(fps).part(0, 4).frames]
        middle = [np.asarray(_whole(picture, size))] * 30
        shown.update(clip.content for clip in _plan.clips)  # it shows one of them; which does not matter here
        return Cut([*before, *middle, *before], fps)
    others = draw.dice.sample([one for one in _plan.photographs if one.name not in shown], 2)
    shown.update(one.name for one in others)
    pictures = [copy_of(others[0]), picture, copy_of(others[1])]
    frames = []
    for one in pictures:
        for at in range(45):
            zoom = 1 + 0.06 * at / 45 if "moving" in way else 1.0
            seen = _whole(one, size)
            x, y = seen.width * (1 - 1 / zoom) / 2, seen.height * (1 - 1 / zoom) / 2
            frames.append(np.asarray(seen.resize(seen.size, box=(x, y, seen.width - x, seen.height - y))))
    return Cut(frames, fps)


def _whole(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Squeezed to the film's size: nothing is cut off and no bars are added."""
    return picture.resize(size)


def _other(clip: Clip, draw: Draw, shown: set[str]) -> Callable[[], Cut]:
    def other() -> Cut:
        chosen = draw.dice.choice([one for one in _plan.clips if one.content != clip.content])
        shown.add(chosen.content)
        return _cut(chosen)

    return other


@lru_cache(maxsize=3)
def _cut(clip: Clip) -> Cut:
    return Cut(*clip.make())


def _peer_hashes(content: bytes) -> tuple[bytes, ...]:
    with tempfile.NamedTemporaryFile() as file:  # vpdq reads files alone
        file.write(content)
        file.flush()
        hashes = vpdq.computeHash(file.name, seconds_per_hash=1.0, thread_count=1)
    return tuple(bytes.fromhex(one.hex) for one in hashes if one.quality >= PEER_QUALITY)


def _peer_finds(listed: tuple[bytes, ...], asked: tuple[bytes, ...]) -> bool:
    if not listed or not asked:
        return False
    one, other = (np.frombuffer(b"".join(values), np.uint64).reshape(-1, 4) for values in (listed, asked))
    near = np.bitwise_count(one[:, None] ^ other[None]).sum(axis=2) <= PEER_BITS
    return bool(near.any(axis=1).mean() >= PEER_SHARE)
