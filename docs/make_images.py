"""Makes the pictures of docs/images anew: every screen at 1366×768, and at 150 %.

    python docs/make_images.py [NAME ...]      all, or those whose names begin so

Each scale is a process of its own on Qt's offscreen platform, with the bundled fonts, on a sample district as
of one fixed day, so that a picture changes only when the program does.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

    from cdo_desktop.office import Office

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
HELP = ROOT / "resources" / "help"
NOW = datetime(2026, 11, 24, 9, 30)
SCREEN = (1366, 768)
TASK_BAR = 40
_EXACT_COLOURS = 64
SCALES = {"100": 1.0, "150": 1.5}
sys.path.insert(0, str(ROOT))


def main() -> int:
    """Run every scale in turn and say how large the pictures are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--scale", choices=list(SCALES), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.scale:
        return _make(options.scale, tuple(options.names))
    for scale in SCALES:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, str(Path(__file__).resolve()), "--scale", scale, *options.names]
            done = subprocess.run(command, cwd=folder, env=_environment(scale, Path(folder)), check=False)
            if done.returncode:
                return done.returncode
    _give_to_manual()
    size = sum(file.stat().st_size for file in IMAGES.rglob("*.png"))
    print(f"{len(list(IMAGES.rglob('*.png')))} pictures, {size / 1e6:.1f} MB")
    return 0


def _give_to_manual() -> None:
    """Ship the pictures that the manual shows, and no others."""
    shown = set(re.findall(r"\(images/([\w-]+\.png)\)", (HELP / "manual.md").read_text(encoding="utf-8")))
    target = HELP / "images"
    target.mkdir(exist_ok=True)
    for file in target.glob("*.png"):
        file.unlink()
    for name in shown:
        shutil.copyfile(IMAGES / "100" / name, target / name)


def _environment(scale: str, folder: Path) -> dict[str, str]:
    screen = {"name": "one", "x": 0, "y": 0, "width": SCREEN[0], "height": SCREEN[1] - TASK_BAR}
    config = folder / "screen.json"
    config.write_text(json.dumps({"screens": [screen]}), encoding="utf-8")
    return os.environ | {
        "QT_QPA_PLATFORM": f"offscreen:configfile={config}",
        "QT_QPA_FONTDIR": str(ROOT / "resources" / "fonts"),
        "QT_SCALE_FACTOR": str(SCALES[scale]),
        "CDO_BUNDLED_FONTS": "1",
    }


def _make(scale: str, names: tuple[str, ...]) -> int:
    from cdo_desktop.ui.common.style import apply_style, new_application

    application = new_application()
    apply_style(application, dark=False)
    pictures = _Pictures(IMAGES / scale, names)
    Path("data").mkdir()  # a short path, without the name of this machine's folders
    pictures.take_all(application)
    return 0


class _GivenFiles:
    """Stands in for the dialogs of the system."""

    def __init__(self) -> None:
        self.path: Path | None = None

    def save_as(self, _parent: object, _title: str, _name: str, _pattern: str) -> Path | None:
        return self.path

    def open_file(self, _parent: object, _title: str, _pattern: str) -> Path | None:
        return self.path

    def open_files(self, _parent: object, _title: str, _pattern: str) -> list[Path]:
        return [self.path] if self.path else []

    def folder(self, _parent: object, _title: str) -> Path | None:
        return self.path


def _few_colours(picture: "Picture") -> "Picture":
    """Return a picture of at most 256 colours, the most frequent ones nearly as they are.

    An octree alone would make the white of a field and the grey of its window one colour; it is there for
    the few pixels of an icon's own colour.
    """
    from PIL import Image

    counted = sorted(picture.getcolors(picture.width * picture.height) or [], reverse=True)
    exact = [part for _count, colour in counted[:_EXACT_COLOURS] for part in colour]
    none = Image.Dither.NONE
    rest = picture.quantize(256 - _EXACT_COLOURS, method=Image.Quantize.FASTOCTREE, dither=none).getpalette()
    palette = Image.new("P", (1, 1))
    palette.putpalette([*exact, *(rest or [])])
    return picture.quantize(palette=palette, dither=none)


class _Pictures:
    """Goes through the program like a user and keeps what is seen."""

    def __init__(self, folder: Path, names: tuple[str, ...]) -> None:
        self._folder = folder
        self._names = names
        self._files = _GivenFiles()
        folder.mkdir(parents=True, exist_ok=True)

    def take_all(self, application: object) -> None:
        """Take every picture."""
        from PySide6.QtWidgets import QApplication

        from cdo_desktop.ui.common.style import apply_style

        self._cannot_open()
        self._guide()
        self._operators()
        self._filings()
        self._sample()
        self._register()
        self._help()
        self._paste()
        self._dialogs()
        self._forms_and_import()
        if isinstance(application, QApplication):
            apply_style(application, dark=True)
            self._dark()
        self.program.window.close()

    # Tools

    def wait(self, milliseconds: int = 60) -> None:
        """Let Qt work until nothing runs; QTest's wait would keep the workers from running."""
        from PySide6.QtCore import QEventLoop, QTimer

        while True:
            loop = QEventLoop()
            QTimer.singleShot(milliseconds, loop.quit)
            loop.exec()
            if not self.program.window.tasks.busy:
                return

    def save(self, name: str, widget: object) -> None:
        """Keep a picture of a widget, with 256 colours: a third of the size, and no eye sees it."""
        from PIL import Image
        from PySide6.QtWidgets import QWidget

        if not isinstance(widget, QWidget) or (self._names and not name.startswith(self._names)):
            return
        target = self._folder / f"{name}.png"
        widget.grab().save(str(target))
        with Image.open(target) as picture:
            few = _few_colours(picture.convert("RGB"))
        few.save(target, optimize=True)

    def start(self, folder: str) -> None:
        """Start the program on a folder, in a window as large as the screen."""
        from PySide6.QtWidgets import QApplication

        from cdo_desktop.app import Program

        self.program = Program(Path("data") / folder, clock=lambda: NOW, files=self._files)
        room = QApplication.primaryScreen().availableGeometry()
        self.program.window.resize(room.width(), room.height() - 30)  # the title bar of the system
        self.program.start()
        self.wait(300)

    def dialog(self) -> object:
        """Return the dialog on top, filled."""
        from PySide6.QtWidgets import QApplication

        self.wait(150)
        return QApplication.activeModalWidget()

    def close_dialog(self) -> None:
        """Close the dialog on top without saving."""
        from PySide6.QtWidgets import QApplication, QDialog

        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QDialog):
            dialog.done(0)
        self.wait()

    def during(self, action: Callable[[], object], name: str) -> None:
        """Take the picture of a dialog that does not return before it is closed."""
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QApplication, QDialog

        before = QApplication.activeModalWidget()

        def take() -> None:
            dialog = QApplication.activeModalWidget()
            if dialog is before or not isinstance(dialog, QDialog):
                QTimer.singleShot(100, take)
                return
            self.save(name, dialog)
            dialog.reject()

        QTimer.singleShot(200, take)
        action()
        self.wait(400)

    def select(self, unit: str, post: str) -> None:
        """Select one row of the register."""
        tab = self.program.tab
        if tab is None:
            raise RuntimeError("the register is not shown")
        model = tab.table.model
        for place in range(model.key_count):
            row = model.row_at(place)
            if row is not None and (row.unit, row.post) == (unit, post):
                tab.table.select_key(model.key_at(place))
                return
        raise LookupError(f"{unit} {post}")

    # Screens

    def _cannot_open(self) -> None:
        folder = Path("data/broken")
        folder.mkdir(parents=True)
        (folder / "cdo.sqlite3").write_bytes(b"no database" * 1000)
        self.start("broken")
        self.save("cannot-open", self.program.window)
        self.program.window.close()

    def _guide(self) -> None:
        self.start("office")
        self.save("start-guide", self.program.window)
        self.program.create_units()
        self.wait(400)
        self.save("unit-names", self.dialog())
        self.close_dialog()
        self.save("register-empty", self.program.window)
        self.program.window.close()

    def _operators(self) -> None:
        from PySide6.QtTest import QTest

        from cdo_desktop.office import Office
        from cdo_desktop.ui.system.operators_section import OperatorsSection
        from cdo_desktop.ui.system.system_tab import OPERATORS, TRAIL, SystemTab
        from cdo_desktop.ui.system.trail_section import TrailSection

        with Office(Path("data/staff"), clock=lambda: NOW) as office:
            office.sample.create()
            office.operators.rename(office.operators.get(1), "李明")
            for name, pin in (("王芳", "274190"), ("欧阳静", "830516"), ("赵敏", "591627")):
                office.operators.add(name, pin)
            office.operators.disable(office.operators.get(4))
        self.start("staff")
        page, window = self.program.sign_in_page, self.program.window
        if page is None:
            raise RuntimeError("nobody is asked")
        page.list.setCurrentRow(1)
        page.first.setFocus()
        QTest.keyClicks(page.pin, "2741")
        self.wait(300)
        self.save("sign-in", window)
        page.enter()
        self.wait(600)
        self.save("sign-in-wrong", window)
        QTest.keyClicks(page.pin, "274190")
        page.enter()
        self.wait(1200)
        window.tabs.setCurrentIndex(window.tabs.count() - 1)
        system = window.tabs.currentWidget()
        if not isinstance(system, SystemTab):
            raise RuntimeError("the system tab is not shown")
        system.go_to(OPERATORS)
        section = system.page(OPERATORS)
        if isinstance(section, OperatorsSection):
            section.table.select_keys([2])
            self.wait(300)
            self.save("operators", window)
            section.change_pin()
            self.save("operator-pin", self.dialog())
            self.close_dialog()
        system.go_to(TRAIL)
        self.wait(600)
        trail = system.page(TRAIL)
        if isinstance(trail, TrailSection):
            trail.table.select_key(trail.table.model.key_at(3))
            trail.check_action.trigger()
            self.wait(1500)
            self.save("trail", window)
        window.close()

    def _filings(self) -> None:
        """Show filings in every state, in a sample of their own."""
        from cdo_desktop.office import Office
        from cdo_desktop.rules.filing_steps import FilingStep
        from cdo_desktop.services.filing_sql import FilingView
        from cdo_desktop.ui.common.form_dialog import FormDialog
        from cdo_desktop.ui.filings.filings_tab import FilingsTab

        with Office(Path("data/papers/sample"), clock=lambda: NOW) as office:
            office.sample.create()
            _register_filings(office)
            _scan_own_form(office, Path("data"))
        self.start("papers")
        window = self.program.window
        window.tabs.setCurrentIndex(1)
        self.wait(400)
        tab = window.tabs.currentWidget()
        if not isinstance(tab, FilingsTab):
            raise RuntimeError("the filings are not shown")
        page = tab.filings
        page.enter()
        self.wait()
        self.save("filings", window)
        page.take(FilingStep.RECEIVE)
        self.save("filings-receive", self.dialog())
        self.close_dialog()
        page.chase()
        dialog = self.dialog()
        if isinstance(dialog, FormDialog):
            dialog.form.editor("said").set_value("等领导签字")
            dialog.save()
            self.wait(300)
        page.chase()
        self.save("filings-chase", self.dialog())
        self.close_dialog()
        page.show_view(FilingView.TO_NUMBER)
        self.wait(200)
        page.table.grid.selectAll()
        page.take(FilingStep.FILE)
        self.save("filings-number", self.dialog())
        self.close_dialog()
        menu = page.papers.menu(page.ledgers.actions)
        menu.popup(window.mapToGlobal(window.rect().center()))
        self.save("filings-menu", menu)
        menu.close()
        page.papers.all_reminders.trigger()
        self.wait(200)
        dialog = self.dialog()
        if isinstance(dialog, FormDialog):
            dialog.save()
            self.wait(1500)
        self.save("filings-reminder", self.dialog())
        self.close_dialog()
        for place, name in enumerate(("filings-papers", "filings-tray"), start=1):
            tab.switch.setCurrentIndex(place)
            self.wait(1500)
            self.save(name, window)
        window.close()

    def _sample(self) -> None:
        from cdo_desktop.office import Office
        from cdo_desktop.services import appointments, setup

        # The QR codes of the forms hold these ids; left to chance, the pictures would differ every time.
        numbers = iter(range(1, 10_000))
        for module in (appointments, setup):
            vars(module)["uuid4"] = lambda: UUID(int=next(numbers))
        with Office(Path("data/demo/sample"), clock=lambda: NOW) as office:
            office.sample.create()
        self.start("demo")

    def _register(self) -> None:
        tab, window = self.program.tab, self.program.window
        if tab is None:
            raise RuntimeError("the sample is not shown")
        self.select("吴淞街道", "数据专员")
        self.wait()
        self.save("register", window)
        tab.bar.search.setText("jyj")
        self.wait(200)
        self.save("register-search", window)
        tab.bar.search.clear()
        self.wait(200)
        tab.table.set_filter("state_is", "逾期")
        self.wait(200)
        self.save("register-overdue", window)
        tab.table.clear_filters()
        tab.table.set_filter("title", "主任")
        tab.table.set_filter("post", "数据专员")
        self.wait(200)
        self.save("register-filtered", window)
        tab.table.clear_filters()
        tab.bar.day.set_day(date(2025, 12, 31))
        self.wait(200)
        self.save("register-as-of", window)
        tab.bar.today_button.click()
        self.wait(200)
        self.select("吴淞街道", "数据专员")
        self._undo()
        menu = tab.table.rows_menu()
        menu.ensurePolished()
        menu.adjustSize()
        self.save("context-menu", menu)

    def _undo(self) -> None:
        """Show what is offered after an edit, and take it back."""
        from cdo_desktop.ui.common.form_dialog import FormDialog

        tab, workspace = self.program.tab, self.program.workspace
        if tab is None or workspace is None or workspace.undo is None:
            raise RuntimeError("the sample is not shown")
        self.select("友谊路街道", "数据专员")
        tab.update_holder()
        dialog = self.dialog()
        if isinstance(dialog, FormDialog):
            dialog.form.editor("mobile").set_value("13900009999")
            dialog.save()
        self.wait(200)
        self.save("undo", self.program.window)
        workspace.undo.undo.trigger()
        self.wait(200)
        self.select("吴淞街道", "数据专员")

    def _help(self) -> None:
        from PySide6.QtWidgets import QApplication

        from cdo_desktop.ui.common.help_window import HelpWindow

        self.program.window.show_help()
        self.wait(400)
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, HelpWindow):
                self.save("help", widget)
        self.program.window.help.close()
        self.wait()

    def _paste(self) -> None:
        """Show what a pasted block would do: changed, odd, the same, wrong, and a line for nobody."""
        from PySide6.QtGui import QGuiApplication

        tab = self.program.tab
        if tab is None:
            raise RuntimeError("the sample is not shown")
        lines = (
            "单位 岗位 科室 手机",
            "罗店镇 数据专员 数据科 13911110001",
            "吴淞街道 数据专员 综合科 1391111",
        )
        lines += (
            "张庙街道 数据专员 综合科 139****0028",
            "吴淞街道 首席数据官 办公室 13911110002",
            "合计 — — 4",
        )
        QGuiApplication.clipboard().setText("\n".join("\t".join(line.split()) for line in lines))
        tab.pasting.action.trigger()
        self.save("paste", self.dialog())
        self.close_dialog()

    def _dialogs(self) -> None:
        from cdo_desktop.ui.common.form_dialog import FormDialog

        tab = self.program.tab
        office = self.program.office
        if tab is None or office is None:
            raise RuntimeError("the sample is not shown")
        for name, unit, post, command in (
            ("update", "吴淞街道", "数据专员", tab.update_holder),
            ("update-cdo", "吴淞街道", "首席数据官", tab.update_holder),
            ("replace", "吴淞街道", "数据专员", tab.replace_holder),
            ("leave", "吴淞街道", "首席数据官", tab.leave),
            ("unit", "吴淞街道", "首席数据官", tab.edit_unit),
            ("history", "吴淞街道", "首席数据官", tab.show_history),
            ("personal-data", "吴淞街道", "首席数据官", tab.show_personal_data),
        ):
            self.select(unit, post)
            command()
            self.save(name, self.dialog())
            self.close_dialog()
        self._attachments()
        self.select("吴淞街道", "数据专员")
        tab.replace_holder()
        dialog = self.dialog()
        if isinstance(dialog, FormDialog):
            dialog.form.editor("since").set_value(NOW.date())
            dialog.form.editor("name").set_value("李2")
            dialog.form.editor("change_reason").set_value("退休")
            dialog.save()
            self.wait(200)
            self.save("replace-wrong", dialog)
            self.during(dialog.reject, "question")
        self.close_dialog()
        self.select("吴淞街道", "数据专员")
        tab.update_holder()
        dialog = self.dialog()
        row = tab.selected_rows()[0]
        opened = office.holders.get(row.tenure_id or 0)
        office.holders.update(opened, replace(opened, title="二级主任科员", office_phone="021-56009999"))
        if isinstance(dialog, FormDialog):
            dialog.form.editor("title").set_value("一级主任科员")
            self.during(dialog.save, "conflict")
        self.close_dialog()
        tab.reload()
        self.wait()

    def _attachments(self) -> None:
        from cdo_desktop.ui.registry.attachments_dialog import AttachmentsDialog

        tab = self.program.tab
        if tab is None:
            raise RuntimeError("the sample is not shown")
        self.select("吴淞街道", "首席数据官")
        tab.show_attachments()
        self.save("attachments-empty", self.dialog())
        dialog = self.dialog()
        if isinstance(dialog, AttachmentsDialog):
            dialog.add(_scans(Path("data")))
            self.wait(400)
            self.save("attachments", dialog)
        self.close_dialog()

    def _forms_and_import(self) -> None:
        from cdo_desktop.ui.registry.import_dialog import ImportDialog

        tab = self.program.tab
        if tab is None:
            raise RuntimeError("the sample is not shown")
        self.select("吴淞街道", "数据专员")
        tab.print_forms()
        self.wait(800)
        self.save("forms-one", self.dialog())
        self.close_dialog()
        tab.table.grid.clearSelection()
        tab.print_forms()
        self.wait(800)
        self.save("forms-all", self.dialog())
        self.close_dialog()
        tab.import_roster()
        self.save("import-start", self.dialog())
        self._files.path = _roster_with_problems(Path("data"))
        dialog = self.dialog()
        if isinstance(dialog, ImportDialog):
            dialog.choose_file()
            self.wait(800)
            self.save("import-problems", dialog)
        self.close_dialog()

    def _dark(self) -> None:
        self.wait(200)
        self.select("吴淞街道", "数据专员")
        self.wait()
        self.save("register-dark", self.program.window)
        tab = self.program.tab
        if tab is not None:
            tab.replace_holder()
            self.save("replace-dark", self.dialog())
            self.close_dialog()
            self.select("吴淞街道", "首席数据官")
            tab.show_attachments()
            self.save("attachments-dark", self.dialog())
            self.close_dialog()


def _register_filings(office: "Office") -> None:
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


def _scan_own_form(office: "Office", folder: Path) -> None:
    """Let a form without a code wait in the tray."""
    from io import BytesIO

    from pypdfium2 import PdfDocument

    from cdo_desktop.services.scan_intake import received_as_scan

    content = BytesIO()
    office.forms.draw(office.forms.compose(unit="区民政局"), content, duplex=False)
    with PdfDocument(content.getvalue()) as document:
        page = document[0].render(scale=2).to_pil()
    page.paste("white", (page.width * 3 // 4, 0, page.width, page.height // 8))
    page.save(folder / "区民政局 自制表.png")
    office.scans.take_in([folder / "区民政局 自制表.png"], received_as_scan(NOW.date()))


def _scans(folder: Path) -> list[Path]:
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


def _roster_with_problems(folder: Path) -> Path:
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


if __name__ == "__main__":
    sys.exit(main())
