"""Memory that the C core's radius index works in: parts, which never change, and deltas, which do.

Addresses are good for as long as the object that gave them is kept.
"""

from __future__ import annotations

import ctypes
import mmap
import os
from array import array
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from takeback.fingerprints._native import core
from takeback.fingerprints.scan import VALUE_BYTES

#: Values of one parity that one part holds at most: a position takes three bytes.
PART_VALUES = 1 << 24
_CHUNKS = 16
#: Parts with fewer values are not worth the starting of threads.
_THREADED_FROM = 100_000


class Memory:
    """Zeroed memory of its own, on a page boundary, in huge pages where the system gives them."""

    def __init__(self, size: int) -> None:
        self._pages = mmap.mmap(-1, max(size, 1), flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        if hasattr(mmap, "MADV_HUGEPAGE"):
            self._pages.madvise(mmap.MADV_HUGEPAGE)
        self.size, self.address = size, address_of(self._pages)

    @property
    def bytes(self) -> memoryview:
        """The content, not copied."""
        return memoryview(self._pages)[: self.size]


class Part:
    """One immutable part: values of one parity. `owner` keeps the memory alive; `file` says that it is a file's."""

    def __init__(self, owner: object, address: int, size: int, *, file: bool = False) -> None:
        self._owner, self.address, self.size, self.file = owner, address, size, file
        self.parity = ctypes.c_uint8.from_address(address + 6).value
        self.count = ctypes.c_uint32.from_address(address + 8).value

    @property
    def bytes(self) -> memoryview:
        """The content, not copied."""
        return memoryview((ctypes.c_char * self.size).from_address(self.address)).cast("B")


class Delta:
    """A small changeable layer. One thread changes it at a time; any number may ask meanwhile.

    A settled one takes no more changes: it holds what is deleted from the parts below, until they are built anew.
    """

    def __init__(self, capacity: int, deletions: int, *, settled: bool = False) -> None:
        self._core, self.settled = core(), settled
        self._memory = Memory(self._core.tb_delta_size(capacity, deletions))
        self.address = self._memory.address
        self._core.tb_delta_begin(self.address, capacity, deletions)

    @property
    def count(self) -> int:
        """Values inserted, those deleted again included."""
        return int(self._core.tb_delta_count(self.address))

    @property
    def size(self) -> int:
        """Bytes of memory."""
        return self._memory.size

    def insert(self, value: bytes, number: int) -> bool:
        """Adds a value; False when there is no room."""
        return bool(self._core.tb_delta_insert(self.address, value, number) == 0)

    def delete(self, number: int) -> bool:
        """Hides what has this id, here and in the layers below; False when there is no room."""
        return bool(self._core.tb_delta_delete(self.address, number) == 0)

    def deletions(self) -> array[int]:
        """Gives the ids that it hides."""
        ids = array("Q", bytes(8 * self._core.tb_delta_deletions(self.address, None)))
        self._core.tb_delta_deletions(self.address, address_of(ids) if ids else None)
        return ids


Layer = Part | Delta


def address_of(buffer: mmap.mmap | array[int] | bytearray, offset: int = 0) -> int:
    """Gives where a writable buffer lies. It must not be resized or closed while the address is used."""
    return ctypes.addressof(ctypes.c_char.from_buffer(buffer, offset)) if len(buffer) else 0


def pointers(layers: Sequence[Layer]) -> ctypes.Array[ctypes.c_void_p]:
    """Gives the addresses, oldest layer first, as the core takes them."""
    return (ctypes.c_void_p * len(layers))(*(layer.address for layer in layers))


def build(values: int, ids: int, count: int, radius: int, threads: int) -> list[Part]:
    """Gives the parts that hold `count` values of 32 bytes and ids of 8, given by their addresses.

    `radius` is the widest that they shall be asked with, in bits: what only wider ones need is left out.
    """
    parts = []
    for begin in range(0, count, PART_VALUES):
        here = values + VALUE_BYTES * begin, ids + 8 * begin, min(PART_VALUES, count - begin)
        parts += [part for parity in (0, 1) if (part := _built(*here, parity, radius, threads)) is not None]
    return parts


def build_from(values: bytes | bytearray, ids: array[int], radius: int) -> list[Part]:
    """Gives the parts that hold packed values and their ids."""
    if isinstance(values, bytearray):
        address = address_of(values)
    else:
        address = ctypes.cast(ctypes.c_char_p(values), ctypes.c_void_p).value or 0
    return build(address, address_of(ids), len(ids), radius, processors())


def live(layers: Sequence[Layer], begin: int, end: int) -> tuple[Memory, Memory, int]:
    """Gives copies of the values and ids in layers[begin:end] that no layer above deletes, and how many there are."""
    library, addresses = core(), pointers(layers)
    count = library.tb_radius_live(addresses, len(layers), begin, end, None, None)
    values, ids = Memory(VALUE_BYTES * count), Memory(8 * count)
    count = library.tb_radius_live(addresses, len(layers), begin, end, values.address, ids.address) if count else 0
    return values, ids, count


def _built(values: int, ids: int, count: int, parity: int, radius: int, threads: int) -> Part | None:
    library = core()
    size = library.tb_radius_size(values, ids, count, parity, radius)
    if not size:
        return None
    memory, workers = Memory(size), max(1, threads if count >= _THREADED_FROM else 1)
    scratch = [Memory(library.tb_radius_scratch(count)) for _ in range(workers)]
    library.tb_radius_begin(memory.address, size, values, ids, count, parity, radius, scratch[0].address)

    def some(worker: int) -> None:
        for chunk in range(worker, _CHUNKS, workers):
            library.tb_radius_chunk(memory.address, chunk, scratch[worker].address)

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(some, range(workers)))
    return Part(memory, memory.address, size)


def processors() -> int:
    """Gives how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
