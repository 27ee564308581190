"""The words of the printed forms, kept in text files that an office may change.

The shipped files lie in ``resources/forms``. A file of the same name in the user's folder overrides single
lines of them; it may leave out everything that it does not change.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

from cdo_desktop.errors import InvalidInputError, UnreadableFileError, system_reason
from cdo_desktop.paths import resource
from cdo_desktop.rules.vocabulary import PostKind

FORM_FILES = (
    "filing_form",
    "filing_cdo",
    "filing_specialist",
    "contact_list",
    "filing_receipt",
    "reminder_letter",
    "ledgers",
    "seal_list",
    "handover_sheet",
)
_COMMON = "filing_form"
_POST_FILES = {PostKind.CDO: "filing_cdo", PostKind.SPECIALIST: "filing_specialist"}

_PLACE = re.compile(r"\{([a-z_]+)\}")

Entry: TypeAlias = str | bool | tuple[str, ...]


@dataclass(frozen=True, eq=False)  # one read of the files is itself, so that plans can be remembered by it
class FormTexts:
    """All words by file and dotted key; ``entries["filing_form"]["labels.name"]`` is 姓名."""

    entries: Mapping[str, Mapping[str, Entry]]

    def text(self, key: str, post: PostKind | None = None) -> str:
        """Return one text, of the post's own file if it has it, else of the file for both forms."""
        value = self._entry(key, post)
        if not isinstance(value, str):
            raise TypeError(f"{key} is not a text")
        return value

    def flag(self, key: str) -> bool:
        """Return one yes-or-no entry of the file for both forms."""
        return self._entry(key, None) is True

    def items(self, key: str, post: PostKind) -> tuple[str, ...]:
        """Return one list of texts."""
        value = self._entry(key, post)
        if not isinstance(value, tuple):
            raise TypeError(f"{key} is not a list of texts")
        return value

    def fixed_characters(self, post: PostKind) -> str:
        """Return every character that the fixed part of a post's form may need, each once."""
        words = dict(self.entries[_COMMON]) | dict(self.entries[_POST_FILES[post]])
        texts = [
            value for key, value in words.items() if isinstance(value, str) and key != "instructions.title"
        ]
        return "".join(dict.fromkeys("".join(texts).replace("\n", "")))

    def paper(self, name: str, key: str, /, **values: str) -> str:
        """Return one text of a paper's file, with the names in braces replaced by ``values``."""
        value = self.entries[name][key]
        if not isinstance(value, str):
            raise TypeError(f"{key} is not a text")
        return filled(value, values)

    def paper_items(self, name: str, key: str, /, **values: str) -> tuple[str, ...]:
        """Return one list of texts of a paper's file, filled in likewise."""
        value = self.entries[name][key]
        if not isinstance(value, tuple):
            raise TypeError(f"{key} is not a list of texts")
        return tuple(filled(item, values) for item in value)

    def _entry(self, key: str, post: PostKind | None) -> Entry:
        own = self.entries[_POST_FILES[post]] if post is not None else {}
        return own[key] if key in own else self.entries[_COMMON][key]


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with ``{name}`` replaced by each value; what a value holds is not looked at again."""
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), text)


def form_texts(folder: Path | None = None) -> FormTexts:
    """Return the shipped texts, overridden by the files of the same name in ``folder``.

    Raises InvalidInputError, naming file and line, for a file that is not TOML, for a key that the shipped
    files do not have and for a value of another kind; UnreadableFileError when a file cannot be opened.
    """
    shipped = _shipped()
    if folder is None:
        return shipped
    entries: dict[str, Mapping[str, Entry]] = {}
    for name in FORM_FILES:
        path = folder / f"{name}.toml"
        entries[name] = _overridden(path, shipped, name) if path.is_file() else shipped.entries[name]
    return FormTexts(entries)


@cache
def _shipped() -> FormTexts:
    return FormTexts({name: _flat(*_parsed(resource("forms", f"{name}.toml"))) for name in FORM_FILES})


def _overridden(path: Path, shipped: FormTexts, name: str) -> dict[str, Entry]:
    """Return the shipped entries of one file with the user's in their place."""
    source, tree = _parsed(path)
    own = _flat(source, tree)
    # A post's file may also give a label that both forms share.
    known = dict(shipped.entries[_COMMON]) if name in _POST_FILES.values() else {}
    known.update(shipped.entries[name])
    for key, value in own.items():
        if key not in known:
            raise _refused(source, key, "这里没有名为“{key}”的文字")
        if type(value) is not type(known[key]):
            raise _refused(source, key, "“{key}”的写法与程序自带的文件不同（文字、true/false 或文字列表）")
        strange = _places(value) - _known_places(name)
        if strange:
            wrong = "、".join(sorted(f"{{{{{place}}}}}" for place in strange))
            raise _refused(source, key, f"“{{key}}”里的{wrong}不会换成内容，能用的写在程序自带的文件里")
    return dict(shipped.entries[name]) | own


def _places(value: Entry) -> set[str]:
    """Return the names in braces of one entry."""
    texts = value if isinstance(value, tuple) else (value,)
    return {place for text in texts if isinstance(text, str) for place in _PLACE.findall(text)}


@cache
def _known_places(name: str) -> frozenset[str]:
    """Return the names in braces that a shipped file uses or tells of in its comments."""
    files = (name, _COMMON) if name in _POST_FILES.values() else (name,)
    sources = (_parsed(resource("forms", f"{file}.toml"))[0] for file in files)
    return frozenset(place for source in sources for place in _PLACE.findall(source.text))


@dataclass(frozen=True)
class _Source:
    path: Path
    text: str


def _parsed(path: Path) -> tuple[_Source, dict[str, object]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise InvalidInputError(
            f"表格文字文件“{path.name}”第 {line} 行不是 UTF-8 编码。请用记事本另存为 UTF-8 后再试；"
            "没有打印任何内容。"
        ) from error
    except OSError as error:
        raise UnreadableFileError(
            f"打不开表格文字文件“{path.name}”（{system_reason(error)}）。请检查它是否被占用；没有打印任何内容。"
        ) from error
    try:
        return _Source(path, text), tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInputError(
            f"表格文字文件“{path.name}”第 {_line_of(error, text)} 行写错了，常见原因是少了引号或等号。"
            "请改正，或删除该文件以恢复原来的文字；没有打印任何内容。"
        ) from error


def _line_of(error: tomllib.TOMLDecodeError, text: str) -> int:
    found = re.search(r"at line (\d+)", str(error))  # Python 3.11 tells the place in the message only
    return int(found.group(1)) if found else text.count("\n") + 1


def _flat(source: _Source, tree: Mapping[str, object], prefix: str = "") -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for name, value in tree.items():
        key = prefix + name
        if isinstance(value, dict):
            entries.update(_flat(source, value, f"{key}."))
        elif isinstance(value, bool | str):
            entries[key] = value
        elif isinstance(value, list) and all(isinstance(item, str) for item in value):
            entries[key] = tuple(value)
        else:
            raise _refused(source, key, "“{key}”只能写文字（加引号）、true/false 或文字列表")
    return entries


def _refused(source: _Source, key: str, reason: str) -> InvalidInputError:
    """Return the error for one entry, with the line on which its name stands."""
    name = key.rpartition(".")[2]
    lines = source.text.splitlines()
    pattern = re.compile(rf"""^\s*(\[.*)?["']?{re.escape(name)}["']?\s*[=\]]""")
    line = next((number for number, text in enumerate(lines, 1) if pattern.match(text)), 1)
    return InvalidInputError(
        f"表格文字文件“{source.path.name}”第 {line} 行：{reason.format(key=name)}。"
        "请改正，或删除该文件以恢复原来的文字；没有打印任何内容。"
    )
