"""What the program decides once for every district; an office changes texts in its form files instead."""

from typing import Final

PROGRAM_NAME: Final = "首席数据官工作台"
DEFAULT_ACTOR: Final = "本机经办人"  # named in the history until accounts exist
SAMPLE_FOLDER: Final = "sample"  # the sample district is a database of its own beside the real one
TEXTS_FOLDER: Final = "forms"  # the office's own form texts, in its data folder
DATABASE_ID: Final = "database_id"  # key of the stored setting that identifies a database on paper
