"""A file of entities' vectors as a query worker maps it; `graph.vector_files` writes it.

A file is three numbers (unsigned 64-bit: entities, dimension, bytes of addresses), then for each entity where its
address begins (unsigned 64-bit, and one more for the end), then its vector (32-bit floats), then all addresses in
UTF-8, in the order of their bytes. Everything is in the byte order of the machine: the file does not outlive its
process.
"""

from __future__ import annotations

import mmap
from bisect import bisect_left
from struct import Struct

HEAD = Struct("=QQQ")


class Vectors:
    """A mapped file of vectors.

    Raises:
        OSError: there is no such file.
    """

    def __init__(self, path: str) -> None:
        with open(path, "rb") as file:  # noqa: PTH123 - pathlib is a tenth of a worker's start-up
            whole = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        self._count: int
        self._dimension: int
        self._count, self._dimension, _ = HEAD.unpack_from(whole)
        rows = HEAD.size + 8 * (self._count + 1)
        addresses = rows + 4 * self._count * self._dimension
        self._starts = whole[HEAD.size : rows].cast("Q")
        self._rows = whole[rows:addresses].cast("f")
        self._addresses = whole[addresses:]

    def __len__(self) -> int:
        return self._count

    def address(self, place: int) -> bytes:
        """The address of an entity, by its place in the file."""
        return bytes(self._addresses[self._starts[place] : self._starts[place + 1]])

    def get(self, iri: str) -> tuple[float, ...] | None:
        """The vector of an entity; None where it has none."""
        wanted = iri.encode()
        place = bisect_left(range(self._count), wanted, key=self.address)
        if place == self._count or self.address(place) != wanted:
            return None
        return tuple(self._rows[place * self._dimension : (place + 1) * self._dimension])
