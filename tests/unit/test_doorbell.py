"""The doorbell wakes who listens, never anybody else, and forgets who went."""

from __future__ import annotations

import threading

import pytest

from helpdesk.realtime.doorbell import Doorbell


def test_a_ring_wakes_everybody_who_listens_to_the_topic() -> None:
    bell = Doorbell()
    with (
        bell.listen(["a", "b"]) as first,
        bell.listen(["b"]) as second,
        bell.listen(["c"]) as third,
    ):
        bell.ring("b")
        assert (first.is_set(), second.is_set(), third.is_set()) == (True, True, False)
        first.clear()
        bell.ring("a", "nobody")
        assert (first.is_set(), third.is_set()) == (True, False)
        bell.ring_all()
        assert third.is_set()


def test_a_ring_between_the_look_and_the_wait_is_not_missed() -> None:
    bell = Doorbell()
    with bell.listen(["a"]) as ear:
        ear.clear()  # then the database is looked at
        bell.ring("a")
        assert ear.wait(0)


def test_who_goes_is_forgotten_however_they_go() -> None:
    bell = Doorbell()
    with pytest.raises(ConnectionError), bell.listen(["a", "b"]):
        raise ConnectionError
    assert bell._ears == {}
    bell.ring("a")
    bell.ring_all()


def test_a_topic_named_twice_is_listened_to_once() -> None:
    bell = Doorbell()
    with bell.listen(["a", "a"]) as ear:
        bell.ring("a")
        assert ear.is_set()
    assert bell._ears == {}


def test_listeners_come_and_go_while_it_rings() -> None:
    bell, stop, missed = Doorbell(), threading.Event(), []

    def comes_and_goes(number: int) -> None:
        for _ in range(200):
            with bell.listen(["all", f"only {number}"]) as ear:
                bell.ring(f"only {number}")
                if not ear.is_set():
                    missed.append(number)

    def rings() -> None:
        while not stop.is_set():
            bell.ring("all")
            bell.ring_all()

    ringer = threading.Thread(target=rings)
    ringer.start()
    visitors = [threading.Thread(target=comes_and_goes, args=(n,)) for n in range(8)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    stop.set()
    ringer.join()
    assert (missed, bell._ears) == ([], {})
