"""Short forms of the long trials that act on an open office (docs/reliability.md)."""

from pathlib import Path

from benchmarks.reliability import clock, filing_numbers, odd_texts, paths, target_open
from benchmarks.reliability.offices import backups_of, copy_office
from benchmarks.reliability.works import Stock


def test_export_onto_an_open_file_leaves_it_and_works_when_it_is_closed(
    sample_file: Path, tmp_path: Path
) -> None:
    exports = [export for export in target_open.EXPORTS if export.name in ("roster", "backup")]
    losses = target_open.run(Stock(tmp_path / "stock", sample_file), tmp_path / "place", exports)
    assert (losses.trials, losses.lost) == (4, [])


def test_clock_that_jumps_disorders_nothing_and_is_warned_of(sample_file: Path, tmp_path: Path) -> None:
    losses = clock.run(sample_file, tmp_path, 1, days=2)
    assert (losses.steps, losses.lost) == (2 * clock.STEPS, [])


def test_clock_of_1970_stops_no_backup(sample_file: Path, tmp_path: Path) -> None:
    data = copy_office(sample_file, tmp_path).parent
    assert backups_of(data, lambda: clock.FIRST).back_up().path.exists()


def test_odd_data_folder_and_file_names_work(sample_file: Path, tmp_path: Path) -> None:
    stock = Stock(tmp_path / "stock", sample_file)
    losses = paths.run(stock, tmp_path, names=["50% &#张三 的..数据"], lengths=[])
    assert (losses.trials, losses.refused, losses.lost) == (4, [], [])


def test_two_programs_give_numbers_without_gap_or_double(sample_file: Path, tmp_path: Path) -> None:
    losses = filing_numbers.run(sample_file, tmp_path, 8)
    assert (losses.given, losses.lost) == (16, [])


def test_odd_texts_that_the_register_takes_are_read_on_its_papers(sample_file: Path, tmp_path: Path) -> None:
    losses = odd_texts.OddLosses()
    odd_texts.run_register(losses, sample_file, tmp_path, 10)
    assert (losses.papers.total(), losses.lost) == (11, [])
