"""The words that a user reads are those of the glossary: one term for one thing."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

# What must not be read anywhere -> the office's own word for it.
OTHER_WORDS = {
    "代会": "委托出席",
    "座位牌": "席卡",
    "登陆": "登录",
    "帐号": "账号",
    "帐户": "账户",
    "截止至": "截至",
    "操作员": "经办人",
    "受理单位": "备案机关",
    "接收单位": "备案机关",
}
TEXTS = ("resources/help/*.md", "resources/forms/*.toml", "CHANGELOG.md")


def shown_texts(file: Path) -> Iterator[str]:
    """Return the texts of a module, its docstrings left out."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


@pytest.fixture(scope="module")
def everything_shown(repo_root: Path) -> str:
    """Return all that the program can say, and what is read beside it."""
    modules = (repo_root / "cdo_desktop").rglob("*.py")
    said = [text for file in modules for text in shown_texts(file)]
    read = [file.read_text(encoding="utf-8") for pattern in TEXTS for file in repo_root.glob(pattern)]
    return "\n".join((*said, *read))


@pytest.mark.parametrize("word", list(OTHER_WORDS))
def test_no_second_word_is_used_for_a_thing(everything_shown: str, word: str) -> None:
    assert word not in everything_shown, f"say {OTHER_WORDS[word]}"


def test_the_words_of_the_register_are_in_use(everything_shown: str) -> None:
    for word in ("备案机关", "经办人", "截至", "首席数据官", "数据专员"):
        assert word in everything_shown
