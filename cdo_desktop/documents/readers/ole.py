"""The container of .xls and .et (and of every encrypted Office file): a small file system, [MS-CFB]."""

import struct

SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")

_FREE = 0xFFFFFFFA  # this number and above are markers, not sectors
_STREAM = 2
_ROOT = 5
_ENTRY_BYTES = 128
_HEADER_DIFAT = 109


class OleFile:
    """The streams of one container, held in memory. A damaged one raises ValueError."""

    def __init__(self, content: bytes) -> None:
        if len(content) < 512 or not content.startswith(SIGNATURE):
            raise ValueError("not an OLE container")
        self._content = content
        shift, mini_shift = struct.unpack_from("<HH", content, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise ValueError("unusual sector sizes")
        self._size = 1 << shift
        self._fat = self._read_fat()
        first_directory, self._mini_cutoff, first_mini_fat = struct.unpack_from("<I4xII", content, 48)
        self._mini_fat = _integers(self._chain(first_mini_fat))
        self._entries, self._mini_stream = self._read_directory(first_directory)

    @property
    def names(self) -> frozenset[str]:
        """The names of all streams and storages."""
        return frozenset(self._entries)

    def stream(self, name: str) -> bytes:
        """Return the content of the stream of this name."""
        kind, start, size = self._entries[name]
        if kind != _STREAM:
            raise ValueError("a storage has no content")
        if size >= self._mini_cutoff:
            return self._chain(start)[:size]
        sectors = []
        for sector in _follow(self._mini_fat, start):
            sectors.append(self._mini_stream[sector * 64 : sector * 64 + 64])
        return b"".join(sectors)[:size]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        sector = self._content[start : start + self._size]
        if not sector:
            raise ValueError("a sector lies beyond the end of the file")
        return sector

    def _chain(self, start: int) -> bytes:
        return b"".join(self._sector(number) for number in _follow(self._fat, start))

    def _read_fat(self) -> list[int]:
        numbers = list(struct.unpack_from(f"<{_HEADER_DIFAT}I", self._content, 76))
        (difat,) = struct.unpack_from("<I", self._content, 68)
        seen = set()
        while difat < _FREE:
            if difat in seen:
                raise ValueError("a chain of sectors runs in a circle")
            seen.add(difat)
            *more, difat = _integers(self._sector(difat))
            numbers.extend(more)
        used = [number for number in numbers if number < _FREE]
        if len(used) > len(self._content) // self._size:
            raise ValueError("more allocation sectors than sectors")
        return [entry for number in used for entry in _integers(self._sector(number))]

    def _read_directory(self, start: int) -> tuple[dict[str, tuple[int, int, int]], bytes]:
        directory = self._chain(start)
        if len(directory) % _ENTRY_BYTES:
            raise ValueError("the directory is cut off")  # calamine panics on it
        entries: dict[str, tuple[int, int, int]] = {}
        mini_stream = b""
        for offset in range(0, len(directory) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
            name_bytes, kind = struct.unpack_from("<HB", directory, offset + 64)
            first, size = struct.unpack_from("<II", directory, offset + 116)
            if kind == _ROOT:
                mini_stream = self._chain(first)[:size]
            elif kind != 0 and 2 <= name_bytes <= 64:
                name = directory[offset : offset + name_bytes - 2].decode("utf-16-le", errors="replace")
                entries.setdefault(name, (kind, first, size))
        return entries, mini_stream


def _follow(table: list[int], start: int) -> list[int]:
    """Return the sectors of one chain."""
    chain: list[int] = []
    number = start
    while number < _FREE:
        if number >= len(table) or len(chain) > len(table):
            raise ValueError("a chain of sectors is broken")
        chain.append(number)
        number = table[number]
    return chain


def _integers(content: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4]))
