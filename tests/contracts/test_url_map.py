"""Every route of the URL map: who may ask, from where, and what its answer carries.

A new route must be entered in `routes.ROUTES`, or the first test fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from helpdesk.extensions import Base, reading
from helpdesk.services import links
from tests.contracts.routes import ADMIN, AGENT, CONTACT, ONLY_LOOK, ROUTES, SUPERVISOR, TEAM
from tests.support.make import Make, Person
from tests.web.people import Customer, Desk

FRAMED = "'self' https://shop.example"
CROSS_SITE: tuple[dict[str, str], ...] = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": ""},
    # The header is the browser's own word: an Origin that says otherwise does not outweigh it.
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "https://localhost"},
    {"Origin": "http://localhost:8000"},
    {"Origin": "null"},
    {},
)


ONCE_WAITING = {"widget.back_to_assistant", "desk.claim", "desk.claim_next"}
ONCE_OFFERED = {"widget.decline_offer"}
ONCE_RESOLVED = {"widget.rate"}

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_every_route_is_in_the_table(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(ROUTES)


def test_every_route_is_either_safe_or_a_post(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        assert _method(rule) in ("GET", "POST"), rule
        assert (rule.methods or set()) <= {"GET", "HEAD", "OPTIONS", "POST"}, rule


@dataclass
class House:
    """A conversation in the wished state, its customer, its agent, and an admin."""

    app: Flask
    make: Make
    sarah: Person
    desk: Desk
    maya: Customer
    boss: Desk

    def status_for(self, endpoint: str) -> None:
        """Bring the conversation to where this endpoint's form would change something."""
        if endpoint in ONCE_WAITING:
            self.maya.hand_over()
        elif endpoint in ONCE_OFFERED:
            self.maya = Customer.at(self.app, self.make.key)
            self.maya.send("Let me talk to a human please")
        elif endpoint in ONCE_RESOLVED:
            self.maya.end()
        elif endpoint.startswith("desk."):
            self.maya.hand_over()
            self.desk.post(f"/desk/c/{self.maya.conversation}/assignment")

    def address(self, rule: Rule) -> str:
        values = {
            "key": "greeting" if rule.endpoint.startswith("admin.") else self.make.key,
            "address": self.maya.conversation,
            "filename": "desk.css",
            "link": "nothing",
            "secret": links.make_link() if "secret" in rule.arguments else "",
            "number": "0" if rule.endpoint == "admin.restore_policy" else "1",
            "by": "day",
            "name": "outcomes",
        }
        parts: dict[str, Any] = {name: values[name] for name in rule.arguments}
        with self.app.test_request_context():
            address = self.app.url_for(rule.endpoint, **parts)
        # The address of a socket is written out in full, with a scheme that no client of ours has.
        return f"{rule.rule}?c={self.maya.conversation}" if rule.websocket else address

    def client(self, rule: Rule) -> FlaskClient:
        if ROUTES[rule.endpoint].audience in (SUPERVISOR, ADMIN):
            return self.boss.client
        return self.desk.client if _audience(rule) == AGENT else self.maya.client


@pytest.fixture
def house(app: Flask, make: Make, sarah: Person) -> House:
    make.article("Adding money", "Tap Money and then Add money.", "How do I add money?")
    maya = Customer.at(app, make.key)
    maya.send("How do I add money?")
    boss = Desk.of(app, make, make.agent("Ada Admin", role="admin"))
    return House(app, make, sarah, Desk.of(app, make, sarah), maya, boss)


@pytest.fixture
def furnished(house: House) -> House:
    """The same with one of everything that admins change."""
    assert (house.sarah.id, house.make.inbox_id) == (1, 1)
    for endpoint in ("admin.create_canned", "admin.create_hours"):
        with house.app.test_request_context():
            address = house.app.url_for(endpoint)
        form = ROUTES[endpoint].form | {"shortcut": "first", "name": "First"}
        assert house.boss.post(address, form, script=False).status_code == 303
    return house


def test_every_unsafe_route_refuses_cross_site_requests_and_changes_nothing(
    furnished: House,
) -> None:
    house = furnished
    for rule in _unsafe(house.app):
        house.status_for(rule.endpoint)
        address, form = house.address(rule), ROUTES[rule.endpoint].form
        before = _everything()
        client = house.client(rule)
        ours = client.environ_base.pop("HTTP_SEC_FETCH_SITE")
        answers = {
            str(headers): client.post(address, data=form, headers=headers).status_code
            for headers in CROSS_SITE
        }
        client.environ_base["HTTP_SEC_FETCH_SITE"] = ours
        assert set(answers.values()) == {403}, (rule.endpoint, answers)
        assert _everything() == before, rule.endpoint


@pytest.mark.parametrize(
    "endpoint",
    # Not those that answer a form with "wrong password", or end what the next test needs.
    sorted(
        name
        for name, route in ROUTES.items()
        if (route.form or name in ONCE_WAITING | ONCE_OFFERED) and route.audience != ADMIN
    ),
)
def test_the_same_requests_from_our_own_pages_change_something(house: House, endpoint: str) -> None:
    """The control: without it the test above would pass on requests that never worked."""
    [rule] = [rule for rule in house.app.url_map.iter_rules() if rule.endpoint == endpoint]
    house.status_for(endpoint)
    address = house.address(rule)
    before = _everything()
    client = house.client(rule)
    del client.environ_base["HTTP_SEC_FETCH_SITE"]
    answer = client.post(
        address, data=ROUTES[endpoint].form, headers={"Origin": "http://localhost"}
    )
    assert answer.status_code in (303, 422), answer.status_code
    assert (answer.status_code == 422) == (endpoint == "auth.submit_sign_in")
    assert _everything() != before


def test_the_forms_of_admins_change_something_too(furnished: House) -> None:
    rules = {rule.endpoint: rule for rule in _unsafe(furnished.app) if _audience(rule) == ADMIN}
    client = furnished.boss.client
    del client.environ_base["HTTP_SEC_FETCH_SITE"]
    for endpoint in (name for name in ROUTES if name in rules):
        address, before = furnished.address(rules[endpoint]), _everything()
        headers = {"Origin": "http://localhost"}
        answer = client.post(address, data=ROUTES[endpoint].form, headers=headers)
        assert answer.status_code in (200, 303), (endpoint, answer.status_code)
        assert (_everything() == before) == (endpoint in ONLY_LOOK), endpoint


def test_every_route_of_the_team_refuses_strangers(furnished: House) -> None:
    house = furnished
    rules = [rule for rule in house.app.url_map.iter_rules() if _audience(rule) in TEAM.values()]
    house.maya.hand_over()
    strangers = dict(_strangers(house))
    before = _everything()
    for rule in rules:
        address = house.address(rule)
        for name, stranger in strangers.items():
            plain = _ask(stranger, rule, address)
            script = _ask(stranger, rule, address, {"HX-Request": "true"})
            what = f"{rule.endpoint} for {name}"
            if rule.websocket:
                assert (plain.status_code, script.status_code) == (403, 403), what
                continue
            assert script.status_code == 401, what
            if _method(rule) == "GET":
                assert plain.status_code == 302, what
                side = f"/{rule.rule.split('/')[1]}"
                assert plain.headers["Location"].startswith(f"/sign-in?next={side}"), what
            else:
                assert plain.status_code == 401, what
            assert house.maya.conversation not in script.text, what
    assert _everything() == before


def test_who_is_below_a_role_is_refused_and_changes_nothing(furnished: House) -> None:
    assert {
        rule.endpoint: _audience(rule)
        for rule in furnished.app.url_map.iter_rules()
        if _audience(rule) in TEAM.values()
    } == {
        rule.endpoint: audience
        for rule in furnished.app.url_map.iter_rules()
        for side, audience in TEAM.items()
        if rule.rule.startswith(side)
    }
    make, roles = furnished.make, tuple(TEAM.values())
    cookies = {role: make.cookie(make.agent(f"{role} One", role=role)) for role in roles}
    before = _everything()
    for rule in furnished.app.url_map.iter_rules():
        if _audience(rule) not in roles or rule.websocket:
            continue
        for role in roles[: roles.index(_audience(rule))]:
            client = Desk.with_cookie(furnished.app, cookies[role]).client
            for headers in ({}, {"HX-Request": "true"}):
                answer = _ask(client, rule, furnished.address(rule), headers)
                assert answer.status_code == 403, (rule.endpoint, role)
    after = _everything()
    del before["audit_entry"], after["audit_entry"]  # which says who was refused
    assert after == before


def test_every_route_of_a_contact_is_nothing_to_others(house: House) -> None:
    """Another contact, an agent and somebody without a cookie all see what is not there."""
    other = Customer.at(house.app, house.make.key)
    other.send("Hello")
    clients = (other.client, house.desk.client, house.app.test_client())
    before = _everything()
    for rule in house.app.url_map.iter_rules():
        if _audience(rule) != CONTACT:
            continue
        address = house.address(rule)
        nowhere = address.replace(house.maya.conversation, "A" * 22)
        for client in clients:
            theirs, none = (_ask(client, rule, at) for at in (address, nowhere))
            assert (theirs.status_code, none.status_code) == (404, 404), rule.endpoint
            assert theirs.text == none.text, rule.endpoint
    assert _everything() == before


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_every_answer_carries_the_headers(house: House, scheme: str) -> None:
    house.maya.hand_over()
    for rule in house.app.url_map.iter_rules():
        route = ROUTES[rule.endpoint]
        address = house.address(rule)
        own, stranger = house.client(rule), house.app.test_client()
        script, elsewhere = {"HX-Request": "true"}, {"Sec-Fetch-Site": "cross-site"}
        plain: dict[str, str] = {}
        asked = ((own, plain), (own, script), (own, elsewhere), (stranger, plain))
        for client, headers in asked[: 4 if scheme == "http" else 1]:
            answer = _ask(client, rule, address, headers, base_url=f"{scheme}://localhost")
            assert answer.status_code < 500, rule.endpoint
            cached = route.cached and answer.status_code == 200
            _check_headers(answer, rule.endpoint, cached=cached, secure=scheme == "https")
            if route.framed and answer.status_code == 200:
                assert _ancestors(answer) == FRAMED, rule.endpoint
            if not route.framed and rule.endpoint != "widget.socket":
                assert _ancestors(answer) == "'none'", rule.endpoint


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/static/nowhere.js", 404),
        ("GET", "/static/../helpdesk/config.py", 404),
        ("GET", "/static/%2e%2e/helpdesk/config.py", 404),
        ("DELETE", "/desk/claims", 405),
        ("GET", "/desk/claims", 405),
        ("GET", "/w/live", 400),
        ("GET", "/desk%00", 400),
        ("GET", "/desk?view=%00", 400),
    ],
)
def test_every_refusal_carries_the_headers(
    app: Flask, method: str, address: str, status: int
) -> None:
    answer = app.test_client().open(address, method=method)
    assert answer.status_code == status
    _check_headers(answer, address)
    assert _ancestors(answer) == "'none'"
    assert "Traceback" not in answer.text


def _check_headers(
    answer: TestResponse, what: str, *, cached: bool = False, secure: bool = False
) -> None:
    socket = "wss://localhost" if secure else "ws://localhost"
    policy = answer.headers["Content-Security-Policy"].rpartition("; frame-ancestors ")[0]
    assert policy == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
        f" font-src 'self'; connect-src 'self' {socket}; media-src 'self'; frame-src 'self';"
        " form-action 'self'; base-uri 'none'; object-src 'none'"
    ), what
    expected = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Strict-Transport-Security": "max-age=31536000; includeSubDomains" if secure else None,
    }
    assert {name: answer.headers.get(name) for name in expected} == expected, what
    assert "camera=()" in answer.headers["Permissions-Policy"], what
    assert ("no-store" not in answer.headers["Cache-Control"]) == cached, what
    opener = "same-origin" if _ancestors(answer) == "'none'" else None
    assert answer.headers.get("Cross-Origin-Opener-Policy") == opener, what


def _ancestors(answer: TestResponse) -> str:
    return answer.headers["Content-Security-Policy"].rpartition("; frame-ancestors ")[2]


def _method(rule: Rule) -> str:
    [method] = (rule.methods or set()) - {"HEAD", "OPTIONS"}
    return method


def _audience(rule: Rule) -> str:
    return ROUTES[rule.endpoint].audience


def _unsafe(app: Flask) -> Iterator[Rule]:
    return (rule for rule in app.url_map.iter_rules() if _method(rule) == "POST")


def _strangers(house: House) -> Iterator[tuple[str, FlaskClient]]:
    """Nobody, a customer, an agent who signed out, and somebody with a made-up session."""
    yield "nobody", house.app.test_client()
    yield "a customer", house.maya.client
    gone = Desk.of(house.app, house.make, house.make.agent("Omar Haddad"))
    kept = gone.cookie
    gone.post("/sign-out")
    yield "who signed out", Desk.with_cookie(house.app, kept).client
    yield "an inventor", Desk.with_cookie(house.app, "A" * 43).client


def _ask(
    client: FlaskClient,
    rule: Rule,
    address: str,
    headers: dict[str, str] | None = None,
    **options: Any,
) -> TestResponse:
    asked = dict(headers or {})
    if rule.websocket:
        asked |= {"Upgrade": "websocket", "Connection": "Upgrade", "Origin": "http://localhost"}
    form = ROUTES[rule.endpoint].form
    # Buffered: files are read and closed.
    return client.open(
        address, method=_method(rule), data=form, headers=asked, buffered=True, **options
    )


def _everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but the sessions, which remember when they were last seen."""
    with reading() as session:
        return {
            name: [tuple(row) for row in session.execute(sa.select(table))]
            for name, table in Base.metadata.tables.items()
            if not name.startswith("sign_in_session")
        }
