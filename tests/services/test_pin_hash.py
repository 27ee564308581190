"""How a PIN is stored."""

import re
from base64 import b64encode

import pytest

from cdo_desktop.errors import StorageError
from cdo_desktop.services.pin_hash import hash_pin, pin_matches


def test_the_stored_text_says_how_it_was_made_and_not_the_pin() -> None:
    stored = hash_pin("274190")
    assert re.fullmatch(r"\$scrypt\$ln=15,r=8,p=1\$[\w+/]{22}==\$[\w+/]{43}=", stored, re.ASCII)
    assert "274190" not in stored
    assert pin_matches("274190", stored)
    assert not pin_matches("274191", stored)


def test_the_same_pin_is_stored_differently_every_time() -> None:
    assert hash_pin("江畔晚风一二") != hash_pin("江畔晚风一二")


def test_other_parameters_are_read_from_the_text() -> None:
    # The second test vector of RFC 7914, section 12.
    digest = bytes.fromhex(
        "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
        "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
    )
    salt, kept = (b64encode(part).decode() for part in (b"NaCl", digest))
    assert pin_matches("password", f"$scrypt$ln=10,r=8,p=16${salt}${kept}")


@pytest.mark.parametrize(
    "stored",
    [
        *("plain", "$scrypt$ln=15,r=8,p=1$only-one", "$scrypt$ln=15,r=8,p=1$!!!!!!!!$!!!!!!!!"),
        "$scrypt$ln=30,r=32,p=1$TmFDbE5hQ2w=$" + "A" * 44,  # 4 TB
        "$scrypt$ln=15,r=8,p=99$TmFDbE5hQ2w=$" + "A" * 44,
        "$scrypt$ln=0,r=8,p=1$TmFDbE5hQ2w=$" + "A" * 44,
        "$scrypt$ln=15,r=8,p=1$TmFDbE5hQ2w=a$" + "A" * 44,
    ],
)
def test_a_damaged_text_is_told_and_takes_no_memory(stored: str) -> None:
    with pytest.raises(StorageError, match="已损坏"):
        pin_matches("274190", stored)
