"""What is kept as signed when a filing gets its number (decision 017). Functions take the open session."""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy.orm import Session

from cdo_desktop.documents.pdf.filing_form import content_digest
from cdo_desktop.models import ReceivedPaper
from cdo_desktop.services.filing_prints import find_print
from cdo_desktop.services.filing_receipts import papers_here
from cdo_desktop.services.filing_records import FilingRecord
from cdo_desktop.services.form_content import canonical_content
from cdo_desktop.services.forms import FormService

_OLDER: Final = "收到的表是旧内容（打印以后改过）"
_OLDER_CODE: Final = "按读出二维码的{form}留存，那是旧内容（打印以后改过）"
_OLDER_PRINT: Final = "没有读出二维码，按最后出的表留存，那是旧内容（出表以后改过）"


def signed_content(session: Session, forms: FormService, record: FilingRecord) -> tuple[str, str]:
    """Return content and digest of the paper that was signed: the print whose code came back last.

    Without a code it is what was printed last; of a unit's own form, what the register says now.
    """
    filing = record.filing
    coded = _with_code(papers_here(session, filing.id))
    printed = find_print(session, filing.id, coded.digest) if coded is not None else None
    if printed is not None:
        return printed.content, printed.digest
    if filing.content:
        return filing.content, filing.digest
    form = forms.form_of(session, record)
    return canonical_content(form), content_digest(form)


def older_contents(
    session: Session, forms: FormService, records: Sequence[FilingRecord]
) -> Mapping[int, str]:
    """Tell, by the filing, where something else would be kept as signed than the register says now."""
    papers = {record.filing.id: papers_here(session, record.filing.id) for record in records}
    known = [record for record in records if record.filing.content or _with_code(papers[record.filing.id])]
    return {
        record.filing.id: told
        for record, form in zip(known, forms.forms_of(session, known), strict=True)
        if (told := _older(record, papers[record.filing.id], content_digest(form)))
    }


def _older(record: FilingRecord, papers: Sequence[ReceivedPaper], present: str) -> str:
    """Return what is told of the content to be kept; "" where it is that of the register."""
    coded = _with_code(papers)
    if coded is None:
        return _OLDER_PRINT if record.filing.digest != present else ""
    if coded.digest == present:
        return ""
    return _OLDER if coded is papers[0] else _OLDER_CODE.format(form=coded.form)


def _with_code(papers: Sequence[ReceivedPaper]) -> ReceivedPaper | None:
    return next((paper for paper in papers if paper.digest), None)
