"""A district of three units on a real database, and rosters for it as workbooks."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook
from PySide6.QtGui import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog

from cdo_desktop.office import Office
from cdo_desktop.rules.vocabulary import PostKind, UnitCategory
from cdo_desktop.services.holder_draft import HolderDraft
from cdo_desktop.services.register import RegisterQuery, RegisterRow
from cdo_desktop.services.unit_draft import UnitDraft
from cdo_desktop.ui.registry.services import RegistryServices

HEADS = ("单位简称", "岗位", "姓名", "性别", "现任职务", "任职日期", "委任依据", "手机")
# 区财政局 数据专员 is empty; the full name of 罗店镇 is not confirmed.
HOLDERS = (
    ("罗店镇", "首席数据官", "陈思远", "男", "镇长", "2024-03-01", "宝委〔2024〕3号", "13900000001"),
    ("罗店镇", "数据专员", "欧阳静", "女", "科员", "2024-03-01", "罗府〔2024〕5号", "13900000002"),
    ("区教育局", "首席数据官", "单学文", "男", "局长", "2023-09-10", "宝委〔2023〕9号", "13900000003"),
    ("区教育局", "数据专员", "吕晓雯", "女", "主任科员", "2023-09-10", "宝教〔2023〕4号", "13900000004"),
    ("区财政局", "首席数据官", "解正华", "男", "局长", "2022-01-05", "宝委〔2022〕1号", "13900000005"),
)
_UNITS = (
    ("宝山区罗店镇人民政府", "罗店镇", UnitCategory.TOWN, False),
    ("上海市宝山区教育局", "区教育局", UnitCategory.GOVERNMENT, True),
    ("上海市宝山区财政局", "区财政局", UnitCategory.GOVERNMENT, True),
)
NOW = datetime(2026, 11, 24, 9, 30)


@contextmanager
def small_office(folder: Path) -> Iterator[Office]:
    """Open a data folder with the units and holders in it."""
    with Office(folder / "data", clock=lambda: NOW) as office:
        for order, (full, short, category, confirmed) in enumerate(_UNITS, start=1):
            office.units.save(
                UnitDraft(
                    full_name=full,
                    full_name_confirmed=confirmed,
                    short_name=short,
                    category=category,
                    sort_order=order * 10,
                )
            )
        for short, post, name, sex, title, since, basis, mobile in HOLDERS:
            office.holders.appoint(
                HolderDraft(
                    post_id=post_of(office, short, post).post_id,
                    post=PostKind(post),
                    name=name,
                    sex=sex,
                    title=title,
                    since=date.fromisoformat(since),
                    basis=basis,
                    mobile=mobile,
                    office_phone="021-56100000",
                    head_status="是" if post == PostKind.CDO else "",
                    section="" if post == PostKind.CDO else "办公室",
                )
            )
        yield office


def services_of(office: Office) -> RegistryServices:
    """Return what the register tab gets."""
    return RegistryServices(
        office.register,
        lambda: office.holders,
        lambda: office.units,
        lambda: office.forms,
        lambda: office.roster_import,
        lambda: office.roster_export,
        lambda: office.block_update,
        lambda: office.personal_data,
        lambda: office.attachments,
    )


def register_rows(office: Office) -> list[RegisterRow]:
    """Return the whole register as it stands."""
    return office.register.all_rows(RegisterQuery())


def post_of(office: Office, unit: str, post: str) -> RegisterRow:
    """Return one line of the register."""
    return next(row for row in register_rows(office) if (row.unit, row.post) == (unit, post))


def write_roster(target: Path, lines: Sequence[Sequence[str]], heads: Sequence[str] = HEADS) -> Path:
    """Write a workbook with one head and these lines."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (heads, *lines):
        sheet.append(list(line))
    book.save(target)
    return target


def changed(line: int, **values: str) -> tuple[str, ...]:
    """Return a line of `HOLDERS` with other values, named by their heads."""
    named = dict(zip(HEADS, HOLDERS[line], strict=True)) | values
    return tuple(named[head] for head in HEADS)


def tab_round(dialog: QDialog) -> list[str]:
    """Press Tab until the focus is back where it was; return the names of the controls on the way."""
    start = current = dialog.focusWidget()
    reached: list[str] = []
    while True:
        reached.append(current.accessibleName())
        QTest.keyClick(current, Qt.Key.Key_Tab)
        current = dialog.focusWidget()
        if current is start:
            return reached
