"""A job title as it is stored: letters spread to fill a column are put together again."""

from cdo_desktop.rules.text import clean_text


def clean_title(value: object) -> str:
    """Return a title in its stored form: 主　任 and 副 主 任 are 主任 and 副主任.

    Only where every part between blanks is one Chinese character, which no title consists of: the blank in
    党组书记 局长 divides two titles and stays, as does that in 局 长 一级调研员, which could be either.
    """
    text = clean_text(value)
    parts = text.split(" ")
    return "".join(parts) if len(parts) > 1 and all(map(_is_one_character, parts)) else text


def _is_one_character(part: str) -> bool:
    return len(part) == 1 and part.isalpha() and part >= "\u3400"  # CJK begins there
