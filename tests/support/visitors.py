"""Customers over real HTTP: each has a cookie, posts forms, and may lose the connection."""

from __future__ import annotations

import http.client
import re
import socket
import time
import uuid
from dataclasses import dataclass
from urllib.parse import urlencode

LOST = (OSError, http.client.HTTPException)
"""What a browser calls a network error."""


@dataclass
class Visitor:
    """One browser with the chat open."""

    port: int
    key: str
    cookie: str = ""
    conversation: str = ""

    def open(self) -> None:
        """Load the chat page, which gives the cookie."""
        status, headers, _ = self._ask("GET", f"/chat/{self.key}", {})
        assert status == 200, status
        self.cookie = headers["Set-Cookie"].split(";")[0]

    def send(self, body: str, mid: str) -> int:
        """Post a message once; the status of the answer.

        :raises OSError, HTTPException: no answer came.
        """
        status, _, html = self._ask("POST", self._address(), {"client_msg_id": mid, "body": body})
        if found := re.search(r'data-conversation="([^"]+)"', html):
            self.conversation = found[1]
        return status

    def send_and_hang_up(self, body: str, mid: str) -> None:
        """Post a message and go before the answer comes, as in a tunnel."""
        form = urlencode({"client_msg_id": mid, "body": body})
        lines = [f"POST {self._address()} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        lines += [f"{name}: {value}" for name, value in self._fixed().items()]
        lines += [f"Content-Length: {len(form)}", "", form]
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as line:
            line.sendall("\r\n".join(lines).encode())
            line.recv(1)  # the answer has begun, so the message is stored; nobody reads it

    def send_until_stored(self, body: str, *, mid: str = "", seconds: float = 40.0) -> str:
        """Post a message again and again with one id until the server says "stored"; the id.

        :raises TimeoutError: it never did.
        """
        mid = mid or str(uuid.uuid4())
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            try:
                if self.send(body, mid) == 200:
                    return mid
            except LOST:
                pass
            time.sleep(0.05)
        raise TimeoutError(f"{body!r} was not stored in {seconds} s")

    def _address(self) -> str:
        if self.conversation:
            return f"/w/c/{self.conversation}/messages"
        return f"/chat/{self.key}/messages"

    def _fixed(self) -> dict[str, str]:
        return {
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Site": "same-origin",
            "HX-Request": "true",
            "Cookie": self.cookie,
        }

    def _ask(
        self, method: str, address: str, fields: dict[str, str]
    ) -> tuple[int, http.client.HTTPMessage, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request(method, address, urlencode(fields), self._fixed())
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()
