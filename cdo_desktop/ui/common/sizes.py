"""Sizes of files for people."""

from PySide6.QtCore import QLocale


def size_text(size: int) -> str:
    """Return a number of bytes as lists show it: 1.2 MB."""
    return QLocale().formattedDataSize(size, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)
