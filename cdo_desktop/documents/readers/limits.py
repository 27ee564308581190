"""How much of a foreign workbook or scan is read: beyond this a file is refused with a sentence.

The largest honest file is a lossless register of ten cities: 100,000 rows of 14 columns, or 2,000 of 40.
Ratio, grace and entries are those of Apache POI's ZipSecureFile; the rest is measured (quality.md R20, R21).
"""

MAX_FILE_BYTES = 50 * 1024 * 1024
MAX_ENTRIES = 1_000
"""Files inside the zip of an .xlsx."""
MAX_INFLATED_BYTES = 200 * 1024 * 1024
"""All files of the zip together, unpacked."""
MAX_RATIO = 100
"""Unpacked size by packed size of one XML part ..."""
RATIO_GRACE_BYTES = 100 * 1024
"""... that is larger than this when unpacked."""
MAX_SHEETS = 255
MAX_ROWS = 200_000
MAX_COLUMNS = 1_000
MAX_CELLS = 4_500_000
"""Rows by columns, from A1 to the last value of each sheet, all sheets together."""
MAX_TREE_BYTES = 10 * 1024 * 1024
"""Parts that are read whole: the list of sheets and the relations."""

READ_MEMORY_BYTES = 1024 * 1024 * 1024
"""Address space of the reading process, program and libraries included."""
MARK_MEMORY_BYTES = 1536 * 1024 * 1024
MARK_KEEPING_STYLES_BYTES = 40 * 1024 * 1024
"""A larger unpacked workbook is marked as a copy of its values: openpyxl needs fifty times the space."""

MAX_SCAN_BYTES = 500 * 1024 * 1024
MAX_SCAN_PAGES = 500
MAX_PICTURE_PIXELS = 80_000_000
"""A page of A3 at 600 dpi has 70 million; 119 took 620 MB."""
MAX_PHOTO_PIXELS = 120_000_000
"""Phones take up to 108 million, as .jpg, which is unpacked smaller at once."""
MAX_PICTURE_SIDE = 40_000
MAX_SCAN_PAGE_PIXELS = 18_000_000
"""What is looked at of one page: A3 at 300 dpi. Finer pictures are made smaller."""
SCAN_DPI = (150, 200, 300)
"""A page of a PDF is drawn at least, without a picture that tells, and at most so fine."""
SCAN_MEMORY_BYTES = 512 * 1024 * 1024
"""Address space of the process that reads scans; a photo of 119 million pixels takes 480 MB."""
