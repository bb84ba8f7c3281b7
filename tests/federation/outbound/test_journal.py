"""The journal of answers survives kills, is read once, and never takes a living one."""

from pathlib import Path

from flask import Flask
from flask.ctx import AppContext

from app.core.settings import current_settings
from federation.models.delivery import DeliveryState
from federation.outbound.deliver import recover_journals
from federation.outbound.journal import Answer, Journal, read_left_behind
from tests.federation.outbound.rows import add_delivery, delivery


def left_behind(folder: Path) -> list[list[Answer]]:
    return [answers for _, answers in read_left_behind(folder)]


def dead_journal(folder: Path, content: bytes, name: str = "delivered-7-x.jsonl") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_a_run_without_answers_leaves_no_file(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.clear()
    journal.close()

    assert list(tmp_path.iterdir()) == []


def test_what_a_dead_run_noted_is_read(tmp_path: Path) -> None:
    answer = Answer(3, "a.test", attempt=1, status=429, error="é", retry_after=2.5)
    journal = Journal(tmp_path)
    journal.note(answer)
    journal.close()

    assert left_behind(tmp_path) == [[answer]]


def test_the_journal_of_a_living_run_is_left_alone(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.note(Answer(3, "a.test", status=202))

    assert left_behind(tmp_path) == []
    journal.clear()
    journal.close()
    assert list(tmp_path.iterdir()) == []


def test_two_runs_of_one_process_write_two_files(tmp_path: Path) -> None:
    first, second = Journal(tmp_path), Journal(tmp_path)
    first.note(Answer(1, "a.test", status=202))
    second.note(Answer(2, "a.test", status=202))
    first.close()
    second.close()

    assert sorted(answers[0].delivery_id for answers in left_behind(tmp_path)) == [1, 2]


def test_a_half_written_last_line_and_rubbish_are_passed_over(tmp_path: Path) -> None:
    good = b'{"delivery_id": 3, "host": "a.test", "status": 202}\n'
    rubbish = b'[1]\n{"strange": 1}\n\xff\xfe\n'
    dead_journal(tmp_path, good + rubbish + good[:20])

    assert left_behind(tmp_path) == [[Answer(3, "a.test", status=202)]]


def test_recovering_writes_the_answers_once_and_removes_the_file(
    app: Flask, ctx: AppContext
) -> None:
    row_id = add_delivery("a.test")
    folder = current_settings().data_dir
    line = f'{{"delivery_id": {row_id}, "host": "a.test", "status": 202}}\n'.encode()
    path = dead_journal(folder, line)

    recover_journals(folder)
    recover_journals(folder)

    assert delivery(row_id).state == DeliveryState.DONE
    assert delivery(row_id).attempts == 1
    assert not path.exists()
