"""The days off that the law itself fixes, for years whose State Council notice is not out yet."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

from cdo_desktop.errors import InvalidInputError

FIRST_YEAR = 1949
LAST_YEAR = 2100
LAW = "《全国年节及纪念日放假办法》"
_NEW_LAW_YEAR = 2025  # State Council order of 2024-11-10: 除夕 and 05-02 are added from 2025 on


@lru_cache(maxsize=LAST_YEAR - FIRST_YEAR + 1)
def statutory_days(year: int) -> Mapping[date, str]:
    """Return the statutory days off of a year with their names, in calendar order.

    Source: 全国年节及纪念日放假办法 of 2024-11-10 from 2025 on (13 days), its 2013 version for every earlier
    year (11 days). Days in lieu of those that fall on a weekend are set by the year's notice, not here.
    Raises ``InvalidInputError`` outside 1949–2100, where the lunar calendar is not vouched for.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidInputError(f"只能推算{FIRST_YEAR}年至{LAST_YEAR}年的节假日，请核对日期的年份。")
    new_year = _lunar_day(year, 1, 1)
    eve = 1 if year >= _NEW_LAW_YEAR else 0
    labour_days = 2 if year >= _NEW_LAW_YEAR else 1
    spans = (
        ("元旦", date(year, 1, 1), 1),
        ("春节", new_year - timedelta(days=eve), 3 + eve),
        ("清明节", _tomb_sweeping_day(year), 1),
        ("劳动节", date(year, 5, 1), labour_days),
        ("端午节", _lunar_day(year, 5, 5), 1),
        ("中秋节", _lunar_day(year, 8, 15), 1),
        ("国庆节", date(year, 10, 1), 3),
    )
    names: dict[date, str] = {}
    for name, first, length in spans:
        for offset in range(length):
            day = first + timedelta(days=offset)
            names[day] = f"{names[day]}、{name}" if day in names else name
    return MappingProxyType(dict(sorted(names.items())))


def _lunar_day(year: int, month: int, day: int) -> date:
    from borax.calendars.lunardate import LunarDate  # 20 ms: only a year without a notice needs it

    solar: date = LunarDate(year, month, day).to_solar_date()
    return solar


def _tomb_sweeping_day(year: int) -> date:
    from borax.calendars.lunardate import TermUtils

    day: date = TermUtils.nth_term_day(year, term_name="清明")
    return day
