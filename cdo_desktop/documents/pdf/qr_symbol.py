"""The modules of a QR code: what differs from code to code, on the tables of reportlab's encoder.

reportlab makes each symbol from nothing, which takes as long as the rest of a 备案表. Here the symbol's frame
is kept for each version, and the check bytes are divided out with one table look-up a byte. The symbols are
the same.
"""

from functools import cache, lru_cache
from itertools import zip_longest

_CORRECTION = 0  # level M, as reportlab numbers the levels

# Any of the eight masks may be read; choosing the handsomest takes seven times as long as the symbol itself.
_MASK = 2


def symbol_rows(content: bytes) -> list[str]:
    """Return the rows of the code of level M from the top, ``1`` for a dark module."""
    version = _version_for(len(content))
    frame, places = _frame(version)
    modules = bytearray(frame)
    for place, bit in zip(places, _bits(content, version), strict=False):
        if bit == "1":
            modules[place] ^= 1  # "0" and "1" differ in the last bit
    side = 4 * version + 17
    return [modules[start : start + side].decode("ascii") for start in range(0, side * side, side)]


def _length_bits(version: int) -> int:
    return 8 if version < 10 else 16


@cache
def _blocks(version: int) -> tuple[tuple[int, int], ...]:
    """Return (data bytes, check bytes) of every block of a version."""
    from reportlab.graphics.barcode.qrencoder import QRRSBlock

    blocks = QRRSBlock.getRSBlocks(version, _CORRECTION)
    return tuple((block.dataCount, block.totalCount - block.dataCount) for block in blocks)


def _version_for(length: int) -> int:
    for version in range(1, 41):
        if 4 + _length_bits(version) + 8 * length <= 8 * sum(data for data, _check in _blocks(version)):
            return version
    raise ValueError(f"{length} bytes are too many for a QR code")


@lru_cache(maxsize=8)
def _frame(version: int) -> tuple[bytes, tuple[int, ...]]:
    """Return the symbol of a version with mask but without data, and where its data bits go, in order."""
    from reportlab.graphics.barcode.qrencoder import QRCode

    code = QRCode(version, _CORRECTION)
    code.dataCache = ()
    code.makeImpl(False, _MASK)
    modules = b"".join(b"1" if dark else b"0" for row in code.modules for dark in row)
    return modules, tuple(row * code.moduleCount + column for column, row in code.dataPosIterator())


def _bits(content: bytes, version: int) -> str:
    """Return the code's bytes as bits: the content in blocks, then the check bytes, both interleaved."""
    blocks = _blocks(version)
    capacity = 8 * sum(data for data, _check in blocks)
    bits = f"{0b0100:04b}{len(content):0{_length_bits(version)}b}"  # byte mode
    bits += f"{int.from_bytes(content):0{8 * len(content)}b}" if content else ""
    bits += "0" * min(4, capacity - len(bits))
    bits += "0" * (-len(bits) % 8)
    padded = (bits + f"{0xEC11:016b}" * (capacity // 16 + 1))[:capacity]
    data = int(padded, 2).to_bytes(capacity // 8)
    parts: list[bytes] = []
    checks: list[bytes] = []
    start = 0
    for length, check in blocks:
        parts.append(data[start : start + length])
        checks.append(_check_bytes(parts[-1], check))
        start += length
    interleaved = bytes(
        byte
        for group in (parts, checks)
        for column in zip_longest(*group)
        for byte in column
        if byte is not None
    )
    return f"{int.from_bytes(interleaved):0{8 * len(interleaved)}b}"


def _check_bytes(data: bytes, count: int) -> bytes:
    """Return the Reed-Solomon check bytes of a block: the rest of dividing it by the generator."""
    table = _multiples(count)
    shift = 8 * (count - 1)
    kept = (1 << shift) - 1
    rest = 0
    for byte in data:
        rest = ((rest & kept) << 8) ^ table[byte ^ (rest >> shift)]
    return rest.to_bytes(count)


@cache
def _multiples(count: int) -> tuple[int, ...]:
    """Return the generator of so many check bytes, times every byte, each as one number."""
    from reportlab.graphics.barcode.qrencoder import QRMath, QRUtil

    generator = QRUtil.getErrorCorrectPolynomial(count).num[-count:]  # without its leading 1

    def product(one: int, other: int) -> int:
        return QRMath.gexp(QRMath.glog(one) + QRMath.glog(other)) if one and other else 0

    return tuple(
        int.from_bytes(bytes(product(factor, value) for factor in generator)) for value in range(256)
    )
