"""备案表 with an odd text in every place."""

from collections.abc import Callable

from benchmarks.reliability.odd_filler import ANY, NAME, TITLE, UNIT, Area, Filler, OddPaper, drawn
from cdo_desktop.documents.pdf import form_layout
from cdo_desktop.documents.pdf.filing_form import FilingFormData, form_problems, form_texts, write_form
from cdo_desktop.documents.pdf.form_layout import MM
from cdo_desktop.rules.vocabulary import ChangeReason, FilingKind, Handover, HeadStatus, PostKind

FORM = Area(form_layout.LEFT - 1, form_layout.RIGHT + 1, 15 * MM, form_layout.PAGE_HEIGHT - 15 * MM, 15 * MM)
_FORM_TEXTS = {
    "unit_full_name": UNIT,
    "unit_category": NAME,
    "unit_address": ANY,
    "unit_postcode": NAME,
    "name": NAME,
    "sex": NAME,
    "title": ANY,
    "basis": ANY,
    "office_phone": TITLE,
    "mobile": TITLE,
    "email": TITLE,
    "counterpart_name": NAME,
    "counterpart_title": ANY,
    "counterpart_phone": TITLE,
    "filler": NAME,
    "filler_phone": TITLE,
    "birth_month": NAME,
    "political_status": TITLE,
}
_OF_HOLDER = (
    *("name", "title", "basis", "office_phone", "mobile", "email"),
    *("birth_month", "political_status"),
)
_OF_POST: dict[PostKind, dict[str, int]] = {
    PostKind.CDO: {"head_note": ANY, "work_scope": ANY},
    PostKind.SPECIALIST: {
        "section": TITLE,
        "rank": TITLE,
        "duties": ANY,
        "digital_years": TITLE,
        "education": TITLE,
        "training": ANY,
        "platform_account": TITLE,
        "backup_name": NAME,
        "backup_phone": TITLE,
    },
}
_OF_KIND = {
    FilingKind.FIRST: {},
    FilingKind.CHANGE: {"predecessor_name": NAME, "predecessor_title": ANY, "change_reason": TITLE},
    FilingKind.LEAVE: {"change_reason": TITLE},
}


def holder_texts(post: PostKind) -> dict[str, int]:
    """Return the texts of a post's form that belong to its holder, with the most characters of each."""
    of_holder = {name: _FORM_TEXTS[name] for name in _OF_HOLDER}
    return of_holder | _OF_POST[post]


def form(post: PostKind, kind: FilingKind) -> Callable[[Filler], OddPaper]:
    """Return what makes 备案表 of a post and a kind."""

    def make(filler: Filler) -> OddPaper:
        odd = filler.odd
        data = filler.fill(
            FilingFormData,
            _FORM_TEXTS | _OF_POST[post] | _OF_KIND[kind],
            post=post,
            kind=kind,
            filled_on=filler.day(),
            receiving_body="区信息委",
            head_status=odd.one_of("", *HeadStatus),
            handover=odd.one_of("", *Handover),
            since=filler.day(),
            change_date=filler.day(),
            due_date=filler.day(),
            due_provisional=odd.happens(),
            leave_date=filler.day(),
        )
        if data.change_reason in tuple(ChangeReason):
            filler.texts = {name: text for name, text in filler.texts.items() if text != data.change_reason}
        content = drawn(lambda target: write_form(data, target))
        cut = form_texts().text("too_long")
        return OddPaper(content, filler.texts, form_problems(data), FORM, cut, cut_is_named=True)

    return make
