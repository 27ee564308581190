"""备案 from the receipt of its paper to the shelf: received, returned, numbered, stored, void (office.md §1).

Every action takes a plan that was shown before: which filings it will act on, what becomes of each, and why
some are left out. It is made anew inside the transaction and must be the same, so that nothing happens that
was not looked at.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdo_desktop.errors import ConflictError, InvalidFormError, InvalidInputError
from cdo_desktop.models import Filing
from cdo_desktop.rules.filing import Lateness, lateness
from cdo_desktop.rules.filing_steps import FilingStep, check_filed_day, early_day, meant_step, refusal
from cdo_desktop.rules.text import clean_text, too_long
from cdo_desktop.rules.vocabulary import FilingKind, FilingState
from cdo_desktop.rules.working_days import WorkingCalendar
from cdo_desktop.services.attachments import AttachmentService
from cdo_desktop.services.calendar import stored_calendar
from cdo_desktop.services.filing_again import add_again, anew_problem, is_same_change
from cdo_desktop.services.filing_numbers import numbers_of
from cdo_desktop.services.filing_plans import StepLine, StepPlan
from cdo_desktop.services.filing_receipts import (
    ReceiptDraft,
    check_receipt,
    receive_paper,
    return_papers,
)
from cdo_desktop.services.filing_records import FilingRecord, by_id, find_filing, find_filings, write_filing
from cdo_desktop.services.forms import FormService
from cdo_desktop.services.journal import Journal, Values
from cdo_desktop.services.signed_content import older_contents, signed_content
from cdo_desktop.store import Database

LONGEST_REASON = 200
_CHANGED = "选中的备案在您核对以后又有变化，没有改动任何内容。请重新核对一次。"


class FilingService:
    """Actions on filings that were handed out."""

    def __init__(
        self, database: Database, journal: Journal, forms: FormService, attachments: AttachmentService
    ) -> None:
        self._database = database
        self._journal = journal
        self._forms = forms
        self._attachments = attachments

    def plan(self, step: FilingStep, filing_ids: Sequence[int], day: date | None = None) -> StepPlan:
        """Return what a step would do, to be looked at before; ``day`` None means today.

        To store what is stored already is a plan to mend its place (`FilingStep.MOVE`).
        Raises NotFoundError when a filing is gone.
        """
        with self._database.read() as session:
            states = [record.state for record in find_filings(session, filing_ids)]
            return self._plan(session, meant_step(step, states), filing_ids, day or self._journal.today)

    def plan_again(self, plan: StepPlan, day: date) -> StepPlan:
        """Return what the step of a plan would do now: never another step than the one that was looked at."""
        with self._database.read() as session:
            return self._plan(session, plan.step, [line.filing_id for line in plan.lines], day)

    def receive(
        self, plan: StepPlan, draft: ReceiptDraft, scans: Sequence[tuple[str, bytes]] = ()
    ) -> StepPlan:
        """收件: book in one paper of every filing that is ready, each with its 收文登记.

        ``scans`` are files (name, content) that show it; only one filing can have them. The digest of the
        draft tells what the paper shows. Raises InvalidFormError, ConflictError when a filing changed since
        the plan, StorageError.
        """
        draft = check_receipt(draft, self._journal.today)
        if scans and len(plan.ready) != 1:
            raise InvalidInputError("扫描件一次只能归到一份备案。没有保存，请一份一份登记。")
        taken = [self._attachments.take(name, content) for name, content in scans]

        def act(session: Session, record: FilingRecord, _line: StepLine) -> None:
            receipt = replace(draft, shows=self._forms.shows(session, record, draft.digest))
            receive_paper(session, self._journal, self._attachments, record, receipt, taken)

        return self._act(plan, act)

    def send_back(self, plan: StepPlan, reason: str) -> StepPlan:
        """退回: what came does not count, and the limit runs on until the paper comes again."""
        reason = _checked_reason(reason, "请写明退回的原因，单位要照着补正。")

        def act(session: Session, record: FilingRecord, _line: StepLine) -> None:
            return_papers(session, self._journal, record, plan.day, reason)

        return self._act(plan, act)

    def file(self, plan: StepPlan) -> StepPlan:
        """备案: give every filing that is ready its number, and keep what was signed; it is final then.

        Returns the plan with the numbers given. Raises ConflictError as ``receive`` does.
        """

        def act(session: Session, record: FilingRecord, line: StepLine) -> None:
            self._file(session, record, plan.day, line)

        return self._act(plan, act)

    def store(self, plan: StepPlan, place: str = "") -> StepPlan:
        """入库: the paper lies on its shelf here; the yearly 归档 is another thing.

        A plan to mend the place of what is stored does only that; raises InvalidFormError without another.
        """
        if plan.step is FilingStep.MOVE:
            return self._move(plan, place)
        place = clean_text(place)[:LONGEST_REASON]

        def act(session: Session, record: FilingRecord, _line: StepLine) -> None:
            values: Values = {"state": FilingState.STORED, "stored_on": plan.day, "stored_place": place}
            write_filing(session, self._journal, record, "入库", values)

        return self._act(plan, act)

    def _move(self, plan: StepPlan, place: str) -> StepPlan:
        place = _checked_text("place", place, "请写明现在放在哪里。")
        moved: list[int] = []

        def act(session: Session, record: FilingRecord, line: StepLine) -> None:
            if line.stored_place != place:
                write_filing(session, self._journal, record, str(FilingStep.MOVE), {"stored_place": place})
                moved.append(line.filing_id)

        done = self._act(plan, act)
        if not moved:
            raise InvalidFormError({"place": "和现在的存放位置一样，没有改动。"})
        return done

    def void(self, plan: StepPlan, reason: str, *, anew: bool = False) -> StepPlan:
        """作废: a number stays used, and the register of filings says why.

        With ``anew`` another draft of the same change takes its place, where one can; InvalidFormError where
        none can.
        """
        reason = _checked_reason(reason, "请写明作废的原因，登记册上要注明。")
        if anew and plan.ready and not plan.renewable:
            raise InvalidFormError({"anew": f"{_none_anew(plan)}。没有作废任何一份，请去掉这一项再作废。"})

        def act(session: Session, record: FilingRecord, line: StepLine) -> None:
            values: Values = {"state": FilingState.VOID, "void_reason": reason, "voided_on": plan.day}
            write_filing(session, self._journal, record, "作废", values)
            if anew and not line.no_anew:
                add_again(session, self._journal, record)

        return self._act(plan, act)

    def make_anew(self, plan: StepPlan) -> StepPlan:
        """重新办理: another draft in the place of each void filing that has none yet."""

        def act(session: Session, record: FilingRecord, _line: StepLine) -> None:
            add_again(session, self._journal, record)

        return self._act(plan, act)

    def explain(self, filing_id: int, version: int, reason: str) -> None:
        """逾期说明: may come at any time, also after 已备案, and blocks nothing (office.md §1)."""
        reason = clean_text(reason)
        messages = too_long(LONGEST_REASON, late_reason=reason)
        if messages:
            raise InvalidFormError(messages)
        with self._database.write() as session:
            record = find_filing(session, filing_id)
            if record.filing.version != version:
                raise ConflictError(_CHANGED)
            write_filing(session, self._journal, record, "逾期说明", {"late_reason": reason})

    # Plans

    def _plan(self, session: Session, step: FilingStep, filing_ids: Sequence[int], day: date) -> StepPlan:
        records = find_filings(session, filing_ids)
        calendar = stored_calendar(session)
        lines = [self._line(step, record, calendar, day) for record in records]
        if step is FilingStep.ANEW:
            lines = _without_replaced(session, records, lines)
        if step is FilingStep.FILE:
            lines = _numbered(lines, numbers_of(session, day.year))
            older = older_contents(session, self._forms, records)
            lines = [_hinted(line, older.get(line.filing_id, "")) for line in lines]
        return StepPlan(step, day, tuple(lines))

    def _line(self, step: FilingStep, record: FilingRecord, calendar: WorkingCalendar, day: date) -> StepLine:
        filing = record.filing
        received = filing.received_on
        late = lateness(filing.due_date, received, calendar)
        problem = refusal(step, record.state) or self._day_problem(step, filing, day)
        ends = step in (FilingStep.ANEW, FilingStep.VOID)
        no_anew = anew_problem(record, self._journal.today) if ends else ""
        if step is FilingStep.ANEW:
            problem = problem or no_anew
        return StepLine(
            filing_id=filing.id,
            version=filing.version,
            title=record.title,
            kind=filing.kind,
            state=filing.state,
            number=filing.number or "",
            place=None,
            received_on=received,
            late=late,
            problem=problem,
            hint="" if problem else _hints(step, filing, late, day, no_anew),
            stored_place=filing.stored_place,
            no_anew=no_anew,
            holder_stays=record.tenure.until is None or record.tenure.until > self._journal.today,
        )

    def _day_problem(self, step: FilingStep, filing: Filing, day: date) -> str:
        today = self._journal.today
        if step is FilingStep.FILE:
            if filing.received_on is None:
                came = filing.scan_on or filing.original_on
                return "按设置以原件为准，原件还没有收到" if came else "没有收到日期，请先登记收件"
            return check_filed_day(day, filing.received_on, today)
        if step is FilingStep.STORE and filing.filed_on is not None and day < filing.filed_on:
            return f"入库日期早于备案日期 {filing.filed_on.isoformat()}"
        return f"日期不能晚于今天 {today.isoformat()}" if day > today else ""

    def _act(self, plan: StepPlan, act: Callable[[Session, FilingRecord, StepLine], None]) -> StepPlan:
        if not plan.ready:
            raise InvalidInputError(f"选中的备案没有一份可以{plan.step}，没有改动任何内容。")
        with self._database.write() as session:
            present = self._plan(session, plan.step, [line.filing_id for line in plan.lines], plan.day)
            if _without_numbers(present) != _without_numbers(plan):
                raise ConflictError(_CHANGED)
            records = by_id(find_filings(session, [line.filing_id for line in present.ready]))
            for line in present.ready:
                act(session, records[line.filing_id], line)
            session.flush()
        return present

    # What is kept of what was signed

    def _file(self, session: Session, record: FilingRecord, day: date, line: StepLine) -> None:
        filing = record.filing
        content, digest = signed_content(session, self._forms, record)
        values: Values = {"state": FilingState.FILED, "filed_on": day, "filed_by": self._journal.actor}
        if line.place is not None:  # else it came with a number, which stays
            values = {
                **values,
                "number": line.number,
                "number_year": day.year,
                "number_count": line.place,
            }
        filing.content, filing.digest = content, digest
        write_filing(session, self._journal, record, "备案", values)


def _without_numbers(plan: StepPlan) -> StepPlan:
    """Return a plan without the numbers to come: another program may have taken them meanwhile."""
    lines = (replace(line, number="", place=None) if line.place else line for line in plan.lines)
    return replace(plan, lines=tuple(lines))


def _numbered(lines: Sequence[StepLine], numbers: Iterator[tuple[int, str]]) -> list[StepLine]:
    """Give each line that is ready the next number, but where a number came with the filing."""
    numbered = []
    for line in lines:
        if not line.problem and not line.number:
            place, number = next(numbers)
            line = replace(line, number=number, place=place)
        numbered.append(line)
    return numbered


def _none_anew(plan: StepPlan) -> str:
    if len(plan.ready) == 1:
        return f"{plan.ready[0].title}：{plan.ready[0].no_anew}"
    return f"选中的 {len(plan.ready)} 份都不能重新办理，原因见下"


def _hints(step: FilingStep, filing: Filing, late: Lateness, day: date, no_anew: str) -> str:
    early = early_day(step, FilingKind(filing.kind), filing.change_date, filing.received_on, day)
    return "；".join(filter(None, (early, *_hint(step, filing, late), no_anew)))


def _hint(step: FilingStep, filing: Filing, late: Lateness) -> Iterator[str]:
    if step is FilingStep.FILE and filing.number:
        yield f"已有编号 {filing.number}，不另编号"
        return
    if step is FilingStep.FILE and late.is_late and not filing.late_reason:
        yield f"逾期{late.words}，还没有逾期说明（可以以后补）"
    if step is FilingStep.FILE and filing.original_on is None:
        yield "只收到扫描件，原件以后补登"
    if step is FilingStep.STORE and filing.original_on is None:
        yield "只有扫描件，原件还没有收到"
    if step is FilingStep.MOVE:
        yield f"现在放在：{filing.stored_place}" if filing.stored_place else "没有写过存放位置"
    if step is FilingStep.VOID and filing.number:
        yield f"编号 {filing.number} 不再使用"


def _hinted(line: StepLine, hint: str) -> StepLine:
    """Add something worth knowing to a line that is not left out."""
    return line if line.problem else replace(line, hint="；".join(filter(None, (line.hint, hint))))


def _checked_reason(reason: str, missing: str) -> str:
    return _checked_text("reason", reason, missing)


def _checked_text(field: str, text: str, missing: str) -> str:
    text = clean_text(text)
    messages = too_long(LONGEST_REASON, **{field: text}) if text else {field: missing}
    if messages:
        raise InvalidFormError(messages)
    return text


def _without_replaced(
    session: Session, records: Sequence[FilingRecord], lines: Sequence[StepLine]
) -> list[StepLine]:
    """Leave out what has another one in its place already, or gets it with one before it in the plan."""
    query = select(Filing).where(
        Filing.tenure_id.in_([record.tenure.id for record in records]), Filing.state != FilingState.VOID
    )
    there: defaultdict[int, list[Filing]] = defaultdict(list)  # by their tenure
    for other in session.scalars(query):
        there[other.tenure_id].append(other)
    kept = []
    for record, line in zip(records, lines, strict=True):
        filing, others = record.filing, there[record.tenure.id]
        replaced = not line.problem and any(is_same_change(session, filing, other) for other in others)
        kept.append(replace(line, problem="已经另有一份，不用再建", hint="") if replaced else line)
        others.append(filing)
    return kept
