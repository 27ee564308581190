"""Pasting a block into the register: 信息更新 of every holder that it names, in one step."""

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any

from cdo_desktop.rules.text import mask_mobile
from cdo_desktop.services.holder_draft import PERSON_FIELDS, HolderDraft
from cdo_desktop.ui.common.paste_plan import PasteAsked, PasteChange, PasteTarget, Step

if TYPE_CHECKING:
    from cdo_desktop.services.block_update import Asked, BlockUpdateService, FoundHolder


class RegisterPaste:
    """Finds and writes what is pasted, through the service; runs in tasks."""

    def __init__(self, service: "Callable[[], BlockUpdateService]", titles: dict[str, str]) -> None:
        """``titles`` are what the columns are called, by their keys."""
        self._service = service
        self._titles = titles

    def naming(self, columns: Sequence[Sequence[str]]) -> Sequence[str]:
        """Tell columns of units, posts and names of persons."""
        return self._service().naming(columns)

    def find(
        self, asked: Sequence[PasteAsked], columns: Sequence[str], shown: Collection[Any]
    ) -> Sequence[PasteTarget]:
        """Return the present holders."""
        found = self._service().find([_asked(line) for line in asked], columns, shown)
        return [_target(holder, columns) for holder in found]

    def save(self, changes: Sequence[PasteChange], step: Step) -> str:
        """Write all, or nothing."""
        from cdo_desktop.services.block_update import HolderChange

        wanted = [HolderChange(change.opened, change.values) for change in changes]
        count = self._service().save(wanted, step)
        keys = {key for change in changes for key in change.values}
        fields = "、".join(title for key, title in self._titles.items() if key in keys)
        return f"已粘贴：更新 {count} 人的{fields}"


def _asked(line: PasteAsked) -> "Asked":
    from cdo_desktop.services.block_update import Asked

    if isinstance(line.key, tuple):
        return Asked(key=line.key)
    names = line.names
    return Asked(unit=names.get("unit", ""), post=names.get("post", ""), name=names.get("name", ""))


def _target(found: "FoundHolder", columns: Sequence[str]) -> PasteTarget:
    from cdo_desktop.services.block_update import reason_against

    opened = found.opened
    if opened is None:
        return PasteTarget(problem=found.problem)
    return PasteTarget(
        name=f"{found.unit} {opened.post} {opened.name}",
        values={key: getattr(opened, key) for key in columns},
        shown={"mobile": mask_mobile(opened.mobile)},
        refused={key: reason for key in columns if (reason := reason_against(key, opened.post))},
        records={key: _record(key, opened) for key in columns},
        opened=opened,
    )


def _record(key: str, opened: HolderDraft) -> tuple[str, int | None]:
    return ("person", opened.person_id) if key in PERSON_FIELDS else ("tenure", opened.tenure_id)
