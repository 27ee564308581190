"""Damage at random: bytes, texts and JSON values changed by a chance that its seed decides."""

import hashlib
import io
import json
import random
import zipfile
from collections.abc import Callable
from typing import Any

_ODD_TEXTS = (
    *("", " ", "\0", "\ufeff", "\ud800", "𠮷", "=1+1", "1e999", "NaN", "-1", "0", "../../x", "a" * 3000),
    *(
        "2026-02-30",
        "9999-12-31",
        "0001-01-01",
        "２０２６年",
        "9" * 5000,
        "[" * 2000,
        '"' * 500,
        "\r\n\t" * 50,
    ),
    *("<![x[", "<!--", "<a b='", "&#x110000;", "<td rowspan=99999>", "<table>", "</table>", "<p>" * 300),
)
_NO_SEAL = b"0" * 64  # stands where the digest of a backup will
_ODD_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 10**30, 1e308, float("inf"), float("nan"), [], {}, [[]], [None], {"": None}),
    *_ODD_TEXTS,
)


def damage(content: bytes, chance: random.Random) -> bytes:
    """Return the bytes with one to six places changed, cut out, doubled, or the end cut off."""
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 1, 2, 4, 6))):
        place = chance.randrange(len(changed) + 1)
        match chance.randrange(6):
            case 0 | 1 if place < len(changed):
                changed[place] = chance.randrange(256)
            case 2 if place < len(changed):
                changed[place] ^= 1 << chance.randrange(8)
            case 3:
                del changed[place : place + chance.randint(1, 40)]
            case 4:
                other = chance.randrange(len(changed) + 1)
                changed[place:place] = changed[other : other + chance.randint(1, 400)]
            case _ if chance.random() < 0.2:
                del changed[place:]
            case _:
                changed[place : place + 4] = chance.choice((b"\0" * 4, b"\xff" * 4, b"\xff\xff\xff\x7f", b""))
    return bytes(changed)


def damaged_text(text: str, chance: random.Random) -> str:
    """Return the text with pieces cut out, moved, doubled or replaced by odd ones."""
    for _ in range(chance.randint(1, 6)):
        place, other = chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)
        length = chance.choice((1, 1, 2, 5, 20, 200))
        piece = chance.choice(("", chance.choice(_ODD_TEXTS), text[other : other + length]))
        text = text[:place] + piece + text[place + chance.choice((0, length)) :]
    return text


def damaged_json(content: bytes, chance: random.Random) -> bytes:
    """Return JSON with a value somewhere in it replaced or left out, or the text itself damaged."""
    if chance.random() < 0.3:
        return damage(content, chance)
    whole = [json.loads(content)]
    for _ in range(chance.randint(1, 3)):
        inside, key = chance.choice(_spots(whole))
        if isinstance(inside, dict) and chance.random() < 0.2:
            del inside[key]
        else:
            inside[key] = chance.choice(_ODD_VALUES)
    return json.dumps(whole[0]).encode()


def _spots(inside: Any) -> list[tuple[Any, Any]]:
    """Return every place of a value, as the list or dict it is in and its key there."""
    keys = list(inside) if isinstance(inside, dict) else range(len(inside))
    found = [(inside, key) for key in keys]
    for _, key in list(found):
        if isinstance(inside[key], list | dict):
            found += _spots(inside[key])
    return found


def damaged_parts(content: bytes, chance: random.Random) -> bytes:
    """Return a zip with one or two of its parts damaged and every checksum right."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name in chance.sample(sorted(parts), k=min(len(parts), chance.randint(1, 2))):
        part = parts[name]
        as_text = _is_text(part) and chance.random() < 0.5
        parts[name] = (
            damaged_text(part.decode(), chance).encode(errors="replace") if as_text else damage(part, chance)
        )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return packed.getvalue()


def _is_text(part: bytes) -> bool:
    try:
        part.decode()
    except UnicodeDecodeError:
        return False
    return True


def damaged_manifest(backup: bytes, name: str, edit: Callable[[bytes], bytes]) -> bytes:
    """Return a backup whose manifest has been edited, sealed anew, so that only reading it can refuse it."""
    with zipfile.ZipFile(io.BytesIO(backup)) as archive:
        start = min(entry.header_offset for entry in archive.infolist())
        parts = {entry: archive.read(entry) for entry in archive.namelist()}
    packed = io.BytesIO(backup[:start])
    with zipfile.ZipFile(packed, "a") as archive:
        for entry, part in parts.items():
            archive.writestr(entry, edit(part) if entry == name else part)
        archive.comment = _NO_SEAL
    content = packed.getvalue()
    return content[: -len(_NO_SEAL)] + hashlib.sha256(content).hexdigest().encode()
