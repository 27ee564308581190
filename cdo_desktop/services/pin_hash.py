"""PINs as they are stored: a memory-hard hash with its own salt and parameters, readable from its text."""

import hashlib
import hmac
import re
import secrets
from base64 import b64decode, b64encode
from typing import Final

from cdo_desktop.errors import StorageError

_LOG_COST: Final = 15  # 32 MB and about 0.1 s for every guess
_BLOCK: Final = 8
_PARALLEL: Final = 1
_SALT_BYTES: Final = 16
_DIGEST_BYTES: Final = 32
_STORED = re.compile(
    r"\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/=]{8,})\$([\w+/=]{8,})", re.ASCII
)
_MOST_MEMORY: Final = 256 * 1024 * 1024  # a stored text that asks for more is damaged
_MOST_PARALLEL: Final = 16


def hash_pin(pin: str) -> str:
    """Return what is stored of a PIN; takes about 0.1 s, so it is no work for the GUI thread."""
    salt = secrets.token_bytes(_SALT_BYTES)
    digest = _digest(pin, salt, _LOG_COST, _BLOCK, _PARALLEL, _DIGEST_BYTES)
    parts = (b64encode(part).decode("ascii") for part in (salt, digest))
    return f"$scrypt$ln={_LOG_COST},r={_BLOCK},p={_PARALLEL}${'$'.join(parts)}"


def pin_matches(pin: str, stored: str) -> bool:
    """Tell whether a PIN is the one stored; raises StorageError where that cannot be read."""
    read = _STORED.fullmatch(stored)
    if read is None:
        raise _damaged()
    log_cost, block, parallel = (int(number) for number in read.groups()[:3])
    try:
        salt, digest = (b64decode(text, validate=True) for text in read.groups()[3:])
        if _memory(log_cost, block) > _MOST_MEMORY or log_cost < 1 or parallel > _MOST_PARALLEL:
            raise _damaged()
        found = _digest(pin, salt, log_cost, block, parallel, len(digest))
    except ValueError as error:
        raise _damaged() from error
    return hmac.compare_digest(found, digest)


def _digest(pin: str, salt: bytes, log_cost: int, block: int, parallel: int, length: int) -> bytes:
    return hashlib.scrypt(
        pin.encode("utf-8", "surrogatepass"),
        salt=salt,
        n=1 << log_cost,
        r=block,
        p=parallel,
        maxmem=2 * _memory(log_cost, block) + 1024 * 1024,
        dklen=length,
    )


def _memory(log_cost: int, block: int) -> int:
    return 128 * block << log_cost


def _damaged() -> StorageError:
    return StorageError(
        "保存的 PIN 记录已损坏，不能核对。数据没有改动，请由另一位经办人重设 PIN，或从备份恢复。"
    )
