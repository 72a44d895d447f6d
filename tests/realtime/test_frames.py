"""What a page may send on its socket: next to nothing (B41 to B48)."""

from __future__ import annotations

import time

import psutil
import pytest

from tests.realtime.conftest import House, Visitor
from tests.realtime.line import BINARY, CLOSE, PING, TEXT, Line, frame

KIB = 1024


@pytest.fixture
def line(maya: Visitor) -> Line:
    """A customer's page that has shown everything."""
    line = maya.line()
    assert line.status == 101
    line.texts_until("chat-flow")
    return line


def test_b41_a_message_of_16_kib_is_the_longest(line: Line) -> None:
    with line:
        line.send("x" * 16 * KIB)
        assert line.is_open()
        line.send("x" * (16 * KIB + 1))
        assert line.closed() == 1009


def test_b41_a_length_that_is_only_announced_takes_no_memory(house: House, line: Line) -> None:
    before = memory(house)
    with line:
        # A text frame of 4 exabytes, of which 20 KiB come; its mask is four zeros.
        line.send_raw(b"\x81\xff" + (1 << 62).to_bytes(8, "big") + bytes(4) + b"x" * 20 * KIB)
        assert line.closed() == 1009
    assert memory(house) - before < 8 * KIB * KIB


def memory(house: House) -> int:
    """What the server's processes hold, in bytes."""
    family = psutil.Process(house.server.pid)
    return sum(process.memory_info().rss for process in [family, *family.children()])


def test_b42_a_compressed_frame_is_no_frame(line: Line) -> None:
    with line:
        line.send_raw(frame(b"\x00" * 10, reserved=4))
        assert line.closed() == 1002


def test_b43_a_message_in_very_many_pieces_is_too_long_all_the_same(line: Line) -> None:
    with line:
        line.send_raw(frame(b"x", TEXT, fin=False))
        line.send_raw(frame(b"x", 0, fin=False) * (17 * KIB))
        assert line.closed() == 1009


@pytest.mark.parametrize(
    "data", [b"\xff\xfe", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"a\xe2\x82"], ids=repr
)
def test_b44_text_that_is_no_text_is_refused(line: Line, data: bytes) -> None:
    with line:
        line.send(data)
        assert line.closed() == 1007


def test_b45_whatever_is_said_is_ignored(line: Line) -> None:
    with line:
        line.send(b"\x00\xff" * 100, BINARY)
        for words in ("", "{}", "[]", "not JSON", "[" * 5_000, '{"type": "message", "body": "x"}'):
            line.send(words)
        assert line.is_open()


@pytest.mark.parametrize(
    "data",
    [
        frame(b"hello", masked=False),
        frame(b"x", 3),
        frame(b"x", 11),
        frame(b"x", reserved=1),
        frame(b"x" * 126, PING),
        frame(b"x", PING, fin=False),
        frame(b"x", 0),
        frame(b"x", TEXT, fin=False) + frame(b"x", TEXT),
        frame(b"\x03", CLOSE),
        frame((1005).to_bytes(2, "big"), CLOSE),
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
    ids=[
        "unmasked",
        "opcode 3",
        "opcode 11",
        "reserved bit",
        "long ping",
        "ping in pieces",
        "a piece of nothing",
        "a message inside another",
        "half a code",
        "a code that is none",
        "HTTP",
    ],
)
def test_b46_what_breaks_the_protocol_ends_it(line: Line, data: bytes) -> None:
    with line:
        line.send_raw(data)
        assert line.closed() in (1002, 1005)


def test_b47_the_61st_frame_of_a_minute_is_one_too_many(line: Line) -> None:
    left = 60 - time.monotonic() % 60  # the server counts by the minutes of this same clock
    if left < 3:
        time.sleep(left + 0.1)
    with line:
        line.send_raw(frame(b"x") * 60)
        assert line.is_open()
        line.send("one too many")
        assert line.closed() == 4429


def test_b47_a_flood_of_pings_is_a_flood(line: Line) -> None:
    with line:
        line.send_raw(frame(b"x", PING) * 200)
        assert line.closed() == 4429


def test_b48_the_4th_page_of_a_customer_closes_the_oldest(house: House, maya: Visitor) -> None:
    lines = []
    for _ in range(3):
        lines.append(maya.line())
        lines[-1].texts_until("chat-flow")  # taken in: which one is the oldest is certain
    other = house.visitor().line()
    fourth = maya.line()
    assert fourth.status == 101
    assert lines[0].closed() == 4409
    assert all(line.is_open() for line in (lines[1], lines[2], fourth, other))
    for line in (*lines, fourth, other):
        line.socket.close()


def test_b48_an_agent_may_have_ten(house: House) -> None:
    agent = house.agent("Priya Nair")
    lines = []
    for _ in range(11):
        lines.append(house.desk_line(agent))
        lines[-1].text()
    assert lines[0].closed() == 4409
    assert all(line.is_open() for line in lines[1:])
    for line in lines:
        line.socket.close()


def test_b54_pages_that_come_and_go_leave_nothing_behind(house: House) -> None:
    worker = psutil.Process(house.server.pid).children()[0]
    people = [house.visitor() for _ in range(4)]

    def come_and_go() -> None:
        for number in range(40):
            with people[number % 4].line() as line:
                if number % 3 == 0:
                    line.text()
                elif number % 3 == 1:
                    line.send_raw(frame(b"", CLOSE))

    def open_files() -> int:
        return worker.num_fds()

    with people[0].line() as line:
        line.text()
    before = open_files()
    come_and_go()
    until = time.monotonic() + 5
    while open_files() > before + 8 and time.monotonic() < until:
        time.sleep(0.1)
    assert open_files() <= before + 8
