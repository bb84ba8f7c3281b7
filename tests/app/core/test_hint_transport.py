"""The embedded queue: hints are whole or not there."""

from collections.abc import Iterator
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from app.core.hint_transport import Channel, broker_url


@pytest.fixture
def channel(tmp_path: Path) -> Iterator[Channel]:
    options = {
        "data_folder_in": str(tmp_path),
        "data_folder_out": str(tmp_path),
        "control_folder": str(tmp_path / "control"),
    }
    connection = Connection(broker_url(), transport_options=options)
    yield connection.channel()
    connection.release()


def test_message_comes_back_as_it_was(channel: Channel) -> None:
    channel._put("inbox", {"body": "x", "headers": {"task": "t"}})

    assert channel._get("inbox") == {"body": "x", "headers": {"task": "t"}}


def test_message_is_taken_once_and_leaves_nothing(channel: Channel, tmp_path: Path) -> None:
    channel._put("inbox", {"body": "x"})
    channel._get("inbox")

    with pytest.raises(Empty):
        channel._get("inbox")
    assert [path for path in tmp_path.iterdir() if path.is_file()] == []


def test_queues_do_not_mix(channel: Channel) -> None:
    channel._put("inbox", {"body": "x"})

    with pytest.raises(Empty):
        channel._get("deliver")


def test_oldest_message_comes_first(channel: Channel) -> None:
    for number in range(3):
        channel._put("inbox", {"number": number})
        channel._put("feeds", {"number": -1})

    assert [channel._get("inbox")["number"] for _ in range(3)] == [0, 1, 2]


def test_half_a_message_is_thrown_away_and_the_next_one_read(
    channel: Channel, tmp_path: Path
) -> None:
    (tmp_path / "0_half.inbox.msg").write_text('{"body"')
    channel._put("inbox", {"body": "whole"})

    assert channel._get("inbox") == {"body": "whole"}


def test_message_being_written_is_not_seen(channel: Channel, tmp_path: Path) -> None:
    (tmp_path / "0_new.part").write_text('{"body"')

    with pytest.raises(Empty):
        channel._get("inbox")
