"""What the pictures of docs/images show beside the sample district: filings on their way, scans, a roster."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from picture_camera import NOW

if TYPE_CHECKING:
    from cdo_desktop.office import Office


def register_filings(office: "Office") -> None:
    """Register successors in ten units, and let some of their papers come."""
    from cdo_desktop.rules.filing_steps import FilingStep
    from cdo_desktop.rules.vocabulary import PaperForm, PostKind
    from cdo_desktop.services.appointments import FilingDraft
    from cdo_desktop.services.filing_list import FilingQuery
    from cdo_desktop.services.filing_receipts import ReceiptDraft
    from cdo_desktop.services.filing_sql import FilingView
    from cdo_desktop.services.holder_draft import HolderDraft
    from cdo_desktop.services.register import RegisterQuery

    names = ("张晓明", "李建华", "王丽", "赵伟", "陈静", "刘洋", "杨帆", "黄磊", "周敏", "吴强")
    posts = [row for row in office.register.all_rows(RegisterQuery()) if row.post == PostKind.SPECIALIST]
    held = [row for row in posts if row.tenure_id and row.due_date is None][:: len(posts) // len(names)]
    for place, (row, name) in enumerate(zip(held, names, strict=False)):
        opened = office.holders.get(row.tenure_id or 0)
        since = NOW.date() - timedelta(days=1 + place)
        blank = HolderDraft(opened.post_id, opened.post)
        new = replace(blank, name=name, since=since, sex="男", title="科员", mobile=f"1390000{place:04d}")
        office.holders.replace(opened, new, FilingDraft(change_reason="职务调整"))
    waiting = office.filing_list.keys(FilingQuery(FilingView.WAITING))
    for form, ids in ((PaperForm.SCAN, waiting[1:5]), (PaperForm.ORIGINAL, waiting[2:4])):
        plan = office.filings.plan(FilingStep.RECEIVE, ids)
        office.filings.receive(plan, ReceiptDraft(form, NOW.date()))


def scan_own_form(office: "Office", folder: Path) -> None:
    """Let a form without a code wait in the tray."""
    from io import BytesIO

    from pypdfium2 import PdfDocument

    from cdo_desktop.rules.vocabulary import PaperForm
    from cdo_desktop.services.filing_receipts import ReceiptDraft

    content = BytesIO()
    office.forms.draw(office.forms.compose(unit="区民政局"), content, duplex=False)
    with PdfDocument(content.getvalue()) as document:
        page = document[0].render(scale=2).to_pil()
    page.paste("white", (page.width * 3 // 4, 0, page.width, page.height // 8))
    page.save(folder / "区民政局 自制表.png")
    office.scans.take_in([folder / "区民政局 自制表.png"], ReceiptDraft(PaperForm.SCAN, NOW.date()))


def scans(folder: Path) -> list[Path]:
    """Write files as a unit sends them; the last one pretends to be something else."""
    written = []
    for name, content in (
        ("宝委组〔2025〕31号 任职通知.pdf", b"%PDF-1.7" + bytes(418_000)),
        ("备案表签字扫描件.jpg", b"\xff\xd8\xff\xe0" + bytes(1_260_000)),
        ("签字页.pdf.exe", b"MZ" + bytes(2000)),
    ):
        written.append(folder / name)
        written[-1].write_bytes(content)
    return written


def roster_with_problems(folder: Path) -> Path:
    """Write a workbook as a unit sends it: some lines as they are, some changed, some wrong."""
    from openpyxl import Workbook

    heads = ("单位简称", "岗位", "姓名", "性别", "现任职务", "任职日期", "办公电话", "手机")
    lines = (
        (
            "吴淞街道",
            "首席数据官",
            "郑玲",
            "女",
            "吴淞街道办事处主任",
            "2025-09-14",
            "021-56001020",
            "13900000021",
        ),
        ("吴淞街道", "数据专员", "周立群", "男", "四级主任科员", "2026-11-18", "021-56001099", "13900000099"),
        ("罗店镇政府", "数据专员", "何敏", "女", "科员", "2026.11.2", "021-56001033", "13900000033"),
        ("张庙街道", "首席数据官", "段诗涵", "女", "张庙街道办事处主任", "2026年13月5日", "", ""),
        ("区教育局", "数据专员", "", "", "", "", "", ""),
        ("区民政局", "首席数据官", "王建2", "男", "区民政局局长", "2026-10-08", "021-5600", "139000"),
    )
    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise RuntimeError("no sheet")
    for line in (("宝山区首席数据官、数据专员名册（2026年11月）",), heads, *lines):
        sheet.append(line)
    target = folder / "2026年11月名册.xlsx"
    book.save(target)
    return target
