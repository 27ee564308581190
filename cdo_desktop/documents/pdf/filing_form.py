"""《首席数据官备案表》 and 《数据专员备案表》: one A4 page each, to be signed and sealed.

What is printed where nothing is known: on a filled form 无 (``nothing`` of the text files); in 变更情况 of a
首次备案, where nothing can be known, — (``not_applicable``) with no box ticked; for a missing 填报日期 the
place of a date, to be written by hand. A 离任备案 has 离任情况 in place of 变更情况, no due date, no 职责知悉
and no 本人签名. What the receiving body fills in is always empty.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from cdo_desktop.documents.pdf.filing_data import FilingFormData, PaperCode, content_digest
from cdo_desktop.documents.pdf.fonts import describe_character
from cdo_desktop.documents.pdf.form_pages import FormPages
from cdo_desktop.documents.pdf.form_texts import FormTexts, form_texts
from cdo_desktop.documents.pdf.pdf_target import whole_pdf
from cdo_desktop.errors import InvalidInputError
from cdo_desktop.rules.vocabulary import FILED_POSTS, FilingKind, PostKind

__all__ = [
    "FilingFormData",
    "FormTexts",
    "PaperCode",
    "blank_forms",
    "content_digest",
    "form_problems",
    "form_texts",
    "write_form",
    "write_forms",
    "write_instructions",
]


def blank_forms(
    receiving_body: str = "",
    posts: Sequence[PostKind] = FILED_POSTS,
    kinds: Sequence[FilingKind | None] = tuple(FilingKind),
) -> tuple[FilingFormData, ...]:
    """Return empty forms to hand out: of every post one for each 备案类型, its box ticked."""
    return tuple(
        FilingFormData(post, kind, blank=True, receiving_body=receiving_body)
        for post in posts
        for kind in kinds
    )


def form_problems(form: FilingFormData, texts: FormTexts | None = None) -> tuple[str, ...]:
    """Return a sentence for everything on a form that cannot be printed as it was entered.

    Named are fields that have to be filled in and are not, characters that no font has, texts that do not fit
    at 8 pt and words that have no box to tick.
    ``write_forms`` prints such a form all the same: a blank in the character's place, a text that is cut and
    says so.
    """
    pages = FormPages(texts or form_texts())
    prepared = pages.prepare(form)
    problems = []
    if prepared.empty:
        problems.append(f"必填的{'、'.join(prepared.empty)}没有填，打印时留空；请补填，或打印后手写。")
    for field, characters in prepared.missing:
        named = "、".join(describe_character(ch) for ch in characters)
        problems.append(f"“{field}”中的{named}没有可用的字体，打印时会空出位置；请核对，或打印后手写补上。")
    for field, fitted in prepared.too_long:
        cut = fitted.total - fitted.kept
        problems.append(f"“{field}”太长：最多能放约 {fitted.kept} 字，请缩短约 {cut} 字。")
    for field, word in prepared.strange:
        problems.append(f"“{field}”的内容“{word}”不是表上可以勾选的，打印时不会勾选；请改选一项。")
    return tuple(problems)


def write_forms(
    forms: Iterable[FilingFormData],
    target: Path | BinaryIO,
    *,
    duplex: bool = False,
    progress: Callable[[int], None] | None = None,
    texts: FormTexts | None = None,
) -> int:
    """Write forms into one PDF in the given order and return the number of pages.

    ``duplex`` puts the 填表说明 on the back of each form, with its code, so that every form starts a new
    sheet and its back is known when it is scanned. ``progress`` is called with the number of forms done and
    may raise to stop the work; a file is then left as it was before. Raises InvalidInputError when there are
    no forms, StorageError or FileInUseError when the file cannot be written.
    """
    words = texts or form_texts()
    remaining = iter(forms)
    first = next(remaining, None)
    if first is None:
        raise InvalidInputError("没有选中任何备案表，没有生成文件。请先选择要打印的单位和岗位。")
    with whole_pdf(target, words.text("title", first.post)) as canvas:
        pages = FormPages(words, canvas)
        pages.reserve(first.post, first.receiving_body)
        for done, form in enumerate(chain([first], remaining), 1):
            pages.add(_side(form, 1) if duplex else form)
            if duplex:
                pages.add_instructions(form.post, form.receiving_body, back_of=_side(form, 2))
            if progress is not None:
                progress(done)
    return pages.count


def _side(form: FilingFormData, page: int) -> FilingFormData:
    """Return a form whose code says which side of a sheet it is on: scanned, both sides are one paper."""
    return replace(form, code=replace(form.code, page=page, pages=2)) if form.code is not None else form


def write_form(form: FilingFormData, target: Path | BinaryIO, *, texts: FormTexts | None = None) -> None:
    """Write one form as a PDF of exactly one A4 page; errors as ``write_forms``."""
    write_forms([form], target, texts=texts)


def write_instructions(
    target: Path | BinaryIO,
    posts: Sequence[PostKind],
    *,
    receiving_body: str = "",
    texts: FormTexts | None = None,
) -> None:
    """Write the 填表说明 of each post's form as a sheet of its own; errors as ``write_forms``."""
    words = texts or form_texts()
    with whole_pdf(target, words.text("instructions.title", posts[0])) as canvas:
        pages = FormPages(words, canvas)
        for post in posts:
            pages.add_instructions(post, receiving_body)
