"""`helpdesk doctor`: what is well is said to be, what is not comes with its cure."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from helpdesk import ai, clock
from helpdesk.config import MailServer
from helpdesk.extensions import writing
from helpdesk.models import Endpoint
from helpdesk.services import doctor
from helpdesk.services.doctor import Finding
from tests.support.make import Make
from tests.support.servers import ValkeyServer
from tests.support.sinks import mail_sink

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOWHERE = 9  # the discard port: nobody listens there


@pytest.fixture
def examine(app: Flask, make: Make) -> Callable[..., dict[str, Finding]]:
    """Look at the desk with these settings; the findings by what they are about."""

    def look(**settings: Any) -> dict[str, Finding]:
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], **settings)
        return {found.what: found for found in doctor.examine()}

    return look


def test_a_sound_installation_has_nothing_to_put_right(
    examine: Callable[..., dict[str, Finding]],
) -> None:
    found = examine()
    assert [each for each in found.values() if each.verdict == "wrong"] == []
    assert {"database", "migrations", "clock", "redis", "mail", "assistant", "files"} <= set(found)


@SQLITE
def test_every_finding_that_is_not_well_has_a_cure(
    examine: Callable[..., dict[str, Finding]],
) -> None:
    with writing() as session:
        session.add(
            Endpoint(channel="slack", name="Ops", address=f"https://127.0.0.1:{NOWHERE + 1}/x",
                     created_at=clock.now())
        )  # fmt: skip
        session.commit()
    nobody = MailServer(host="127.0.0.1", port=NOWHERE, security="none")
    found = examine(
        redis_url=f"redis://127.0.0.1:{NOWHERE}",
        mail_server=nobody,
        mail_from="desk@example.com",
        public_url=f"http://127.0.0.1:{NOWHERE}",
    )
    for what in ("redis", "mail", "webhook Ops", "socket"):
        assert (found[what].verdict, bool(found[what].cure)) == ("wrong", True), found[what]
    assert found["mail"].words == f"127.0.0.1:{NOWHERE}: the connection was refused"
    assert found["webhook Ops"].words == "only the ports 443 and 8443 are allowed"


@SQLITE
def test_a_broken_assistant_is_found(
    app: Flask, examine: Callable[..., dict[str, Finding]]
) -> None:
    class Broken:
        def reply(self, *_given: object, **_named: object) -> ai.Reply:
            raise ai.AiError("no such model")

    app.extensions["responder"] = Broken()
    assert "no such model" in examine()["assistant"].words


@SQLITE
def test_what_works_is_seen_to_work(
    examine: Callable[..., dict[str, Finding]], valkey: ValkeyServer
) -> None:
    with mail_sink() as sink:
        server = MailServer(host="127.0.0.1", port=sink.port, security="none")
        found = examine(mail_server=server, mail_from="desk@example.com", redis_url=valkey.url)
        assert sink.received == []
    assert found["mail"].verdict == "ok"
    assert (found["redis"].verdict, found["worker"].verdict) == ("ok", "note")


@SQLITE
def test_a_socket_that_the_proxy_does_not_pass_on_is_found(
    examine: Callable[..., dict[str, Finding]],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            peer, _ = listener.accept()
            with peer:
                peer.recv(4_096)
                peer.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        found = examine(public_url=f"http://127.0.0.1:{listener.getsockname()[1]}")
        thread.join(5)
    assert found["socket"].words == "does not open: the answer was 400"
