"""The supervisor with real, small child processes: restarts, giving up, and ending."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from app.supervisor import (
    CANNOT_START,
    HOPELESS_FAILURES,
    AlreadyRunningError,
    empty_queue_folder,
    lock_data_dir,
)
from tests.support.server import ROOT, wait_until

READY = "import os; os.write(int(os.environ['VERBINDPLAATS_READY_FD']), b'ready\\n');"
LIFELINE = "from app.lifeline import hold_lifeline; hold_lifeline();"
SLEEP = "import time; time.sleep(60)"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);"

SUPERVISE = """
import sys
from app.supervisor import Child, Supervisor
children = [Child(f"child{n}", [sys.executable, "-c", code]) for n, code in enumerate(sys.argv[1:])]
sys.exit(Supervisor(children, "http://ons.test").run())
"""

Supervise = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def supervise() -> object:
    """Run a supervisor over children that run these lines of Python."""
    made: list[subprocess.Popen[str]] = []

    def start(*codes: str, **options: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISE, *codes],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            **options,
        )
        made.append(process)
        return process

    yield start
    for process in made:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def is_ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "Ready: http://ons.test\n"


def test_the_line_ready_comes_once_when_a_child_can_serve(supervise: Supervise) -> None:
    process = supervise(f"{READY} {READY} {SLEEP}")

    is_ready(process)
    process.send_signal(signal.SIGTERM)

    assert process.communicate(timeout=10)[0] == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_all_children_with_status_0(supervise: Supervise, number: int) -> None:
    process = supervise(READY + SLEEP, SLEEP)
    is_ready(process)
    children = psutil.Process(process.pid).children()

    process.send_signal(number)

    assert process.wait(5) == 0
    assert len(children) == 2
    assert not any(child.is_running() for child in children)


@pytest.mark.parametrize(("number", "ends"), [(signal.SIGINT, True), (signal.SIGHUP, False)])
def test_a_background_job_hears_ctrl_c_and_under_nohup_no_hanging_up(
    supervise: Supervise, number: int, *, ends: bool
) -> None:
    former = signal.signal(number, signal.SIG_IGN)  # inherited, as from a shell
    process = supervise(READY + SLEEP)
    signal.signal(number, former)
    is_ready(process)

    process.send_signal(number)
    if not ends:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.5)
        process.send_signal(signal.SIGTERM)

    assert process.wait(10) == 0


def test_a_child_that_does_not_listen_is_killed_in_time(supervise: Supervise) -> None:
    process = supervise(DEAF + READY + SLEEP)
    is_ready(process)
    began = time.monotonic()

    process.send_signal(signal.SIGTERM)

    assert process.wait(10) == 0
    assert 3 < time.monotonic() - began < 5


def test_a_second_ctrl_c_does_not_wait(supervise: Supervise) -> None:
    process = supervise(DEAF + READY + SLEEP)
    is_ready(process)
    began = time.monotonic()

    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)

    assert process.wait(10) == 0
    assert time.monotonic() - began < 2


def test_a_hangup_that_nohup_has_switched_off_is_not_heard(supervise: Supervise) -> None:
    process = supervise(
        LIFELINE + READY + SLEEP, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)
    )
    is_ready(process)

    process.send_signal(signal.SIGHUP)

    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.5)


def test_a_child_that_ends_is_started_again(supervise: Supervise, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    once = f"import pathlib, sys; p = pathlib.Path({str(mark)!r});"
    once += "p.exists() or (p.touch(), sys.exit(3));"

    process = supervise(once + READY + SLEEP)

    is_ready(process)
    process.send_signal(signal.SIGTERM)
    assert "child0 ended with status 3; again in 1.0 s" in process.communicate(timeout=10)[1]


def test_a_child_that_cannot_start_ends_everything_with_status_1(supervise: Supervise) -> None:
    refusal = f"import sys; sys.stderr.write('error: taken\\n'); sys.exit({CANNOT_START})"

    process = supervise(refusal, LIFELINE + SLEEP)

    errors = process.communicate(timeout=10)[1]
    assert process.returncode == 1
    assert errors.splitlines()[0] == "error: taken"
    assert "Traceback" not in errors


def test_a_child_that_could_start_before_is_tried_for_ever(
    supervise: Supervise, tmp_path: Path
) -> None:
    mark = tmp_path / "mark"
    code = f"import pathlib, sys; p = pathlib.Path({str(mark)!r}); known = p.exists(); p.touch();"
    code += f"known and sys.exit({CANNOT_START});"
    process = supervise(f"{code} {READY} sys.exit(1)")
    is_ready(process)

    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(3)


def test_what_never_serves_is_given_up(supervise: Supervise) -> None:
    hurried = SUPERVISE.replace("import sys", "import sys, app.supervisor", 1).replace(
        "children =", "app.supervisor.RESTART_SECONDS = (0.01,)\nchildren =", 1
    )
    done = subprocess.run(
        [sys.executable, "-c", hurried, "raise SystemExit(7)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.count("ended with status 7") == HOPELESS_FAILURES - 1
    assert done.stderr.splitlines()[-1] == "error: child0 cannot start (status 7)"


def test_children_end_when_the_supervisor_is_killed(supervise: Supervise) -> None:
    process = supervise(LIFELINE + READY + SLEEP)
    is_ready(process)
    children = psutil.Process(process.pid).children()

    process.kill()

    wait_until(lambda: not any(child.is_running() for child in children), 2)


def test_output_that_nobody_reads_any_more_is_no_reason_to_end(supervise: Supervise) -> None:
    process = supervise(f"import time; time.sleep(0.5); {READY} {SLEEP}")
    assert process.stdout is not None
    process.stdout.close()

    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(2)
    process.send_signal(signal.SIGTERM)

    assert process.wait(5) == 0


def test_one_server_at_a_time_holds_a_data_directory(tmp_path: Path) -> None:
    first = lock_data_dir(tmp_path / "data")

    with pytest.raises(AlreadyRunningError, match="another server runs on"):
        lock_data_dir(tmp_path / "data")

    os.close(first)
    os.close(lock_data_dir(tmp_path / "data"))


def test_a_new_data_directory_is_the_owners_alone(tmp_path: Path) -> None:
    os.close(lock_data_dir(tmp_path / "data"))

    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_old_hints_are_thrown_away_at_the_start(tmp_path: Path) -> None:
    hints = tmp_path / "queue" / "hints"
    hints.mkdir(parents=True)
    (hints / "1_a.inbox.msg").write_text("{}")

    empty_queue_folder(tmp_path)

    assert list(hints.iterdir()) == []
    assert (tmp_path / "queue" / "control").is_dir()
