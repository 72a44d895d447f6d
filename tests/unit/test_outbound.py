"""The way out: what may never be sent to, and what a peer may never do to us (security.md D76-D79).

Real sockets on this machine; only the name server is played, because names must change their mind.
"""

from __future__ import annotations

import http.server
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

import pytest
import trustme

from helpdesk.config import MailServer
from helpdesk.domain.addresses import is_public
from helpdesk.outbound import Door, MailRefused, Refused, Unreachable
from helpdesk.outbound.wire import MOST_READ, roots
from tests.support.sinks import MailSink, WebSink, mail_sink, refusing_port, web_sink

PUBLIC = "93.184.216.34"
NAMES = {
    "hooks.example.com": [PUBLIC],
    "localhost": ["127.0.0.1", "::1"],
    "10.0.0.7.nip.example": ["10.0.0.7"],
    "both.example.com": [PUBLIC, "192.168.1.1"],
    "six.example.com": ["fe80::1"],
}

INTERNAL = (
    *("127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254"),  # noqa: S104
    *("100.64.0.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.0.2.1"),
    *("::1", "::", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "fc00::1"),
    *("64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::"),
    *("fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1", "2001:db8::1"),
    *("2001:0:7f00:1::", "2001:0:5db8:d822:0:0:80ff:fffe", "not an address", ""),
)
GLOBAL = (
    *(PUBLIC, "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::"),
)

FORBIDDEN = (
    *("http://127.0.0.1", "http://127.0.0.1/hook", "https://127.0.0.1", "https://127.1"),
    *("https://2130706433", "https://0x7f.1", "https://0x7f000001", "https://0177.0.0.1"),
    *("https://[::1]", "https://[::ffff:169.254.169.254]", "https://[64:ff9b::7f00:1]"),
    *("https://[2002:7f00:1::]", "https://100.64.0.1", "https://224.0.0.1", "https://[fec0::1]"),
    *("https://[fe80::1%25eth0]", "https://localhost", "https://localhost.", "https://LOCALHOST"),
    *("https://10.0.0.7.nip.example", "https://both.example.com", "https://six.example.com"),
    *("https://a@hooks.example.com", "https://a:b@hooks.example.com", "https://@hooks.example.com"),
    *("https://hooks.example.com@127.0.0.1", "file:///etc/passwd", "gopher://hooks.example.com"),
    *("ftp://hooks.example.com", "javascript:alert(1)", "//hooks.example.com", "hooks.example.com"),
    *("https://hooks.example.com:22", "https://hooks.example.com:6379", "https://", "https:///x"),
    *("https://hooks.example.com:80", "http://hooks.example.com", "http://hooks.example.com:443"),
    *("https://hooks.example.com:0", "https://hooks.example.com:99999", "https://[::1", ""),
    *(
        "https://hooks.example.com\\@127.0.0.1",
        "https://hooks.example.com/ a",
        "https://ho oks.com",
    ),
    *("https://hooks.example.com/\r\nX: y", "https://hooks.example.com\t", "https://１２７.0.0.1"),
    *("https://127。0。0。1", "https://.", "https://" + "a" * 64 + ".example.com"),
)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """A name server that knows these names, numbers, and nothing else."""
    known = dict(NAMES)
    real = socket.getaddrinfo

    def ask(host: str, port: int, *given: Any, **more: Any) -> Any:
        name = host.rstrip(".").lower()
        if name in known:
            return [(0, 0, 0, "", (address, port)) for address in known[name]]
        more["flags"] = socket.AI_NUMERICHOST
        return real(host, port, *given[:3], **more)

    monkeypatch.setattr(socket, "getaddrinfo", ask)
    return known


@pytest.fixture
def nobody_is_called(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Whoever is connected to, instead of connecting."""
    called: list[Any] = []

    def call(address: tuple[str, int], **_given: Any) -> socket.socket:
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", call)
    return called


@pytest.mark.parametrize("address", INTERNAL)
def test_an_address_that_is_not_the_internets_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", GLOBAL)
def test_an_address_of_the_internet_is_public_in_every_form(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("url", FORBIDDEN)
def test_d76_a_forbidden_url_is_refused_when_saved_and_when_sent_to(
    url: str, names: dict[str, list[str]], nobody_is_called: list[Any]
) -> None:
    with pytest.raises(Refused):
        Door().check(url)
    with pytest.raises((Refused, Unreachable)):
        Door().post(url, b"{}", {})
    assert nobody_is_called == []


def test_an_ordinary_url_is_allowed_and_connected_to_by_the_address_that_was_checked(
    names: dict[str, list[str]], nobody_is_called: list[Any]
) -> None:
    for url in ("https://hooks.example.com/a?b=c", "https://HOOKS.example.com.:8443/x"):
        Door().check(url)
        with pytest.raises(Unreachable):
            Door().post(url, b"{}", {})
    assert nobody_is_called == [(PUBLIC, 443), (PUBLIC, 8443)]


def test_d77_a_name_that_is_public_when_saved_and_private_when_sent_to_is_refused(
    names: dict[str, list[str]], nobody_is_called: list[Any]
) -> None:
    Door().check("https://hooks.example.com/x")
    names["hooks.example.com"] = ["10.0.0.7"]
    with pytest.raises(Refused):
        Door().post("https://hooks.example.com/x", b"{}", {})
    assert nobody_is_called == []


def test_the_name_is_asked_once_so_that_nothing_can_change_between_check_and_use(
    names: dict[str, list[str]], nobody_is_called: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    known = socket.getaddrinfo

    def ask(host: str, *given: Any, **more: Any) -> Any:
        asked.append(host)
        found = known(host, *given, **more)
        names["hooks.example.com"] = ["127.0.0.1"]
        return found

    monkeypatch.setattr(socket, "getaddrinfo", ask)
    with pytest.raises(Unreachable):
        Door().post("https://hooks.example.com/x", b"{}", {})
    assert (asked, nobody_is_called) == (["hooks.example.com"], [(PUBLIC, 443)])


def test_only_the_host_and_port_that_the_operator_named_are_exempt() -> None:
    with web_sink(200) as sink, web_sink(200) as other:
        door = Door(allow=frozenset({sink.place}))
        assert door.post(sink.url, b"{}", {}).code == 200
        for url in (other.url, sink.url.replace("127.0.0.1", "localhost")):
            with pytest.raises(Refused):
                door.post(url, b"{}", {})
        assert (len(sink.received), len(other.received)) == (1, 0)


def test_d78_a_redirect_is_an_answer_and_is_not_followed() -> None:
    with web_sink(200) as secret:
        for code in (301, 302, 303, 307, 308):
            with web_sink(code, headers={"Location": secret.url}) as sink:
                door = Door(allow=frozenset({sink.place, secret.place}))
                assert door.post(sink.url, b"{}", {}).code == code
        assert secret.received == []


@pytest.mark.parametrize("way", ["gigabyte", "endless"])
def test_d79_a_receiver_that_answers_too_much_is_cut_at_64_kb(way: str) -> None:
    with web_sink(way) as sink:
        answer = Door(allow=frozenset({sink.place}), seconds=5).post(sink.url, b"{}", {})
        assert (answer.code, len(answer.body)) == (200, MOST_READ)


@pytest.mark.parametrize("way", ["hang", "drip"])
def test_d79_a_receiver_that_takes_its_time_is_cut_at_the_deadline(way: str) -> None:
    with web_sink(way) as sink:
        began = time.monotonic()
        with pytest.raises(Unreachable, match="within"):
            Door(allow=frozenset({sink.place}), seconds=0.5).post(sink.url, b"{}", {})
        assert time.monotonic() - began < 1.5


def test_d79_a_body_that_drips_after_a_good_code_is_cut_and_the_code_counts() -> None:
    with web_sink("drip_body") as sink:
        began = time.monotonic()
        answer = Door(allow=frozenset({sink.place}), seconds=0.5).post(sink.url, b"{}", {})
        assert (answer.code, time.monotonic() - began < 1.5) == (200, True)


@pytest.mark.parametrize("way", ["garbage", "drop"])
def test_a_receiver_that_speaks_no_http_is_unreachable(way: str) -> None:
    with web_sink(way) as sink, pytest.raises(Unreachable):
        Door(allow=frozenset({sink.place}), seconds=2).post(sink.url, b"{}", {})


def test_a_closed_port_is_unreachable() -> None:
    with refusing_port() as port, pytest.raises(Unreachable, match="refused"):
        Door(allow=frozenset({("127.0.0.1", port)})).post(f"http://127.0.0.1:{port}/", b"", {})


def test_a_name_server_that_hangs_does_not_hang_us(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def hang(*_given: Any, **_more: Any) -> list[Any]:
        over.wait(10)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    began = time.monotonic()
    with pytest.raises(Unreachable, match="in time"):
        Door(seconds=0.3).post("https://hooks.example.com/", b"", {})
    assert time.monotonic() - began < 1
    over.set()


def test_proxies_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    with web_sink(200) as proxy, web_sink(200) as sink:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        Door(allow=frozenset({sink.place, proxy.place})).post(sink.url, b"{}", {})
        assert (len(sink.received), len(proxy.received)) == (1, 0)


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Iterator[trustme.CA]:
    """A certificate authority that this machine believes for the length of a test."""
    made = trustme.CA()
    made.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    roots.cache_clear()
    yield made
    roots.cache_clear()


@contextmanager
def tls_server(certificate: trustme.LeafCert) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """A TLS web server; its port, and by which name it was called at each level."""
    called: list[tuple[str, str]] = []
    spoken: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            called.append((spoken[-1], self.headers["Host"]))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_given: Any) -> None:
            """Quiet."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    context.sni_callback = lambda _socket, name, _context: spoken.append(name or "")

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True

        def get_request(self) -> Any:
            plain, address = super().get_request()
            try:
                return context.wrap_socket(plain, server_side=True), address
            except OSError:
                plain.close()
                raise

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.server_port, called
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_tls_is_verified_against_the_name_while_the_connection_goes_to_the_address(
    authority: trustme.CA, names: dict[str, list[str]]
) -> None:
    names["hooks.example.com"] = ["127.0.0.1"]
    with tls_server(authority.issue_cert("hooks.example.com")) as (port, called):
        door = Door(allow=frozenset({("hooks.example.com", port)}))
        assert door.post(f"https://hooks.example.com:{port}/x", b"{}", {}).code == 204
        assert called == [("hooks.example.com", f"hooks.example.com:{port}")]


@pytest.mark.parametrize("who", ["stranger", "other name"])
def test_a_certificate_of_a_stranger_or_for_another_name_is_not_accepted(
    who: str, authority: trustme.CA, names: dict[str, list[str]]
) -> None:
    names["hooks.example.com"] = ["127.0.0.1"]
    issuer = trustme.CA() if who == "stranger" else authority
    name = "hooks.example.com" if who == "stranger" else "other.example.com"
    with tls_server(issuer.issue_cert(name)) as (port, called):
        door = Door(allow=frozenset({("hooks.example.com", port)}))
        with pytest.raises(Unreachable, match="certificate"):
            door.post(f"https://hooks.example.com:{port}/x", b"secret", {})
        assert called == []


def letter() -> EmailMessage:
    """A small mail."""
    message = EmailMessage()
    message["Subject"] = "Grüße"
    message["From"] = "Desk <desk@example.com>"
    message["To"] = "maya@example.com"
    message.set_content("Hello")
    return message


def send(sink: MailSink, *, seconds: float = 5, security: str = "none", **more: str) -> None:
    server = MailServer(host="127.0.0.1", port=sink.port, security=security, **more)
    door = Door(allow=frozenset({("127.0.0.1", sink.port)}), seconds=seconds)
    door.mail(server, letter(), sender="desk@example.com", to="maya@example.com")


def test_a_mail_arrives_for_its_one_recipient() -> None:
    with mail_sink() as sink:
        send(sink)
        [message], [recipients] = sink.received, sink.recipients
        assert (message["Subject"], recipients) == ("Grüße", ["maya@example.com"])


@pytest.mark.parametrize(("place", "code"), [("rcpt", 550), ("rcpt", 451), ("data", 554)])
def test_what_the_mail_server_says_about_a_mail_is_told_by_its_code(place: str, code: int) -> None:
    with mail_sink(**{place: f"{code} No"}) as sink, pytest.raises(MailRefused) as refused:
        send(sink)
    assert refused.value.code == code


def test_a_mail_server_that_hangs_or_hangs_up_after_the_message_is_unreachable() -> None:
    with mail_sink(hang=1) as sink, pytest.raises(Unreachable):
        send(sink, seconds=0.5)
    with mail_sink(drop=1) as sink, pytest.raises(Unreachable, match="hung up"):
        send(sink)


def talker(*lines: bytes, pause: float = 0.0, endless: bool = False) -> Callable[[], Any]:
    """A server that talks without listening."""

    @contextmanager
    def run() -> Iterator[int]:
        server = socket.create_server(("127.0.0.1", 0))

        def talk() -> None:
            peer, _ = server.accept()
            with peer:
                try:
                    for line in lines:
                        peer.sendall(line)
                        time.sleep(pause)
                    while endless:
                        peer.sendall(lines[-1])
                        time.sleep(pause)
                    peer.settimeout(5)
                    while peer.recv(1_000):
                        pass
                except OSError:
                    return

        thread = threading.Thread(target=talk)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            server.close()
            thread.join()

    return run


@pytest.mark.parametrize("pause", [0.0, 0.02])
def test_a_mail_server_that_never_stops_talking_is_cut(pause: float) -> None:
    with talker(b"220-hello\r\n", pause=pause, endless=True)() as port:
        began = time.monotonic()
        with pytest.raises(Unreachable):
            send(MailSink(port=port), seconds=0.5)
        assert time.monotonic() - began < 2


def test_without_starttls_nothing_is_sent_and_no_password_is_said() -> None:
    with mail_sink() as sink, pytest.raises(Unreachable, match="STARTTLS"):
        send(sink, security="starttls", user="desk", password="secret")
    assert sink.received == []


def test_the_mail_server_is_held_to_the_rules_unless_the_operator_named_it() -> None:
    with mail_sink() as sink, pytest.raises(Refused):
        server = MailServer(host="127.0.0.1", port=sink.port, security="none")
        Door().mail(server, letter(), sender="desk@example.com", to="maya@example.com")


def test_sinks_keep_what_they_are_sent() -> None:
    with web_sink(200) as sink:
        assert isinstance(sink, WebSink)
        Door(allow=frozenset({sink.place})).post(sink.url, b'{"a":1}', {"X-Test": "1"})
        [one] = sink.received
        assert (one.path, one.body, one.headers["x-test"]) == ("/hook", b'{"a":1}', "1")
