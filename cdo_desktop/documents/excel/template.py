"""The workbook that is sent to units for filling in, with drop-downs, checks, an example and notes."""

from pathlib import Path

from cdo_desktop.documents.atomic import atomic_target


def write_template(target: Path, *, full: bool = True, side_by_side: bool = False) -> None:
    """Write an empty roster that the import understands.

    ``full`` has a column for every field of the forms, else the basic ones; ``side_by_side`` has a row a unit
    with both posts, else a row a post. Raises FileInUseError or StorageError, as ``atomic_target`` does.
    """
    from cdo_desktop.documents.excel.template_book import make_template  # openpyxl takes 0.1 s

    # What openpyxl opens itself stays open after an error, and Windows removes no open file.
    with atomic_target(target) as fresh, fresh.open("wb") as file:
        make_template(full=full, side_by_side=side_by_side).save(file)
