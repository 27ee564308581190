"""200 备案表 in one file and in 200 files, against platypus making the same pages.

First the pages of both are read back and compared: equal text page by page, every entered value found, no
glyph 0. Then each is timed in turn and the ratios of the medians are printed, with their goals.
"""

import argparse
import io
import os
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("CDO_BUNDLED_FONTS", "1")

import pypdfium2

import benchmarks.forms_platypus as platypus
from cdo_desktop.documents.pdf.filing_form import FilingFormData, PaperCode, write_form, write_forms
from cdo_desktop.rules.vocabulary import (
    ChangeReason,
    FilingKind,
    Handover,
    HeadStatus,
    PostKind,
    UnitCategory,
)

ONE_FILE_GOAL = 0.30
SEPARATE_GOAL = 0.60

_FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
_GIVEN = "伟芳娜敏静磊洋勇艳杰涛明超秀霞平刚桂英华建文𬀩𠅤𫍲𨭆喆堃珺昇旻㛃䶮"
_PLACES = "友谊路吴淞张庙罗店大场杨行月浦罗泾顾村高境庙行淞南"
_OFFICES = ("人民政府办公室", "城市运行管理中心", "数据资源管理科", "政务服务中心", "经济发展办公室")


def sample_forms(count: int) -> list[FilingFormData]:
    """Return that many different forms of both posts in all kinds; the same ones every time."""
    return [_sample(number) for number in range(count)]


def _sample(number: int) -> FilingFormData:
    place = _PLACES[number * 2 % 24 : number * 2 % 24 + 2]
    office = _OFFICES[number % len(_OFFICES)]
    day = date(2026, 1, 4) + timedelta(days=number)
    name, other, former = (_name(number * 3 + step) for step in range(3))
    return FilingFormData(
        post=PostKind.CDO if number % 2 == 0 else PostKind.SPECIALIST,
        kind=tuple(FilingKind)[number % 3],
        blank=False,
        filled_on=day,
        receiving_body="区信息委",
        unit_full_name=f"上海市宝山区{place}镇人民政府",
        unit_category=UnitCategory.TOWN,
        unit_address=f"上海市宝山区{place}路{100 + number}号",
        unit_postcode=f"20{number % 2000:04d}",
        name=name,
        sex="男" if number % 3 else "女",
        birth_month="",
        political_status="",
        title=f"{place}镇{office}主任、党组书记" * (1 + number % 2),
        head_status=tuple(HeadStatus)[number % 3],
        head_note="" if number % 3 == 0 else "主要负责人空缺，暂由其分管",
        since=day,
        basis=f"宝府任〔2026〕{number + 1}号，{day.month}月{day.day}日区人大常委会任命",
        work_scope="数据目录编制、数据归集、数据共享和应用场景建设",
        section=office,
        rank="四级主任科员",
        duties="公共数据目录编制、归集和共享需求对接，大数据资源平台账号管理，联系区大数据中心",
        digital_years=f"{number % 20 + 1}年",
        education="大学，计算机科学与技术",
        training="2025年11月全区数据专员业务培训",
        platform_account=f"bs-{number:04d}",
        backup_name=other,
        backup_phone=f"021-5656{number:04d}",
        office_phone=f"021-5666{number:04d}",
        mobile=f"1390000{number:04d}",
        email=f"user{number}@shbsq.gov.cn",
        counterpart_name=other,
        counterpart_title=f"{office}副主任",
        counterpart_phone=f"021-5676{number:04d}",
        predecessor_name=former,
        predecessor_title=f"{place}镇{office}主任",
        change_reason=tuple(ChangeReason)[number % 5],
        change_date=day - timedelta(days=3),
        due_date=day,
        due_provisional=number % 4 == 0,
        handover=tuple(Handover)[number % 2],
        filler=former,
        filler_phone=f"021-5686{number:04d}",
        leave_date=day - timedelta(days=3),
        code=PaperCode(str(uuid.UUID(int=2**100 + 7)), str(uuid.UUID(int=2**99 + number * 7919))),
    )


def _name(number: int) -> str:
    given = _GIVEN[number % len(_GIVEN)] + (_GIVEN[number * 7 % len(_GIVEN)] if number % 3 else "")
    return _FAMILY[number % len(_FAMILY)] + given


def page_texts(content: bytes) -> list[str]:
    """Return the text of every page without blanks and line ends."""
    document = pypdfium2.PdfDocument(content)
    try:
        return ["".join(page.get_textpage().get_text_range().split()) for page in document]
    finally:
        document.close()


def check_equal(forms: Sequence[FilingFormData]) -> None:
    """Stop unless both ways give the same characters on every page, the entered ones among them."""
    ours, theirs = io.BytesIO(), io.BytesIO()
    write_forms(forms, ours)
    platypus.write_forms(forms, theirs)
    our_pages, their_pages = page_texts(ours.getvalue()), page_texts(theirs.getvalue())
    if len(our_pages) != len(forms) or len(their_pages) != len(forms):
        raise SystemExit(f"pages: ours {len(our_pages)}, platypus {len(their_pages)}, forms {len(forms)}")
    for number, (form, our, their) in enumerate(zip(forms, our_pages, their_pages, strict=True), 1):
        if sorted(our) != sorted(their):
            raise SystemExit(f"page {number}: texts differ\n{our}\n{their}")
        for value in (form.name, form.title, form.unit_full_name, form.basis, form.mobile):
            if value not in our or value not in their:
                raise SystemExit(f"page {number}: {value!r} is missing")
    size = len(ours.getvalue()) / len(theirs.getvalue())
    print(
        f"forms-text equal pages={len(forms)} bytes={len(ours.getvalue())} of-platypus={size:.2f}", flush=True
    )


def _seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def _compare(
    name: str, goal: float, rounds: int, ours: Callable[[], object], peer: Callable[[], object]
) -> bool:
    """Time both in turn, print the ratio of the medians and return whether it reaches the goal."""
    our_times, peer_times = [], []
    for _ in range(rounds):
        peer_times.append(_seconds(peer))
        our_times.append(_seconds(ours))
    ratio = median(our_times) / median(peer_times)
    floor, own = f"{median(peer_times):.3f}s", f"{median(our_times):.3f}s"
    print(f"{name} ratio={ratio:.3f} goal={goal:.2f} floor={floor} ours={own}", flush=True)
    return ratio <= goal


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the comparison; 0 when every goal is reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forms", type=int, default=200, help="number of forms")
    parser.add_argument("--rounds", type=int, default=5, help="number of rounds, taken in turn")
    options = parser.parse_args(arguments)
    forms = sample_forms(options.forms)
    check_equal(forms)

    def separate(write: Callable[[FilingFormData, io.BytesIO], object]) -> None:
        for form in forms:
            write(form, io.BytesIO())

    reached = [
        _compare(
            "forms-one-file",
            ONE_FILE_GOAL,
            options.rounds,
            lambda: write_forms(forms, io.BytesIO()),
            lambda: platypus.write_forms(forms, io.BytesIO()),
        ),
        _compare(
            "forms-separate",
            SEPARATE_GOAL,
            options.rounds,
            lambda: separate(write_form),
            lambda: separate(lambda form, target: platypus.write_forms([form], target)),
        ),
    ]
    return 0 if all(reached) else 1


if __name__ == "__main__":
    raise SystemExit(main())
