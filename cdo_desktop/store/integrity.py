"""Whether a database file is whole: its pages, its references, its rules, its version, its values."""

import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from cdo_desktop.errors import StorageError
from cdo_desktop.store.connection import connect, readable_text, storage_errors
from cdo_desktop.store.schema import APPLICATION_ID, HEAD

logger = logging.getLogger(__name__)

_RULES = (
    "tenures_one_holder_insert",
    "tenures_one_holder_update",
    "filings_filed_is_final",
    "filing_prints_are_final",
    "attachments_of_filed_update",
    "attachments_of_filed_delete",
    "filings_filed_is_kept",
    "history_is_append_only_update",
    "history_is_append_only_delete",
)
_APPEND_ONLY = ("audit_links", "history_redactions", "person_erasures")
_SEARCHED = ("persons", "units", "unit_names", "unit_second_names")
# What the migrations up to HEAD leave in the database; a test holds them equal.
TRIGGERS = frozenset(_RULES).union(
    (f"{table}_is_append_only_{event}" for table in _APPEND_ONLY for event in ("update", "delete")),
    (f"{table}_search_{event}" for table in _SEARCHED for event in ("insert", "update", "delete")),
)
_MOST_MESSAGES = 100
_CLOCK_TOLERANCE = timedelta(hours=1)
# What the environment refuses says nothing about the file.
_ENVIRONMENT = frozenset(
    (
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_INTERRUPT,
    )
)
_YEAR = "year"  # a column of that name
# A value that cannot be what its column says, by the declared type.
_WRONG_VALUE = {
    "INTEGER": "typeof({0}) NOT IN ('integer', 'null')",
    "BOOLEAN": "{0} NOT IN (0, 1)",
    "VARCHAR": "typeof({0}) NOT IN ('text', 'null')",
    "DATE": "{0} IS NOT date(julianday({0}))",  # without julianday, 30 February stays as it is
    "DATETIME": "substr({0}, 1, 10) IS NOT date(julianday(substr({0}, 1, 10)))"
    " OR substr({0}, 1, 19) IS NOT strftime('%Y-%m-%d %H:%M:%S', {0})",
    _YEAR: "{0} NOT BETWEEN 1949 AND 2100",  # a page of another table's rows in this one's place
}


@dataclass(frozen=True)
class Finding:
    """What a check found wrong: a sentence for the user, and what a maintainer wants to see."""

    sentence: str
    details: tuple[str, ...] = ()
    warning: bool = False  # worth knowing, but the data can be worked with
    stops_work: bool = True  # of a problem: nothing may be written until it is mended


Check: TypeAlias = Callable[[sqlite3.Connection], list[Finding]]


@dataclass(frozen=True)
class NamedCheck:
    """One question to a database; services add theirs (seals, audit chain, attachments)."""

    name: str
    run: Check


@dataclass(frozen=True)
class CheckReport:
    """The outcome of all checks. ``damaged``: the pages themselves cannot be trusted."""

    findings: tuple[Finding, ...]
    passed: tuple[str, ...]
    damaged: bool

    @property
    def problems(self) -> tuple[str, ...]:
        """The sentences of what is wrong."""
        return tuple(finding.sentence for finding in self.findings if not finding.warning)

    @property
    def warnings(self) -> tuple[str, ...]:
        """The sentences of what is worth knowing although the data can be worked with."""
        return tuple(finding.sentence for finding in self.findings if finding.warning)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    @property
    def stops_work(self) -> bool:
        """Whether something is wrong with which nobody should go on writing."""
        return any(finding.stops_work and not finding.warning for finding in self.findings)

    def with_more(self, other: "CheckReport") -> "CheckReport":
        """Return what both have found."""
        return CheckReport(
            (*self.findings, *other.findings),
            (*self.passed, *other.passed),
            self.damaged or other.damaged,
        )

    @property
    def lines(self) -> tuple[str, ...]:
        """Everything for the reader: what is wrong first, then what was looked at and is in order."""
        wrong = [("注意：" if finding.warning else "问题：") + finding.sentence for finding in self.findings]
        right = [f"正常：{name}" for name in self.passed]
        return (*wrong, *right)

    @property
    def details(self) -> tuple[str, ...]:
        """What a maintainer wants to see."""
        return tuple(line for finding in self.findings for line in finding.details)


def check_database(
    path: Path,
    *,
    now: datetime | None = None,
    quick: bool = False,
    thorough: bool = False,
    extra: Sequence[NamedCheck] = (),
) -> CheckReport:
    """Look a database over without changing it; raises StorageError when it is missing or locked.

    ``quick`` leaves out what reads every row twice, ``thorough`` adds what reads every text. ``now`` lets it
    find a clock that runs behind the records.
    """
    checks = [
        NamedCheck("数据文件的结构", lambda connection: _structure(connection, path, quick=quick)),
        NamedCheck("数据版本", _version),
        NamedCheck("记录之间的关联", _references),
        NamedCheck("数据库里的规则", _rules),
    ]
    if not quick:
        checks.append(NamedCheck("日期和数字的格式", _values))
    if thorough:
        checks.append(NamedCheck("文字的编码", _texts))
    if now is not None:
        checks.append(NamedCheck("电脑的时间", lambda connection: _clock(connection, now)))
    report = run_checks(path, (*checks, *extra))
    wrong_structure = checks[0].name not in report.passed
    return replace(report, damaged=report.damaged or wrong_structure)


def run_checks(path: Path, checks: Sequence[NamedCheck]) -> CheckReport:
    """Ask a database these questions alone; raises StorageError when it is missing or locked."""
    findings: list[Finding] = []
    passed: list[str] = []
    damaged = False
    with storage_errors(path, reading=True), open_existing(path) as connection:
        for check in checks:
            found, unreadable = _run(check, connection)
            damaged |= unreadable
            findings += found
            if not found:
                passed.append(check.name)
    if findings:
        logger.warning("check: %d findings, unreadable: %s", len(findings), damaged)
    return CheckReport(tuple(findings), tuple(passed), damaged)


@contextmanager
def open_existing(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a file that is there, to read it; raises StorageError when it is missing or empty."""
    if not path.exists() or path.stat().st_size == 0:
        raise StorageError(f"没有找到数据库“{path}”。没有改动任何文件，请检查数据文件夹是否选对。")
    # mode=rw and not ro: a transaction cut short is rolled back before anything is read.
    address = f"{path.absolute().as_uri()}?mode=rw"
    with closing(connect(address, uri=True)) as connection:
        connection.text_factory = readable_text  # a damaged text must not stop the check
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        yield connection


def _run(check: NamedCheck, connection: sqlite3.Connection) -> tuple[list[Finding], bool]:
    """Return what a check found, and whether the file could not even be read for it."""
    try:
        return check.run(connection), False
    except sqlite3.DatabaseError as error:
        if is_from_outside(error):
            raise
        return [Finding(f"{check.name}无法检查：文件已损坏，或不是数据库。", (str(error),))], True


def is_from_outside(error: sqlite3.DatabaseError) -> bool:
    """Tell whether a lock, the disk or the system refused, and not the content of the file."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _ENVIRONMENT


def _structure(connection: sqlite3.Connection, path: Path, *, quick: bool) -> list[Finding]:
    page = int(connection.execute("PRAGMA page_size").fetchone()[0])
    size = path.stat().st_size
    if size % page:
        # SQLite would fill the last page with zeros and call it good.
        return [Finding("数据文件的末尾被截断。", (f"{size} bytes, pages of {page}",))]
    pragma = "quick_check" if quick else "integrity_check"
    messages = [str(row[0]) for row in connection.execute(f"PRAGMA {pragma}({_MOST_MESSAGES})")]
    if messages == ["ok"]:
        return []
    count = f"{len(messages)} 处" if len(messages) < _MOST_MESSAGES else f"至少 {_MOST_MESSAGES} 处"
    return [Finding(f"数据文件有 {count}损坏。", tuple(messages))]


def _version(connection: sqlite3.Connection) -> list[Finding]:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    if application != APPLICATION_ID or not _has_table(connection, "alembic_version"):
        return [Finding("这不是本程序的数据库。")]
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    version = str(row[0]) if row else "无"
    if version == HEAD:
        return []
    return [Finding(f"数据版本是 {version}，本程序用的是 {HEAD}。", warning=version < HEAD)]


def _has_table(connection: sqlite3.Connection, name: str) -> bool:
    query = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?"
    return bool(connection.execute(query, (name,)).fetchone()[0])


def stored_version(connection: sqlite3.Connection) -> str:
    """Return the migration that a database stands at, or "" when it is none of ours."""
    if not _has_table(connection, "alembic_version"):
        return ""
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else ""


def _references(connection: sqlite3.Connection) -> list[Finding]:
    broken = connection.execute("PRAGMA foreign_key_check").fetchmany(_MOST_MESSAGES)
    if not broken:
        return []
    return [
        Finding(
            f"有 {len(broken)} 条记录指向不存在的记录。",
            tuple(f"{table} row {row} -> {parent}" for table, row, parent, _key in broken),
        )
    ]


def _rules(connection: sqlite3.Connection) -> list[Finding]:
    if stored_version(connection) != HEAD:
        return []  # an older database has the rules of its time
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    missing = sorted(TRIGGERS - {str(name) for (name,) in connection.execute(query)})
    if not missing:
        return []
    return [Finding(f"数据库缺少 {len(missing)} 条保护规则，可能被别的程序改动过。", tuple(missing))]


def tables_of(connection: sqlite3.Connection) -> list[str]:
    """Return the names of the tables that hold rows of their own."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
        "AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    )
    return [str(name) for (name,) in connection.execute(query)]


def quoted(name: str) -> str:
    """Return a name as SQL wants it."""
    return '"' + name.replace('"', '""') + '"'


def _kind_of(name: str, declared: str) -> str:
    """Return what a column has to hold: its declared type, or a year by its name."""
    return _YEAR if name == _YEAR else declared.partition("(")[0].upper()


def _values(connection: sqlite3.Connection) -> list[Finding]:
    details = []
    for table in tables_of(connection):
        columns = connection.execute(f"PRAGMA table_info({quoted(table)})").fetchall()
        wrong = {
            str(column[1]): _WRONG_VALUE[kind].format(quoted(str(column[1])))
            for column in columns
            if (kind := _kind_of(str(column[1]), str(column[2]))) in _WRONG_VALUE
        }
        if not wrong:
            continue
        sums = ", ".join(f"coalesce(sum({condition}), 0)" for condition in wrong.values())
        counts = connection.execute(f"SELECT {sums} FROM {quoted(table)}").fetchone()
        details += [f"{table}.{name}: {count}" for name, count in zip(wrong, counts, strict=True) if count]
    if not details:
        return []
    return [Finding(f"有 {len(details)} 栏的内容格式不对（日期、数字或是否）。", tuple(details))]


def _texts(connection: sqlite3.Connection) -> list[Finding]:
    bad = 0

    def strict(raw: bytes) -> str:
        nonlocal bad
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            bad += 1
            return ""

    connection.text_factory = strict
    try:
        for table in tables_of(connection):
            for _row in connection.execute(f"SELECT * FROM {quoted(table)}"):
                pass
    finally:
        connection.text_factory = readable_text
    return [Finding(f"有 {bad} 处文字无法读出。")] if bad else []


def _clock(connection: sqlite3.Connection, now: datetime) -> list[Finding]:
    if not _has_table(connection, "history"):
        return []
    newest = connection.execute("SELECT max(at) FROM history").fetchone()[0]
    latest = (now + _CLOCK_TOLERANCE).isoformat(sep=" ")
    if newest is None or str(newest) <= latest:
        return []
    day = str(newest)[:10]
    return [Finding(f"电脑的时间早于最近一条记录（{day}），请核对电脑的日期和时间。", warning=True)]
