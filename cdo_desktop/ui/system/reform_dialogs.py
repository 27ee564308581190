"""机构改革: the forms of merging, splitting and abolishing, and what each will do to people and papers."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from cdo_desktop.errors import InvalidFormError
from cdo_desktop.rules.vocabulary import UNIT_POSTS, PostKind
from cdo_desktop.services.unit_changes import UnitChangeService
from cdo_desktop.services.unit_draft import UnitDraft, checked_unit
from cdo_desktop.services.unit_list import UnitLine
from cdo_desktop.services.unit_reform import AffectedHolder, Effects, NewUnit, Reform, UnitRef
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.fields import Field, FieldKind, FieldValue
from cdo_desktop.ui.common.form_dialog import FormDialog
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.unit_dialog import CATEGORIES
from cdo_desktop.ui.system.widgets import label

NEW_UNIT = "新设一个单位"
_NOBODY = "空缺，以后任命"
_MOST_PARTS = 3
_NUMERALS = ("一", "二", "三")
_REFORM_FIELDS = (
    Field("day", "生效日期", FieldKind.DATE, required=True, help="新机构运行的第一天，不能晚于今天。"),
    Field("paper", "依据文号", max_length=60, placeholder="如 宝编〔2026〕8号"),
    Field("note", "说明", max_length=200, wide=True),
)


@dataclass(frozen=True)
class UnitChoice:
    """A unit that can be chosen to take others in."""

    ref: UnitRef
    name: str


class ReformDialog(FormDialog):
    """Asks once more before it acts, because papers that are set aside do not come back."""

    def __init__(
        self,
        title: str,
        service: UnitChangeService,
        effects: Effects,
        ui: UiContext,
        save_label: str,
        parent: QWidget,
    ) -> None:
        super().__init__(title, ui, self._act, save_label=save_label, parent=parent)
        self._service = service
        self._all = effects
        self.effects_label = label("")
        self.effects_label.setAccessibleName("办理后的变化")
        self.layout().insertWidget(2, self.effects_label)  # type: ignore[union-attr]

    def _act(self, values: dict[str, FieldValue]) -> object:
        raise NotImplementedError

    def _ended_ids(self) -> set[int]:
        """Return the units that end by what is chosen now."""
        raise NotImplementedError

    def _show_effects(self) -> None:
        self.effects_label.setText(self.effects_text())

    def effects_text(self) -> str:
        """Say whose tenures end and which papers are set aside."""
        ended = self._ended_ids()
        if not ended:
            return "没有单位撤销，任职和备案都不变。"
        holders = [holder for holder in self._all.holders if holder.unit_id in ended]
        filings = [filing.title for filing in self._all.void_filings if filing.unit_id in ended]
        people = "、".join(f"{holder.name}（{holder.unit}{holder.post}）" for holder in holders)
        lines = [f"将结束 {len(holders)} 人的任职：{people}。" if holders else "没有在任的人员。"]
        if filings:
            lines.append(f"将作废 {len(filings)} 份还没有收到的备案表：{'；'.join(filings)}。")
        return "\n".join(lines)

    @override
    def save(self) -> None:
        """Check, ask, act."""
        if self.saving:
            return
        messages = self.form.check()
        self.form.set_messages(messages)
        if messages:
            return
        verb = self.save_button.text()
        question = f"{self.effects_text()}\n办理后不能撤回，确定{verb}吗？"
        if self._ui.notices.ask(question, verb, "再看看", danger=True):
            super().save()

    def _reform(self, values: dict[str, FieldValue]) -> Reform:
        return Reform(values["day"], str(values["paper"]), str(values["note"]))  # type: ignore[arg-type]

    def _people(self, post: PostKind) -> dict[str, AffectedHolder]:
        """Return who may go on in a post, by what the choice says."""
        holders = [holder for holder in self._all.holders if holder.post is post]
        return {f"{holder.name}（原{holder.unit}）": holder for holder in holders}

    def _person_field(self, key: str, post: PostKind) -> Field:
        people = tuple(self._people(post))
        return Field(
            key,
            post,
            FieldKind.CHOICE,
            required=True,
            choices=(_NOBODY, *people),
            help="选原任的，资料自动带入新单位，按首次备案出表。" if people else "原单位没有人在任。",
        )

    def _carried(
        self, values: dict[str, FieldValue], keys: Sequence[tuple[str, PostKind]]
    ) -> tuple[int, ...]:
        chosen = (self._people(post).get(str(values[key])) for key, post in keys)
        return tuple(holder.tenure_id for holder in chosen if holder is not None)


class MergeDialog(ReformDialog):
    """Some units go into one: one of them, another one, or a new one."""

    def __init__(
        self,
        service: UnitChangeService,
        units: Sequence[UnitLine],
        others: Sequence[UnitChoice],
        effects: Effects,
        ui: UiContext,
        parent: QWidget,
    ) -> None:
        self._units = tuple(units)
        self._targets = {line.short_name: UnitRef(line.unit_id, line.version) for line in units}
        self._targets |= {choice.name: choice.ref for choice in others}
        names = "、".join(line.short_name for line in units)
        super().__init__(f"合并：{names}", service, effects, ui, "合并", parent)
        own = tuple(self._targets)[: len(units)] if len(units) > 1 else ()
        targets = tuple(name for name in self._targets if name in own or name not in names.split("、"))
        self.form.add(
            Field("into", "并入", FieldKind.CHOICE, required=True, choices=(NEW_UNIT, *targets)),
            *_REFORM_FIELDS,
            Field("keep_names", "保留牌子", FieldKind.CHECK, placeholder="原单位名称作为加挂名称保留"),
        )
        self.form.add_section()
        self.form.add(
            Field("full_name", "单位全称", required=True, max_length=100, wide=True, help="与公章一致"),
            Field("short_name", "单位简称", required=True, max_length=100),
            Field("category", "单位类别", FieldKind.CHOICE, required=True, choices=CATEGORIES),
            *(self._person_field(f"person{place}", post) for place, post in enumerate(UNIT_POSTS)),
        )
        start: dict[str, FieldValue] = {"into": NEW_UNIT, "day": ui.today(), "category": units[0].category}
        self.form.set_values(start | {f"person{place}": _NOBODY for place in range(len(UNIT_POSTS))})
        self.form.changed.connect(self._field_changed)
        self._show_effects()
        self.fit()

    def _field_changed(self, key: str) -> None:
        if key != "into":
            return
        new = self._into() is None
        for field in ("full_name", "short_name", "category", *(f"person{n}" for n in range(len(UNIT_POSTS)))):
            self.form.set_field_visible(field, new)
        self._show_effects()

    def _into(self) -> UnitRef | None:
        """Return the existing unit that is chosen, or None for a new one."""
        return self._targets.get(str(self.form.editor("into").value()))

    def _ended_ids(self) -> set[int]:
        into = self._into()
        return {line.unit_id for line in self._units} - {into.unit_id if into else 0}

    def _act(self, values: dict[str, FieldValue]) -> object:
        into = self._targets.get(str(values["into"]))
        target_id = into.unit_id if into else 0
        ended = [UnitRef(line.unit_id, line.version) for line in self._units if line.unit_id != target_id]
        target: UnitRef | NewUnit
        if into is None:
            posts = [(f"person{place}", post) for place, post in enumerate(UNIT_POSTS)]
            target = NewUnit(_unit(values), self._carried(values, posts))
        else:
            target = into
        return self._service.merge(ended, target, self._reform(values), keep_names=bool(values["keep_names"]))


class SplitDialog(ReformDialog):
    """One unit becomes several, or gives some off and goes on."""

    def __init__(
        self, service: UnitChangeService, unit: UnitLine, effects: Effects, ui: UiContext, parent: QWidget
    ) -> None:
        self._unit = unit
        super().__init__(f"拆分：{unit.short_name}", service, effects, ui, "拆分", parent)
        self.form.add(
            Field("goes_on", "原单位", FieldKind.CHECK, placeholder=f"“{unit.short_name}”保留，只分出新单位"),
            *_REFORM_FIELDS,
        )
        start: dict[str, FieldValue] = {"goes_on": True, "day": ui.today()}
        for place in range(_MOST_PARTS):
            optional = "" if place == 0 else "（没有就不填）"
            self.form.add_section(f"新单位{_NUMERALS[place]}{optional}")
            self.form.add(
                Field(f"full_name{place}", "单位全称", required=place == 0, max_length=100, wide=True),
                Field(f"short_name{place}", "单位简称", required=place == 0, max_length=100),
                Field(f"category{place}", "单位类别", FieldKind.CHOICE, required=True, choices=CATEGORIES),
                *(self._person_field(f"person{place}{n}", post) for n, post in enumerate(UNIT_POSTS)),
            )
            start |= {f"category{place}": unit.category}
            start |= {f"person{place}{n}": _NOBODY for n in range(len(UNIT_POSTS))}
        self.form.set_values(start)
        self.form.changed.connect(lambda key: self._goes_on_changed() if key == "goes_on" else None)
        self._goes_on_changed()
        self.fit()

    def _goes_on_changed(self) -> None:
        goes_on = bool(self.form.editor("goes_on").value())
        for place in range(_MOST_PARTS):
            for n in range(len(UNIT_POSTS)):
                self.form.set_field_visible(f"person{place}{n}", not goes_on)
        self._show_effects()

    def _ended_ids(self) -> set[int]:
        return set() if self.form.editor("goes_on").value() else {self._unit.unit_id}

    def _act(self, values: dict[str, FieldValue]) -> object:
        goes_on = bool(values["goes_on"])
        parts = []
        for place in range(_MOST_PARTS):
            suffix = str(place)
            if not values[f"full_name{suffix}"] and not values[f"short_name{suffix}"]:
                continue
            posts = [(f"person{place}{n}", post) for n, post in enumerate(UNIT_POSTS)]
            carried = () if goes_on else self._carried(values, posts)
            parts.append(NewUnit(_unit(values, suffix), carried))
        unit = UnitRef(self._unit.unit_id, self._unit.version)
        return self._service.split(unit, parts, self._reform(values), goes_on=goes_on)


class AbolishDialog(ReformDialog):
    """A unit ends and nobody takes its place."""

    def __init__(
        self, service: UnitChangeService, unit: UnitLine, effects: Effects, ui: UiContext, parent: QWidget
    ) -> None:
        self._unit = unit
        super().__init__(f"撤销：{unit.short_name}", service, effects, ui, "撤销单位", parent)
        self.form.add(*_REFORM_FIELDS)
        self.form.set_values({"day": ui.today()})
        self._show_effects()
        self.fit()

    def _ended_ids(self) -> set[int]:
        return {self._unit.unit_id}

    def _act(self, values: dict[str, FieldValue]) -> object:
        self._service.abolish(UnitRef(self._unit.unit_id, self._unit.version), self._reform(values))
        return self._unit.unit_id


def _unit(values: dict[str, FieldValue], suffix: str = "") -> UnitDraft:
    """Return the new unit of a form; its messages stand at the fields of that form."""
    draft = UnitDraft(
        full_name=str(values[f"full_name{suffix}"]),
        short_name=str(values[f"short_name{suffix}"]),
        category=str(values[f"category{suffix}"]),
    )
    try:
        return checked_unit(draft)
    except InvalidFormError as error:
        raise InvalidFormError({f"{key}{suffix}": text for key, text in error.messages.items()}) from error
