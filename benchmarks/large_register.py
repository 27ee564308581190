"""A register of any size for the benchmarks, written straight into the tables; the same one every time."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import insert

from cdo_desktop import paths
from cdo_desktop.models import Filing, Person, Post, Tenure, Unit
from cdo_desktop.office import Office
from cdo_desktop.rules.pinyin import PinyinKeys, pinyin_of, unit_pinyin
from cdo_desktop.rules.vocabulary import UNIT_POSTS, FilingKind, FilingState, UnitCategory, group_of
from cdo_desktop.services.search_index import rebuild_index
from cdo_desktop.services.units import post_rank
from cdo_desktop.store import open_database

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 9)

FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗单解欧阳钱沈韩唐冯于董萧程曹袁邓许傅彭"
GIVEN = "伟芳娜敏静磊洋勇艳杰涛明超秀霞平刚桂英华建文思远晓雯学正海国强丽军红玉兰新志宇浩然"
RARE = "𬀩𠅤𫍲𨭆"
PLACES = "友谊吴淞张庙罗店大场杨行月浦罗泾顾村高境淞南宝杨长江逸仙共富通河泗塘"
OFFICES = ("镇人民政府", "街道办事处", "教育局", "财政局", "数据局", "卫生健康委员会", "城市管理执法局")
SHORT = ("镇", "街道", "教育局", "财政局", "数据局", "卫健委", "城管执法局")
CATEGORIES = (UnitCategory.TOWN, UnitCategory.SUBDISTRICT, *(UnitCategory.GOVERNMENT,) * 5)


def person_name(number: int) -> str:
    """Return the name of the person with this number; names recur, as they do."""
    family = FAMILY[number % len(FAMILY)]
    middle = GIVEN[number // 7 % len(GIVEN)] if number % 3 else ""
    last = RARE[number % 4] if number % 97 == 0 else GIVEN[number // 41 % len(GIVEN)]
    return f"{family}{middle}{last}"


def unit_names(number: int) -> tuple[str, str]:
    """Return full and short name of the unit with this number."""
    place = PLACES[number % len(PLACES)] + PLACES[number * 7 // 3 % len(PLACES)]
    kind = number // 5 % len(OFFICES)
    serial = f"{number // 40}号" if number >= 40 else ""
    return f"上海市宝山区{place}{serial}{OFFICES[kind]}", f"{place}{serial}{SHORT[kind]}"


def make_register(folder: Path, posts: int) -> None:
    """Create a database with that many posts, two a unit, nearly all of them held and filed."""
    Office(folder, lambda: NOW).close()
    database = open_database(folder / paths.DATABASE_NAME)
    with database.write() as session:
        connection = session.connection()
        connection.execute(insert(Unit), list(_units(posts // 2)))
        connection.execute(insert(Post), list(_posts(posts)))
        connection.execute(insert(Person), list(_persons(posts)))
        connection.execute(insert(Tenure), list(_tenures(posts)))
        connection.execute(insert(Filing), list(_filings(posts)))
        rebuild_index(session)
    database.close()


def _units(count: int) -> Iterator[dict[str, object]]:
    for number in range(count):
        full_name, short_name = unit_names(number)
        keys = _unit_keys(short_name)
        category = CATEGORIES[number // 5 % len(CATEGORIES)]
        yield {
            "id": number + 1,
            "full_name": full_name,
            "full_name_confirmed": number % 3 > 0,
            "short_name": short_name,
            "pinyin": keys.full,
            "initials": keys.initials,
            "category": category,
            "unit_group": group_of(category),
            "sort_order": number * 10 + 10,
        }


def _posts(count: int) -> Iterator[dict[str, object]]:
    for number in range(count):
        kind = UNIT_POSTS[number % 2]
        yield {
            "id": number + 1,
            "unit_id": number // 2 + 1,
            "kind": kind,
            "rank": post_rank(kind),
            "empty_since": date(2024, 1, 1),
        }


def _persons(count: int) -> Iterator[dict[str, object]]:
    known: dict[str, PinyinKeys] = {}
    for number in range(count):
        name = person_name(number)
        if name not in known:
            known[name] = pinyin_of(name)
        keys = known[name]
        yield {
            "id": number + 1,
            "name": name,
            "pinyin": keys.full,
            "initials": keys.initials,
            "sort_key": keys.sort_key,
            "sex": "男" if number % 5 else "女",
            "office_phone": f"021-{56000000 + number * 7 % 999983}",
            "mobile": f"139{number * 7919 % 100000000:08d}",
            "email": f"user{number}@shbsq.gov.cn",
        }


def _tenures(count: int) -> Iterator[dict[str, object]]:
    for number in range(count):
        if number % 29 == 3:
            continue  # an empty post
        since = TODAY - timedelta(days=number * 13 % 1500 + 1)
        yield {
            "id": number + 1,
            "post_id": number + 1,
            "person_id": number + 1,
            "since": since,
            "title": f"{unit_names(number // 2)[1]}{('主任', '科员', '副局长', '办公室主任')[number % 4]}",
            "section": ("办公室", "数据资源管理科", "综合科", "")[number % 4],
            "head_status": ("是", "否", "主持工作")[number % 3] if number % 2 == 0 else "",
            "basis": f"宝府任〔{since.year}〕{number % 400 + 1}号",
        }


def _filings(count: int) -> Iterator[dict[str, object]]:
    states = (FilingState.DRAFT, FilingState.FILED, FilingState.FILED, FilingState.ISSUED)
    for number in range(count):
        if number % 29 == 3:
            continue
        change = number % 4 == 0
        day = TODAY - timedelta(days=number * 13 % 1500 + 1)
        yield {
            "id": number + 1,
            "uuid": str(UUID(int=2**100 + number * 7919)),
            "tenure_id": number + 1,
            "kind": FilingKind.CHANGE if change else FilingKind.FIRST,
            "state": states[number // 4 % 4],
            "change_date": day if change else None,
            "due_date": day + timedelta(days=3) if change else None,
        }


@cache
def _unit_keys(name: str) -> PinyinKeys:
    return unit_pinyin(name)
