"""The pool of threads: when jobs begin, in which order, and what a broken one does to others."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask, current_app

from helpdesk import background
from helpdesk.background.threads import LONGEST_QUEUE, Inline, Pool
from tests.support.kept import wait_until

WAIT, FAIL = 1, 2


@dataclass
class Diary:
    """What was done, when, on which thread."""

    done: list[int] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    threads: set[str] = field(default_factory=set)
    gate: threading.Event = field(default_factory=threading.Event)

    def do(self, number: int, kind: int = 0) -> None:
        (self.note, self.wait, self.fail)[kind](number)

    def note(self, number: int) -> None:
        assert current_app, "a job has an application around it"
        self.threads.add(threading.current_thread().name)
        self.done.append(number)
        self.at.append(time.monotonic())

    def wait(self, number: int) -> None:
        self.gate.wait(10)
        self.note(number)

    def fail(self, number: int) -> None:
        self.note(number)
        raise ValueError("boom")


@pytest.fixture
def diary() -> Iterator[Diary]:
    made = Diary()
    yield made
    made.gate.set()


@pytest.fixture
def pool(diary: Diary) -> Callable[[int], Pool]:
    return lambda workers: Pool(Flask("pool"), "job", diary.do, workers)


def is_done(diary: Diary, count: int) -> None:
    wait_until(lambda: len(diary.done) >= count)


def test_jobs_begin_when_they_are_due_and_in_that_order(
    pool: Callable[[int], Pool], diary: Diary
) -> None:
    threads, began = pool(1), time.monotonic()
    for number, delay in ((3, 0.3), (1, 0.1), (2, 0.2), (0, 0.0)):
        threads.enqueue(delay, {"number": number})
    is_done(diary, 4)
    assert diary.done == [0, 1, 2, 3]
    for number, at in zip(diary.done, diary.at, strict=True):
        assert at - began >= number / 10, "too early"


def test_jobs_that_are_due_together_keep_their_order(
    pool: Callable[[int], Pool], diary: Diary
) -> None:
    threads = pool(1)
    for number in range(50):
        threads.enqueue(0.0, {"number": number})
    is_done(diary, 50)
    assert diary.done == list(range(50))


def test_a_job_that_fails_stops_neither_its_thread_nor_the_others(
    pool: Callable[[int], Pool], diary: Diary, caplog: pytest.LogCaptureFixture
) -> None:
    threads = pool(1)
    with caplog.at_level(logging.ERROR):
        for number in range(3):
            threads.enqueue(0.0, {"number": number, "kind": FAIL})
        threads.enqueue(0.0, {"number": 3})
        is_done(diary, 4)
    assert diary.done == [0, 1, 2, 3]
    assert len(diary.threads) == 1
    assert [record.getMessage() for record in caplog.records] == [
        f"job {{'kind': 2, 'number': {number}}} failed; the sweeper will try again"
        for number in range(3)
    ]


def test_a_long_job_does_not_hold_up_the_others(pool: Callable[[int], Pool], diary: Diary) -> None:
    threads = pool(2)
    threads.enqueue(0.0, {"number": 0, "kind": WAIT})
    for number in range(1, 5):
        threads.enqueue(0.0, {"number": number})
    is_done(diary, 4)
    assert diary.done == [1, 2, 3, 4]
    diary.gate.set()
    is_done(diary, 5)


def test_no_thread_is_started_before_the_first_job_because_the_server_forks(
    pool: Callable[[int], Pool], diary: Diary
) -> None:
    before = threading.active_count()
    threads = pool(3)
    assert threading.active_count() == before
    threads.enqueue(0.0, {"number": 1})
    assert threading.active_count() == before + 3
    is_done(diary, 1)


def test_what_is_in_the_queue_already_is_not_put_there_again(
    pool: Callable[[int], Pool], diary: Diary
) -> None:
    threads = pool(1)
    threads.enqueue(0.0, {"number": 0, "kind": WAIT})
    wait_until(lambda: not threads._queue)
    for _ in range(100):  # as a sweeper does while all workers are busy
        threads.enqueue(0.0, {"number": 1})
        threads.enqueue(0.0, {"number": 0, "kind": WAIT})
    diary.gate.set()
    is_done(diary, 3)
    threads.enqueue(0.0, {"number": 1})
    is_done(diary, 4)
    # The job under way may be asked for once more, in case what it looked at has changed since.
    assert diary.done == [0, 1, 0, 1]


def test_a_full_queue_drops_the_hint_and_says_so(
    pool: Callable[[int], Pool], diary: Diary, caplog: pytest.LogCaptureFixture
) -> None:
    threads = pool(1)
    threads.enqueue(0.0, {"number": -1, "kind": WAIT})
    wait_until(lambda: not threads._queue)
    with caplog.at_level(logging.WARNING):
        for number in range(LONGEST_QUEUE + 3):
            threads.enqueue(0.0, {"number": number})
    assert len(caplog.records) == 3
    assert "the queue is full; the sweeper will find job" in caplog.text
    diary.gate.set()
    is_done(diary, LONGEST_QUEUE + 1)
    assert diary.done == [-1, *range(LONGEST_QUEUE)]
    threads.enqueue(0.0, {"number": LONGEST_QUEUE})
    is_done(diary, LONGEST_QUEUE + 2)


def test_in_tests_jobs_run_at_once(diary: Diary) -> None:
    app = Flask("inline")
    app.extensions["background"] = Inline({"note": diary.note})
    with app.app_context():
        background.enqueue("note", delay=60, number=7)
    assert diary.done == [7]


def test_what_is_repeated_goes_on_after_a_failure_and_ends_when_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stop, rounds = threading.Event(), []

    def look() -> None:
        rounds.append(current_app.name)
        if len(rounds) == 2:
            raise ValueError("boom")

    thread = background.repeat(Flask("round"), look, every=0.01, stop=stop)
    wait_until(lambda: len(rounds) >= 5)
    stop.set()
    thread.join(5)
    assert not thread.is_alive()
    assert caplog.text.count("look failed; the next round tries again") == 1
