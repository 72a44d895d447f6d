"""A WebSocket client that can be as rude as it likes: it writes and reads the bytes itself."""

from __future__ import annotations

import base64
import os
import socket
import struct
import time
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Self

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
MOMENT = 10.0  # seconds; more than anything may take


def frame(
    data: bytes, opcode: int = TEXT, *, fin: bool = True, masked: bool = True, reserved: int = 0
) -> bytes:
    """The bytes of one frame, also of one that no client may send."""
    head = bytes([fin << 7 | reserved << 4 | opcode])
    bit, length = masked << 7, len(data)
    if length < 126:
        head += bytes([bit | length])
    elif length < 65_536:
        head += struct.pack("!BH", bit | 126, length)
    else:
        head += struct.pack("!BQ", bit | 127, length)
    if not masked:
        return head + data
    key = os.urandom(4)
    return head + key + bytes(byte ^ key[index % 4] for index, byte in enumerate(data))


class Frames:
    """Reads a server's frames from a socket; any byte that is none raises."""

    def __init__(self, line: socket.socket, begun: bytes = b"") -> None:
        self._line, self._buffer = line, begun

    def read(self) -> tuple[int, bytes]:
        """The next frame: opcode and content.

        :raises EOFError: the server hung up.
        :raises AssertionError: these bytes are no frame that a server may send.
        """
        first, second = self._take(2)
        assert first & 0xF0 == 0x80, f"not a whole, plain frame: {first:#x}"
        assert first & 0x0F in (TEXT, BINARY, CLOSE, PING, PONG), f"no such frame: {first:#x}"
        assert second < 128, "a server's frame is not masked"
        length = second
        if length == 126:
            (length,) = struct.unpack("!H", self._take(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", self._take(8))
            assert length < 1 << 24, "no frame of ours is that long"
        return first & 0x0F, self._take(length)

    def _take(self, count: int) -> bytes:
        while len(self._buffer) < count:
            try:
                part = self._line.recv(65_536)
            except ConnectionResetError:
                part = b""
            if not part:
                raise EOFError
            self._buffer += part
        taken, self._buffer = self._buffer[:count], self._buffer[count:]
        return taken


class Line:
    """One connection: the handshake's answer, and if it is 101 the frames."""

    def __init__(
        self,
        port: int,
        address: str,
        cookies: Mapping[str, str] | None = None,
        *,
        origin: str | None = "",
        without: tuple[str, ...] = (),
        method: str = "GET",
        **more: str,
    ) -> None:
        key = base64.b64encode(os.urandom(16)).decode()
        headers = {
            "Host": f"127.0.0.1:{port}",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Key": key,
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits",
            "Cookie": "; ".join(f"{name}={value}" for name, value in (cookies or {}).items()),
        }
        if origin is not None:
            headers["Origin"] = origin or f"http://127.0.0.1:{port}"
        headers |= {name.replace("_", "-"): value for name, value in more.items()}
        lines = [f"{name}: {value}" for name, value in headers.items() if name not in without]
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=MOMENT)
        head = "\r\n".join([f"{method} {address} HTTP/1.1", *lines, "", ""])
        self.socket.sendall(head.encode())
        self.status, self.headers, begun = self._read_head()
        self.frames = Frames(self.socket, begun)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.socket.close()

    def send(self, data: str | bytes, opcode: int = TEXT) -> None:
        """Send a proper frame."""
        self.send_raw(frame(data.encode() if isinstance(data, str) else data, opcode))

    def send_raw(self, data: bytes) -> None:
        """Send bytes; a server that has hung up does not mind."""
        with suppress(BrokenPipeError, ConnectionResetError):
            self.socket.sendall(data)

    def text(self, seconds: float = MOMENT) -> str:
        """The next text; pings are answered on the way.

        :raises TimeoutError: there is none.
        """
        until = time.monotonic() + seconds
        while True:
            self.socket.settimeout(max(0.01, until - time.monotonic()))
            opcode, data = self.frames.read()
            if opcode == TEXT:
                return data.decode()
            assert opcode != CLOSE, f"closed with {struct.unpack('!H', data[:2])[0]}"
            if opcode == PING:
                self.send(data, PONG)

    def texts_until(self, wanted: str, seconds: float = MOMENT) -> list[str]:
        """Every text up to the one in which this is."""
        texts: list[str] = []
        until = time.monotonic() + seconds
        while not texts or wanted not in texts[-1]:
            texts.append(self.text(until - time.monotonic()))
        return texts

    def closed(self, seconds: float = MOMENT) -> int:
        """The code that the server closes with; 0 if it only hangs up.

        :raises TimeoutError: it does not close.
        """
        self.socket.settimeout(seconds)
        while True:
            try:
                opcode, data = self.frames.read()
            except EOFError:
                return 0
            if opcode == CLOSE:
                code: int = struct.unpack("!H", data[:2])[0] if data else 1005
                return code

    def is_open(self) -> bool:
        """Whether the server answers a ping."""
        self.send(b"there?", PING)
        self.socket.settimeout(MOMENT)
        while True:
            try:
                opcode, data = self.frames.read()
            except EOFError:
                return False
            if opcode in (CLOSE, PONG):
                return (opcode, data) == (PONG, b"there?")

    def _read_head(self) -> tuple[int, dict[str, str], bytes]:
        data = b""
        while b"\r\n\r\n" not in data:
            part = self.socket.recv(65_536)
            if not part:
                return 0, {}, data
            data += part
        head, _, rest = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        pairs = (line.partition(": ") for line in lines)
        return int(first.split()[1]), {name.lower(): value for name, _, value in pairs}, rest
