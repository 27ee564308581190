"""Odd texts entered through the services: what the register takes must be read on its papers."""

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.reliability.odd_filler import OddPaper, drawn
from benchmarks.reliability.odd_forms import FORM, holder_texts
from benchmarks.reliability.odd_papers import CONTACTS
from benchmarks.reliability.odd_words import OddTexts, lacking, seen
from benchmarks.reliability.offices import TODAY, Clock, copy_office
from cdo_desktop.errors import InvalidFormError
from cdo_desktop.office import Office
from cdo_desktop.rules.vocabulary import FILED_POSTS
from cdo_desktop.services.holder_draft import LONG_LENGTH, MAX_LENGTH, HolderDraft
from cdo_desktop.services.register import RegisterQuery

_LONG = ("work_scope", "duties")
_KEPT = ("head_note", "work_scope", "duties", "training", "education")
"""Fields whose text is stored as it was typed, but for blanks and what steers."""
_LIST_EVERY = 10  # forms


def register_papers(
    sample: Path, folder: Path, trials: int, seed: int
) -> Iterator[tuple[OddPaper, list[str]]]:
    """Yield the form of a post after odd texts were saved for its holder, and now and then the contact list.

    Each comes with what is stored otherwise than it was typed.
    """
    copy_office(sample, folder)
    with Office(folder, Clock()) as office:
        rows = office.register.all_rows(RegisterQuery(as_of=TODAY))
        held = [row for row in rows if row.tenure_id is not None and row.post in FILED_POSTS]
        listed: dict[str, str] = {}
        for number in range(trials):
            row = held[number % len(held)]
            wrong = _save(office, row.tenure_id or 0, OddTexts(seed * 100_000 + number))
            stored = office.holders.get(row.tenure_id or 0)
            yield _form(office, stored), wrong
            listed |= {f"{name} {row.post_id}": getattr(stored, name) for name in ("name", "title")}
            if number % _LIST_EVERY == _LIST_EVERY - 1:
                yield _contact_list(office, folder / "通讯录.pdf", listed), []


def _save(office: Office, tenure_id: int, odd: OddTexts) -> list[str]:
    """Save odd texts in all fields that take them, and return what was not kept."""
    opened = office.holders.get(tenure_id)
    typed: dict[str, Any] = {
        name: odd.text(LONG_LENGTH if name in _LONG else min(most, MAX_LENGTH))
        for name, most in holder_texts(opened.post).items()
    }
    while typed:
        try:
            office.holders.update(opened, replace(opened, **typed))
            break
        except InvalidFormError as error:
            refused = [name for name in typed if name in error.messages]
            if not refused:
                raise
            typed = {name: text for name, text in typed.items() if name not in refused}
    stored = office.holders.get(tenure_id)
    return [
        f"{name} was stored as {getattr(stored, name)[:40]!r}"
        for name in _KEPT
        if name in typed and not lacking(typed[name])
        if seen(unicodedata.normalize("NFC", typed[name])) != seen(getattr(stored, name))
    ]


def _form(office: Office, stored: HolderDraft) -> OddPaper:
    batch = office.forms.compose(post_ids=[stored.post_id])
    content = drawn(lambda target: office.forms.draw(batch, target, duplex=False))
    texts = {name: getattr(stored, name) for name in holder_texts(stored.post)}
    cut = office.forms.texts().text("too_long")
    problems = tuple(warning.message for warning in batch.warnings)
    return OddPaper(content, texts, problems, FORM, cut, cut_is_named=True)


def _contact_list(office: Office, target: Path, listed: dict[str, str]) -> OddPaper:
    written = office.roster_export.write_contact_list(target, as_of=TODAY)
    return OddPaper(target.read_bytes(), dict(listed), written.problems, CONTACTS)
