"""Putting the results of formulas back: openpyxl writes none, and previews and phones then show blanks."""

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from openpyxl.utils.cell import coordinate_to_tuple

Results = Mapping[tuple[int, int], tuple[str, str]]
"""(row, column) → type and text of a result, as an .xlsx stores them."""

# What openpyxl itself writes, and nothing else, has to match.
_FORMULA = re.compile(
    rb'<c r="([A-Z]+[0-9]+)"((?: s="[0-9]+")?)>(<f(?: [^>]*)?(?:/>|>[^<]*</f>))<v ?(?:/>|></v>)</c>'
)


def put_results_in(written: Path, results: Mapping[int, Results], target: Path) -> None:
    """Copy the workbook ``written`` by openpyxl to ``target``, with ``results`` by sheet number."""
    parts = {f"xl/worksheets/sheet{number}.xml": found for number, found in results.items() if found}
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename in parts:
                content = _with_results(content, parts[entry.filename])
            new.writestr(entry.filename, content)


def _with_results(sheet: bytes, results: Results) -> bytes:
    def fill(match: re.Match[bytes]) -> bytes:
        reference, style, formula = match.groups()
        kind, text = results.get(coordinate_to_tuple(reference.decode()), ("", ""))
        if not text and kind != "str":
            return match.group()
        shown = f' t="{kind}"' if kind else ""
        return b'<c r="%b"%b%b>%b<v>%b</v></c>' % (
            reference,
            style,
            shown.encode(),
            formula,
            escape(text).encode(),
        )

    return _FORMULA.sub(fill, sheet)
