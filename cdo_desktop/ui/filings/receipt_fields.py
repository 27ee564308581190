"""How a paper came: the fields that every window of 收件 asks for."""

from collections.abc import Mapping
from datetime import date

from cdo_desktop.rules.vocabulary import PaperForm, PaperWay
from cdo_desktop.services.filing_receipts import ReceiptDraft
from cdo_desktop.ui.common.fields import Field, FieldKind, FieldValue

RECEIPT_FIELDS = (
    Field(
        "form", "形式", FieldKind.CHOICE, required=True, choices=tuple(map(str, PaperForm)), access_key="F"
    ),
    Field("received_on", "收到日期", FieldKind.DATE, required=True, access_key="D"),
    Field("way", "方式", FieldKind.CHOICE, required=True, choices=tuple(map(str, PaperWay)), access_key="W"),
)


def receipt_from(values: Mapping[str, FieldValue]) -> ReceiptDraft:
    """Return how a paper came, as the fields say."""
    day = values["received_on"]
    return ReceiptDraft(
        PaperForm(str(values["form"])),
        day if isinstance(day, date) else None,
        PaperWay(str(values["way"])),
    )
