"""What a pasted block would do: which column, which row, old → new, and what is refused."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from cdo_desktop.errors import InvalidInputError
from cdo_desktop.rules.text import Checked
from cdo_desktop.ui.common.paste_plan import (
    PasteAsked,
    PasteChange,
    PastePlan,
    PasteStart,
    PasteState,
    PasteTarget,
    Step,
    make_plan,
)
from cdo_desktop.ui.common.table_columns import Column, PasteRule

UNITS = ("罗店镇", "月浦镇", "区教育局", "区财政局")


def parse_score(text: str) -> Checked:
    """Accept whole points up to 100; ten and less are odd."""
    text = text.strip()
    if not text.isdigit() or int(text) > 100:
        raise InvalidInputError(f"“{text}”不是 0 到 100 的分数。")
    return Checked(str(int(text)), "分数很低，请核对。" if int(text) <= 10 else "")


COLUMNS: tuple[Column[Any], ...] = (
    Column("unit", "单位", str, names=True),
    Column("a1", "A1 备案", str, paste=PasteRule(parse_score, ("备案及时率",))),
    Column("total", "总分", str),
    Column("a2", "A2 出席", str, paste=PasteRule(parse_score)),
    Column("d1", "D1", str, paste=PasteRule(parse_score)),
)


@dataclass
class Scores:
    """One month's scores of four units, in memory."""

    stored: dict[str, dict[str, str]] = field(
        default_factory=lambda: {unit: {"a1": "80", "a2": "", "d1": ""} for unit in UNITS}
    )
    refused: dict[str, str] = field(default_factory=dict)
    records: dict[str, str] = field(default_factory=dict)
    shown: Collection[Any] = ()

    def naming(self, columns: Sequence[Sequence[str]]) -> Sequence[str]:
        return ["unit" if set(texts) & set(UNITS) else "" for texts in columns]

    def find(
        self, asked: Sequence[PasteAsked], columns: Sequence[str], shown: Collection[Any]
    ) -> Sequence[PasteTarget]:
        self.shown = shown
        return [self._target(str(line.key or line.names.get("unit", ""))) for line in asked]

    def _target(self, unit: str) -> PasteTarget:
        if unit not in self.stored:
            return PasteTarget(problem=f"没有“{unit}”。")
        values = self.stored[unit]
        records = {key: self.records.get(unit, unit) for key in values}
        return PasteTarget(unit, values, {"d1": "一〇〇"}, self.refused, records, unit)

    def save(self, changes: Sequence[PasteChange], step: Step) -> str:
        for change in changes:
            self.stored[change.opened] |= change.values
        return f"已粘贴 {len(changes)} 行"


def plan(
    block: str, column: str = "a1", row: int = 0, selected: Sequence[str] = (), into: Scores | None = None
) -> PastePlan:
    """Paste text from a row and a column on; cells are parted by blanks, a dot is an empty one."""
    rows = tuple(tuple(cell.replace("·", "") for cell in line.split()) for line in block.splitlines())
    start = PasteStart(("unit", "a1", "total", "a2", "d1"), column, UNITS[row:], tuple(selected), UNITS)
    return make_plan(COLUMNS, rows, start, into or Scores())


def told(made: PastePlan) -> list[str]:
    """Return each line as 'unit: old→new state …'."""
    return [
        f"{line.name}: "
        + " ".join(f"{cell.before}→{cell.after} {cell.state}" for cell in line.cells.values())
        for line in made.lines
    ]


# Where it goes


def test_a_column_goes_down_from_the_current_cell() -> None:
    made = plan("90\n80\n95", row=1)
    assert told(made) == ["月浦镇: 80→90 修改", "区教育局: 80→80 不变", "区财政局: 80→95 修改"]
    assert made.told == "从“月浦镇”起逐行对应，粘贴到“A1 备案”。空白的格保持原样。"
    assert [(change.opened, change.values) for change in made.changes()] == [
        ("月浦镇", {"a1": "90"}),
        ("区财政局", {"a1": "95"}),
    ]


def test_a_column_that_cannot_be_pasted_into_is_passed_over_and_said() -> None:
    made = plan("90 999 70")
    assert told(made) == ["罗店镇: 80→90 修改 →70 修改"]
    assert made.columns == ("a1", "a2")
    assert made.told.endswith("略过：总分。")


def test_columns_beyond_the_last_one_are_passed_over_and_said() -> None:
    assert plan("70 71", column="d1").told.endswith("略过：第 2 列。")


def test_rows_beyond_the_last_one_are_wrong_and_say_so() -> None:
    made = plan("90\n91\n92", row=2)
    assert [line.state for line in made.lines] == ["修改", "修改", "有误"]
    assert "没有这么多行" in made.lines[2].problem


def test_one_line_goes_into_every_selected_row() -> None:
    made = plan("90", selected=("罗店镇", "区财政局"))
    assert told(made) == ["罗店镇: 80→90 修改", "区财政局: 80→90 修改"]
    assert made.told.startswith("同样的内容填到选中的 2 行")


def test_as_many_lines_as_selected_rows_go_into_those() -> None:
    made = plan("90\n91", selected=("罗店镇", "区财政局"))
    assert [line.name for line in made.lines] == ["罗店镇", "区财政局"]
    assert [line.name for line in plan("90\n91\n92", selected=("罗店镇", "区财政局")).lines] == [
        "罗店镇",
        "月浦镇",
        "区教育局",
    ]


def test_names_in_the_first_column_tell_the_rows_whatever_their_order() -> None:
    into = Scores()
    made = plan("区财政局 90\n合计 300\n罗店镇 91", into=into)
    assert told(made) == ["区财政局: 80→90 修改", "合计: → 有误", "罗店镇: 80→91 修改"]
    assert made.lines[1].problem == "没有“合计”。"
    assert made.told == "按复制的单位逐行对应，粘贴到“A1 备案”。空白的格保持原样。"
    assert into.shown == UNITS


def test_heads_tell_the_columns_in_any_order_and_under_other_names() -> None:
    made = plan("A2出席： 单位 备案及时率 联系人\n70 月浦镇 90 张三", column="unit")
    assert told(made) == ["月浦镇: →70 修改 80→90 修改"]
    assert made.told.endswith("略过：联系人。")


def test_heads_without_names_go_from_the_current_row_on() -> None:
    assert told(plan("D1 A1备案\n70 90", column="unit", row=1)) == ["月浦镇: →70 修改 80→90 修改"]


def test_a_column_that_comes_twice_is_taken_once() -> None:
    made = plan("单位 D1 D1\n月浦镇 70 71")
    assert told(made) == ["月浦镇: →70 修改"]
    assert made.told.endswith("略过：D1。")


def test_a_block_of_names_alone_is_no_block_of_names() -> None:
    assert [line.state for line in plan("罗店镇\n月浦镇").lines] == ["有误", "有误"]


@pytest.mark.parametrize(("block", "column"), [("90", "total"), ("罗店镇 90", "total"), ("90", "unit")])
def test_a_start_beside_every_column_that_takes_something_says_what_to_do(block: str, column: str) -> None:
    with pytest.raises(InvalidInputError, match="粘贴的起点不对.*没有改动任何内容.*A1 备案、A2 出席、D1"):
        plan(block, column)


def test_heads_none_of_which_takes_something_say_so() -> None:
    with pytest.raises(InvalidInputError, match="（总分）都不能粘贴到这张表。没有改动任何内容"):
        plan("单位 总分\n罗店镇 300")


# What becomes of a cell


def test_an_empty_cell_leaves_what_is_stored_alone() -> None:
    assert told(plan("· 1 70")) == ["罗店镇: 80→80 不变 →70 修改"]


def test_a_cell_that_cannot_be_read_is_wrong_and_says_why() -> None:
    (line,) = plan("九十").lines
    assert (line.state, line.cells["a1"].text) == (PasteState.WRONG, "九十")
    assert line.cells["a1"].note == "“九十”不是 0 到 100 的分数。"
    assert line.values == {}


def test_an_odd_cell_is_taken_and_pointed_out() -> None:
    (line,) = plan("9").lines
    assert (line.state, line.cells["a1"].note) == (PasteState.CHANGED, "分数很低，请核对。")


def test_a_cell_that_was_too_narrow_to_be_copied_says_so() -> None:
    (line,) = plan("#####").lines
    assert "太窄" in line.cells["a1"].note


def test_what_the_table_itself_shows_for_a_value_leaves_it_alone() -> None:
    assert told(plan("一〇〇", column="d1")) == ["罗店镇: → 不变"]


def test_a_cell_that_may_not_be_changed_is_wrong_unless_it_is_the_same() -> None:
    into = Scores(refused={"a1": "本月已锁定。"})
    assert [line.state for line in plan("90\n80", into=into).lines] == ["有误", "不变"]
    assert plan("90", into=into).lines[0].cells["a1"].note == "本月已锁定。"


def test_two_lines_that_say_different_things_of_one_record_are_not_both_taken() -> None:
    made = plan("罗店镇 90\n月浦镇 70\n罗店镇 91\n罗店镇 90")
    assert [line.state for line in made.lines] == ["修改", "修改", "有误", "修改"]
    assert made.lines[2].cells["a1"].note == "与第 1 行是同一条记录，内容却不同（90）。"
    shared = Scores(records={"罗店镇": "同一人", "月浦镇": "同一人"})
    assert [line.state for line in plan("90\n80", into=shared).lines] == ["修改", "有误"]


def test_a_line_with_one_wrong_cell_is_left_out_whole() -> None:
    made = plan("90 1 x\n91 1 70")
    assert [line.state for line in made.lines] == ["有误", "修改"]
    assert [change.values for change in made.changes()] == [{"a1": "91", "a2": "70"}]
    assert (made.count(PasteState.WRONG), made.changed_cells) == (1, 2)


def test_empty_lines_between_are_passed_over_and_numbers_stay_those_of_the_block() -> None:
    made = make_plan(
        COLUMNS,
        (("单位", "D1"), ("罗店镇", "70"), ("", " "), ("月浦镇", "71")),
        PasteStart(("unit", "d1"), "d1", UNITS, (), UNITS),
        Scores(),
    )
    assert [line.number for line in made.lines] == [2, 4]
