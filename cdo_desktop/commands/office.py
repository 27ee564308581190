"""What every command without a window begins with: the data folder, the open office, who acts."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from cdo_desktop import paths
from cdo_desktop.console import has_terminal
from cdo_desktop.errors import InvalidInputError

if TYPE_CHECKING:
    from cdo_desktop.office import Office
    from cdo_desktop.services.sign_in import OperatorChoice

DONE, NOT_ALL_DONE = 0, 1
PIN_VARIABLE = "CDO_PIN"


def data_folder(options: argparse.Namespace) -> Path:
    """Return where the data lies that was asked for."""
    folder: Path | None = options.data
    return folder if folder is not None else paths.default_data_folder()


@contextmanager
def open_office(options: argparse.Namespace) -> "Iterator[Office]":
    """Open the data for an operator who has shown who they are; where nothing is to be asked, nothing is."""
    from cdo_desktop.office import Office

    with Office(data_folder(options)) as office:
        chosen = _operator(office.choices, options.operator)
        if chosen.has_pin or not office.journal.actor:
            pin = _pin(chosen, options) if chosen.has_pin else ""
            who = office.operators.sign_in(chosen.operator_id, pin)
            if who.failures:
                print(f"提示：“{who.name}”上次登录以后，PIN 输错过 {who.failures} 次。", file=sys.stderr)
        yield office


def _operator(choices: "tuple[OperatorChoice, ...]", name: str | None) -> "OperatorChoice":
    from cdo_desktop.rules.text import clean_name

    names = "、".join(choice.name for choice in choices)
    if name is None:
        if len(choices) == 1:
            return choices[0]
        raise InvalidInputError(f"请用 --operator 写明由谁经办（{names}）。没有执行任何操作。")
    wanted = clean_name(name)
    chosen = next((choice for choice in choices if choice.name == wanted), None)
    if chosen is None:
        raise InvalidInputError(f"没有名叫“{name}”的在用经办人，没有执行任何操作。可以写：{names}。")
    return chosen


def _pin(chosen: "OperatorChoice", options: argparse.Namespace) -> str:
    if options.pin is not None:
        return str(options.pin)
    if not has_terminal():
        raise InvalidInputError(
            f"“{chosen.name}”需要 PIN，没有执行任何操作。"
            f"请在可以输入的窗口里执行，或设置环境变量 {PIN_VARIABLE}。"
        )
    from getpass import getpass

    try:
        return getpass(f"“{chosen.name}”的 PIN（输入时不显示）：")
    except EOFError as error:
        raise InvalidInputError("没有输入 PIN，没有执行任何操作。") from error


def day_of(text: str | None) -> date | None:
    """Return a typed day; raises InvalidInputError."""
    from cdo_desktop.rules.dates import parse_date

    return parse_date(text) if text else None
