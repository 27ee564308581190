"""The screens of docs/images: goes through the program like a user."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

from picture_camera import NOW, Camera
from picture_data import register_filings, roster_with_problems, scan_own_form, scans


class Screens(Camera):
    """Every screen that has a picture."""

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
            register_filings(office)
            scan_own_form(office, Path("data"))
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
            dialog.add(scans(Path("data")))
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
        self._files.path = roster_with_problems(Path("data"))
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
