"""One workbook on its way into the register: read, compared as often as something is decided, written."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cdo_desktop.services.roster_plan import ImportChoices, LineKind, RosterPlan
from cdo_desktop.ui.common.progress import Progress
from cdo_desktop.ui.registry.import_decisions import UnitQuestion, UnitQuestions
from cdo_desktop.ui.registry.import_rows import ImportRow, import_rows
from cdo_desktop.ui.registry.services import RegistryServices

if TYPE_CHECKING:
    from cdo_desktop.documents.readers.roster_sheet import RosterSheet
    from cdo_desktop.services.roster_import import ImportResult

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".et")
OPEN_PATTERN = f"名册工作簿 ({' '.join(f'*{suffix}' for suffix in SUFFIXES)})"
SAVE_PATTERN = "Excel 工作簿 (*.xlsx)"


@dataclass(frozen=True)
class Preview:
    """A workbook as compared with the register under certain choices."""

    source: Path
    sheet: "RosterSheet"
    choices: ImportChoices
    plan: RosterPlan
    rows: tuple[ImportRow, ...]
    units: dict[int, UnitQuestion]  # by the place of the row

    @property
    def blocked(self) -> int:
        """How many rows would stay out."""
        return sum(row.is_blocked or row.kind is LineKind.PROBLEM for row in self.rows)

    @property
    def fitting(self) -> int:
        """How many lines would be written or are the same already."""
        return len(self.plan.lines) - self.plan.count(LineKind.PROBLEM)

    @property
    def news(self) -> int:
        """How many lines would change something."""
        return self.plan.count(LineKind.NEW) + self.plan.count(LineKind.CHANGED)


def read_workbook(services: RegistryServices, source: Path) -> "RosterSheet":
    """Read a workbook; runs in a task."""
    return services.roster_import().read(source)


def compare(
    services: RegistryServices, source: Path, sheet: "RosterSheet", choices: ImportChoices
) -> Preview:
    """Compare with the register; runs in a task."""
    plan = services.roster_import().preview(sheet, choices)
    rows = import_rows(plan)
    units = services.units.rows()
    questions = UnitQuestions(units)
    asked = {place: questions.about(row.line) for place, row in enumerate(rows) if row.line is not None}
    return Preview(
        source=source,
        sheet=sheet,
        choices=choices,
        plan=plan,
        rows=rows,
        units={place: question for place, question in asked.items() if question is not None},
    )


def write(
    services: RegistryServices, preview: Preview, progress: Progress, *, skip_problems: bool
) -> "ImportResult":
    """Bring the lines in, all or nothing; runs in a task."""
    return services.roster_import().apply(
        preview.sheet,
        preview.choices,
        skip_problems=skip_problems,
        progress=lambda done, total: progress.step(done, total, f"第 {done} 行"),
    )


def write_marked_copy(services: RegistryServices, preview: Preview, target: Path) -> str:
    """Write the same workbook with the problems marked, and say so; runs in a task."""
    services.roster_import().write_marked_copy(preview.source, preview.plan, target)
    return f"已保存标注副本：{target.name}"


def write_template(target: Path) -> str:
    """Write the empty workbook that units fill in, and say so; runs in a task."""
    from cdo_desktop.documents.excel.template import write_template as write_workbook

    write_workbook(target)
    return f"已保存导入模板：{target.name}"


def reason_against_import(preview: Preview | None) -> str:
    """Say why nothing can be imported as it stands, or nothing when it can."""
    if preview is None:
        return "还没有选择文件"
    if not preview.rows:
        return "表中没有可以导入的行"
    if preview.blocked:
        return f"还有 {preview.blocked} 处问题：请确认、改正表格后重新读取，或者跳过问题行"
    if not preview.news:
        return "表中内容与名册完全相同，没有要导入的"
    return ""


def reason_against_skipping(preview: Preview | None) -> str:
    """Say why problem lines cannot be skipped, or nothing when they can."""
    if preview is None:
        return "还没有选择文件"
    if not preview.blocked:
        return "没有问题行，请直接导入"
    if not preview.news:
        return "除了问题行，其余都与名册相同，没有要导入的"
    return ""


def skipping_question(preview: Preview) -> str:
    """Ask whether to import without the problem lines, and say what that means."""
    new, changed, same = (
        preview.plan.count(kind) for kind in (LineKind.NEW, LineKind.CHANGED, LineKind.SAME)
    )
    skipped = preview.plan.count(LineKind.PROBLEM)
    return (
        f"将导入 {new + changed} 行（新增 {new}，变更 {changed}；另有 {same} 行相同），"
        f"跳过 {skipped} 行问题行。\n"
        "跳过的行不会改动名册，可以保存标注副本发还改正后再导入。"
    )


def result_text(result: "ImportResult") -> str:
    """Say what went in."""
    skipped = f"，跳过 {result.skipped} 行" if result.skipped else ""
    return f"已导入：新增 {result.new} 行，变更 {result.changed} 行，相同 {result.same} 行{skipped}"


def summary_text(preview: Preview | None) -> str:
    """Say beside the buttons what an import would do now."""
    if preview is None or not preview.rows:
        return ""
    new, changed = preview.plan.count(LineKind.NEW), preview.plan.count(LineKind.CHANGED)
    said = f"将新增 {new} 行、变更 {changed} 行" if new or changed else "没有要新增或变更的"
    return f"{said}；还有 {preview.blocked} 处问题" if preview.blocked else said
