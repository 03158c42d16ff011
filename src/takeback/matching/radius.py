"""Every listed 256-bit value within a radius of another, exactly, without looking at all of them.

    with RadiusIndex.build(packed, ids) as index:
        index.within(value, 31)       # [(id, distance in bits), …], nearest first
        index.insert(value, 7)        # the next question finds it
        index.delete(7)               # and now it does not
        index.merge(path)             # one file that processes share; what was deleted is in none of its bytes

docs/matching-index.md says how, how fast, and what is promised.
"""

from __future__ import annotations

import threading
from array import array
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from takeback.closing import Closing
from takeback.errors import IndexFileError, InvalidInputError, NotFoundError
from takeback.fingerprints.scan import VALUE_BYTES
from takeback.matching.index_file import IndexFile, write
from takeback.matching.layers import Layers, Near
from takeback.matching.parts import Part

BITS = 8 * VALUE_BYTES
#: Radius of a list that was made without one, in bits (Meta's pdq/README recommends 31).
RADIUS_BITS = 31
#: The list that is meant where none is named.
ONLY = "only"
_MOST_ID = 2**63 - 1


class RadiusIndex(Closing):
    """Lists of values with ids of the caller's, each list with a radius of its own. Safe to use from several threads.

    An id may stand for several values. What changes is in memory until `merge` writes it: the caller has the truth
    elsewhere, and `stamp` says as of when the file is.
    """

    def __init__(self, radii: Mapping[str, int] | None = None, *, path: int = 0) -> None:
        self._radii = {name: _radius(radius) for name, radius in (radii or {ONLY: RADIUS_BITS}).items()}
        self._lists = {name: Layers(bits) for name, bits in self._radii.items()}
        self._path = path  # the core's instruction set: 0 is the best, others are for tests
        self._file: IndexFile | None = None
        self._prover: threading.Thread | None = None
        self._damage: IndexFileError | None = None
        self._merging = threading.Lock()
        self.stamp = ""

    @classmethod
    def build(
        cls, values: bytes | bytearray, ids: Iterable[int] | None = None, *, radius: int = RADIUS_BITS
    ) -> RadiusIndex:
        """Gives an index of one list of packed 32-byte values; the ids are 0, 1, 2, … if None."""
        index = cls({ONLY: radius})
        index.insert_many(values, range(len(values) // VALUE_BYTES) if ids is None else ids)
        return index

    @classmethod
    def open(cls, path: str | Path) -> RadiusIndex:
        """Maps a file that `merge` wrote, proves its beginning, and begins to prove the rest in the background.

        Raises IndexFileError when the file is missing, damaged there or of another version. Answers that come before
        the rest is proven may be wrong where it is damaged; from then on every question raises it. Who cannot have
        that calls `verify` first.
        """
        file = IndexFile(Path(path))
        index = cls({name: radius for name, (radius, _) in file.lists.items()})
        index._lists = {name: Layers(radius, parts) for name, (radius, parts) in file.lists.items()}
        index._file, index.stamp = file, file.directory.stamp
        index._prover = threading.Thread(target=index._prove, args=(file,), name="takeback-verify", daemon=True)
        index._prover.start()
        return index

    def close(self) -> None:
        """Lets go of the memory and the file."""
        for layers in self._lists.values():
            layers.wait()
        if self._file is not None:
            self._file.give_up()
        self._lists, self._file = {}, None

    @property
    def radii(self) -> dict[str, int]:
        """The lists and the radius of each, in bits."""
        return dict(self._radii)

    def __len__(self) -> int:
        return sum(layers.live() for layers in self._lists.values())

    @property
    def size(self) -> int:
        """Bytes of all layers, in memory and in the file."""
        return sum(layer.size for layers in self._lists.values() for layer in layers.layers)

    # -- asking

    def within(self, value: bytes, radius: int | None = None, *, of: str = ONLY) -> list[Near]:
        """Gives (id, distance in bits) of everything within `radius` bits, nearest first; the list's radius if None."""
        if len(value) != VALUE_BYTES:
            raise _wrong_value(len(value))
        bits = self._radii[of] if radius is None else _radius(radius)
        return self._layers(of).within(value, bits.to_bytes(2, "little"), 1, self._path)[0]

    def within_many(
        self,
        values: bytes | Sequence[bytes],
        radii: int | Sequence[int] | None = None,
        *,
        threads: int = 1,
        of: str = ONLY,
    ) -> list[list[Near]]:
        """Gives what `within` gives for each value, packed or one by one, with a radius for all or one for each."""
        packed = values if isinstance(values, bytes) else b"".join(values)
        if len(packed) % VALUE_BYTES:
            raise _wrong_value(len(packed))
        count = len(packed) // VALUE_BYTES
        if radii is None or isinstance(radii, int):
            bits = array("H", [self._radii[of] if radii is None else _radius(radii)]) * count
        else:
            bits = array("H", [_radius(radius) for radius in radii])
        if len(bits) != count:
            raise InvalidInputError(
                field="radii", problem=f"There are {len(bits)} for {count} values.", remedy="Give one for each, or one."
            )
        layers, each = self._layers(of), max(1, -(-count // max(1, threads)))

        def some(begin: int) -> list[list[Near]]:
            end = min(begin + each, count)
            part = packed[VALUE_BYTES * begin : VALUE_BYTES * end]
            return layers.within(part, bits[begin:end].tobytes(), end - begin, self._path)

        if each >= count:
            return some(0) if count else []
        with ThreadPoolExecutor(threads) as pool:
            return [near for nears in pool.map(some, range(0, count, each)) for near in nears]

    def within_lists(self, value: bytes) -> dict[str, list[Near]]:
        """Gives what each list holds within its own radius."""
        return {name: self.within(value, of=name) for name in self._lists}

    # -- changing

    def insert(self, value: bytes, number: int, *, of: str = ONLY) -> None:
        """Adds a value under an id from 0 to 2^63 - 1. The next question finds it."""
        if len(value) != VALUE_BYTES:
            raise _wrong_value(len(value))
        self._layers(of).insert(value, _id(number))

    def insert_many(self, values: bytes | bytearray, ids: Iterable[int], *, of: str = ONLY) -> None:
        """Adds packed values, each under its id."""
        try:
            numbers = ids if isinstance(ids, array) and ids.typecode == "Q" else array("Q", ids)
        except (OverflowError, TypeError):
            raise _wrong_id() from None
        if len(values) != VALUE_BYTES * len(numbers):
            raise InvalidInputError(
                field="values",
                problem=f"There are {len(values)} bytes for {len(numbers)} ids.",
                remedy=f"Give {VALUE_BYTES} bytes for each id.",
            )
        if numbers and max(numbers) > _MOST_ID:
            raise _wrong_id()
        self._layers(of).insert_many(values, numbers)

    def delete(self, number: int, *, of: str = ONLY) -> None:
        """Hides all values with this id from the next question on. The next `merge` leaves no byte of them."""
        self._layers(of).delete(_id(number))

    def merge(self, path: str | Path | None = None, *, stamp: str = "") -> None:
        """Builds everything anew from what is not deleted, and writes it to `path` if there is one.

        Questions and changes go on meanwhile; changes that come during it are in the next one. Memory: what there is
        twice, and 48 bytes a value. Raises UnavailableError while another process writes the same file.
        """
        with self._merging, ExitStack() as held:
            for layers in self._lists.values():
                held.enter_context(layers.no_other_fold())
            counts = {name: layers.fold(everything=True) for name, layers in self._lists.items()}
            if path is None:
                return
            merged = {
                name: (self._radii[name], [one for one in layers.layers[: counts[name]] if isinstance(one, Part)])
                for name, layers in self._lists.items()
            }
            write(Path(path), merged, stamp)
            del merged
            self._file, self.stamp = IndexFile(Path(path)), stamp
            for name, layers in self._lists.items():
                layers.replace(counts[name], self._file.lists[name][1])

    def verify(self) -> None:
        """Waits until all of the opened file is read, and raises IndexFileError if a bit is not as it was written."""
        if self._prover is not None:
            self._prover.join()
        if self._damage is not None:
            raise self._damage

    def _prove(self, file: IndexFile) -> None:
        try:
            file.verify()
        except IndexFileError as error:
            self._damage = error

    def _layers(self, name: str) -> Layers:
        if self._damage is not None:
            raise self._damage
        try:
            return self._lists[name]
        except KeyError:
            raise NotFoundError("The index has no such list, or is closed.") from None


def _radius(bits: int) -> int:
    if not 0 <= bits <= BITS:
        raise InvalidInputError(field="radius", problem="It is out of range.", remedy=f"Give 0 to {BITS} bits.")
    return bits


def _id(number: int) -> int:
    if not 0 <= number <= _MOST_ID:
        raise _wrong_id()
    return number


def _wrong_id() -> InvalidInputError:
    return InvalidInputError(
        field="ids", problem="One is out of range.", remedy="Give whole numbers from 0 to 2^63 - 1."
    )


def _wrong_value(length: int) -> InvalidInputError:
    return InvalidInputError(
        field="value",
        problem=f"{length} bytes are no values of {VALUE_BYTES}.",
        remedy=f"Give {VALUE_BYTES} bytes each.",
    )
