"""A small form that asks how a paper is wanted; nothing of it is stored."""

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QWidget

from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.fields import Field, FieldValue
from cdo_desktop.ui.common.form_dialog import FormDialog
from cdo_desktop.ui.common.help import set_topic
from cdo_desktop.ui.common.overriding import override

_WIDTH = 44  # in average characters


class ChoiceDialog(FormDialog):
    """``saved`` carries the values; closing it asks nothing."""

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        values: Mapping[str, FieldValue],
        ui: UiContext,
        *,
        label: str,
        topic: str,
        parent: QWidget,
    ) -> None:
        super().__init__(title, ui, dict, save_label=label, parent=parent)
        set_topic(self, topic)
        self.form.add(*fields)
        self.form.set_values(values)
        self.fit_to_fields(self.fontMetrics().averageCharWidth() * _WIDTH)

    @override
    def reject(self) -> None:
        """Nothing is lost."""
        self.form.mark_clean()
        super().reject()

    @override
    def _show_dirty(self) -> None:
        """A choice is no change of anything."""
