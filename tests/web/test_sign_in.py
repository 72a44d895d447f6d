"""Getting in, staying in, and getting out (A34, C63 to C69)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from helpdesk import clock
from helpdesk.extensions import writing
from helpdesk.models import Agent, SignInSession
from helpdesk.services import links, signing_in
from tests.support.make import Make, Person
from tests.web.people import SCRIPT, SESSION, Desk
from tests.web.rows import SQLITE, count

PASSWORD = "plum tango kiosk"
QUICK = "scrypt:256:8:1"


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing takes a fifth of a second on purpose; here it is about who gets in."""
    assert signing_in.HASH_METHOD == "scrypt:32768:8:3"
    assert signing_in._NOBODY.startswith(signing_in.HASH_METHOD + "$")
    monkeypatch.setattr(signing_in, "HASH_METHOD", QUICK)
    monkeypatch.setattr(signing_in, "_NOBODY", f"{QUICK}${'0' * 16}${'0' * 128}")


@pytest.fixture
def sarah(make: Make, sarah: Person) -> Person:
    """An agent with a password."""
    make.password(sarah, PASSWORD)
    return sarah


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> list[timedelta]:
    """The clock is this much ahead: change the one element."""
    ahead = [timedelta()]
    real = clock.now

    def now() -> datetime:
        return real() + ahead[0]

    monkeypatch.setattr(clock, "now", now)
    return ahead


def sign_in(desk: Desk, who: Person | str, password: str = PASSWORD, **more: str) -> TestResponse:
    email = who if isinstance(who, str) else who.email
    return desk.post("/sign-in", {"email": email, "password": password, **more}, script=False)


def somebody(app: Flask) -> Desk:
    return Desk(app.test_client())


def is_in(desk: Desk) -> bool:
    """Whether this browser is signed in, as every kind of request sees it."""
    page = desk.client.get("/desk").status_code
    script = desk.client.get("/desk", headers=SCRIPT).status_code
    form = desk.post("/desk/presence", {"presence": "away"}, script=False).status_code
    assert (page, script, form) in ((200, 200, 303), (302, 401, 401))
    return page == 200


ELSEWHERE = (
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https://evil.example/desk",
    "https:///evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/ /evil.example",
    "//[",
    "//evil.example@localhost/",
    "desk",
    "",
    "/\u2215/evil.example",
    "/desk\r\nSet-Cookie: a=b",
)


@SQLITE
def test_c63_after_signing_in_one_stays_on_this_desk(app: Flask, sarah: Person) -> None:
    for target in ELSEWHERE:
        desk = somebody(app)
        answer = sign_in(desk, sarah, next=target)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/desk"), target
        again = desk.client.get("/sign-in", query_string={"next": target})
        assert (again.status_code, again.headers["Location"]) == (302, "/desk"), target
        form = somebody(app).client.get("/sign-in", query_string={"next": target})
        assert 'name="next" value="/desk"' in form.text, target
    wanted = "/desk/c/abc?view=mine"
    assert sign_in(somebody(app), sarah, next=wanted).headers["Location"] == wanted


def test_c65_signing_in_begins_a_session_that_nobody_knew_before(
    app: Flask, make: Make, sarah: Person, omar: Person
) -> None:
    planted = "A" * 43
    desk = Desk.with_cookie(app, planted)
    assert sign_in(desk, sarah).status_code == 303
    assert desk.cookie not in ("", planted)
    assert is_in(desk)
    assert not is_in(Desk.with_cookie(app, planted))
    own = make.cookie(omar)  # Omar's own session, planted in Sarah's browser
    desk = Desk.with_cookie(app, own)
    sign_in(desk, sarah)
    assert desk.cookie != own
    assert not is_in(Desk.with_cookie(app, own))


@SQLITE
def test_c65_the_cookie_is_out_of_reach(app: Flask, sarah: Person) -> None:
    near = sign_in(somebody(app), sarah).headers["Set-Cookie"]
    assert re.fullmatch(rf"{SESSION}=[\w-]{{43}}; Secure; HttpOnly; Path=/; SameSite=Lax", near)
    desk = somebody(app)
    answer = desk.client.post(
        "/sign-in",
        data={"email": sarah.email, "password": PASSWORD},
        base_url="http://desk.lan",
    )
    # Browsers drop Secure cookies on plain http: better one that comes back than none.
    assert re.fullmatch(
        r"hd_s=[\w-]{43}; HttpOnly; Path=/; SameSite=Lax", answer.headers["Set-Cookie"]
    )


def test_c66_a_stolen_cookie_is_worthless_after_sign_out(app: Flask, sarah: Person) -> None:
    desk, other = somebody(app), somebody(app)
    sign_in(desk, sarah)
    sign_in(other, sarah)
    thief = Desk.with_cookie(app, desk.cookie)
    assert is_in(thief)
    answer = desk.post("/sign-out", script=False)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    assert desk.cookie == ""
    assert not is_in(thief)
    assert is_in(other)  # only this browser was signed out


def test_c66_a_stolen_cookie_is_worthless_after_a_new_password(app: Flask, sarah: Person) -> None:
    desk = somebody(app)
    sign_in(desk, sarah)
    thief = Desk.with_cookie(app, desk.cookie)
    link = f"/welcome/{links.make_link(email=sarah.email)}"
    form = {"name": "Sarah Kim", "email": sarah.email, "password": "quince rodeo velvet"}
    fresh = somebody(app)
    assert fresh.post(link, form, script=False).headers["Location"] == "/desk"
    assert is_in(fresh)
    assert not is_in(thief)
    assert sign_in(somebody(app), sarah).status_code == 422  # the old password
    assert fresh.post(link, form, script=False).status_code == 410  # the link worked once
    assert fresh.client.get(link).status_code == 410


@SQLITE
def test_c66_a_session_ends_with_its_time_or_its_agent(
    app: Flask, sarah: Person, later: list[timedelta]
) -> None:
    desk = somebody(app)
    sign_in(desk, sarah)
    for hours in (7, 11.9):
        later[0] = timedelta(hours=hours)
        assert is_in(desk)
    later[0] = timedelta(hours=12.1)
    assert not is_in(desk)  # however busy
    sign_in(desk, sarah)
    later[0] += timedelta(hours=8.1)
    assert not is_in(desk)  # idle
    sign_in(desk, sarah)
    with writing() as session:
        session.get_one(Agent, sarah.id).disabled_at = clock.now()
        session.commit()
    assert not is_in(desk)
    assert sign_in(somebody(app), sarah).status_code == 422


@pytest.mark.parametrize("known", [True, False], ids=["known account", "unknown account"])
def test_c67_after_five_wrong_passwords_each_try_waits_longer(
    app: Flask, sarah: Person, later: list[timedelta], known: bool
) -> None:
    account = sarah.email if known else "nobody@team.example"
    desk = somebody(app)
    for _ in range(5):
        assert sign_in(desk, account, "wrong").status_code == 422
    waits = []
    for _ in range(3):
        refused = sign_in(desk, account)  # even with the right password
        assert refused.status_code == 429
        waits.append(int(refused.headers["Retry-After"]))
        assert f"{waits[-1]} seconds" in refused.text
        later[0] += timedelta(seconds=waits[-1])
        assert sign_in(desk, account.upper(), "wrong").status_code == 422
    assert waits == [2, 4, 8]
    later[0] += timedelta(seconds=300)
    assert sign_in(desk, account).status_code == (303 if known else 422)
    if known:  # and the count begins again
        assert sign_in(desk, account, "wrong").status_code == 422
        assert sign_in(desk, account).status_code == 303


@SQLITE
def test_c67_never_longer_than_five_minutes(
    app: Flask, sarah: Person, later: list[timedelta]
) -> None:
    """A malicious lock-out is short."""
    for number in range(20):
        desk = somebody(app)
        desk.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        sign_in(desk, sarah, "wrong")
        later[0] += timedelta(seconds=301)
    later[0] -= timedelta(seconds=301)
    assert int(sign_in(somebody(app), sarah).headers["Retry-After"]) <= 300
    later[0] += timedelta(seconds=300)
    assert sign_in(somebody(app), sarah).status_code == 303


@SQLITE
def test_c67_an_address_has_thirty_tries_in_a_quarter_of_an_hour(app: Flask, sarah: Person) -> None:
    for number in range(30):
        assert sign_in(somebody(app), f"guess{number}@team.example").status_code == 422
    refused = sign_in(somebody(app), sarah)
    assert refused.status_code == 429
    assert 800 < int(refused.headers["Retry-After"]) <= 901
    elsewhere = somebody(app)
    elsewhere.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert sign_in(elsewhere, sarah).status_code == 303


@SQLITE
def test_c68_who_is_on_the_team_is_not_told(app: Flask, make: Make, sarah: Person) -> None:
    never_set = make.agent("Omar Haddad")
    disabled = make.agent("Priya Nair")
    make.password(disabled, PASSWORD)
    with writing() as session:
        session.get_one(Agent, disabled.id).disabled_at = clock.now()
        session.commit()
    answers = []
    for person, word in (
        (sarah.email, "wrong"),
        ("nobody@team.example", "wrong"),
        (never_set.email, ""),
        (disabled.email, PASSWORD),
        ("' OR 1=1--", "wrong"),
        ("", ""),
    ):
        answer = sign_in(somebody(app), person, word)
        assert answer.status_code == 422
        assert "Set-Cookie" not in answer.headers
        answers.append(re.sub(r'value="[^"]*"', "", answer.text).replace(" autofocus", ""))
    assert len(set(answers)) == 1


def test_c69_a_password_may_have_256_characters_and_no_megabytes(app: Flask, make: Make) -> None:
    omar = make.agent("Omar Haddad")
    longest = ("plum tango kiosk 😀 " * 20)[:256]
    link = f"/welcome/{links.make_link(email=omar.email)}"
    form = {"name": omar.name, "email": omar.email, "password": longest + "!"}
    desk = somebody(app)
    refused = desk.post(link, form, script=False)
    assert (refused.status_code, "At most 256" in refused.text) == (422, True)
    assert desk.post(link, form | {"password": longest}, script=False).status_code == 303
    assert sign_in(somebody(app), omar, longest).status_code == 303
    assert sign_in(somebody(app), omar, longest + "!").status_code == 422
    assert sign_in(somebody(app), omar, longest[:-1]).status_code == 422
    assert sign_in(somebody(app), omar, "x" * 10_000_000).status_code == 413
    assert sign_in(somebody(app), omar, "x" * 65_537).status_code == 413


WRONG = {
    "name": ("Sarah\r\nBcc: x@evil.example", "Sarah\x0bKim", "S" * 300, "", "  ", "\u2028"),
    "email": (
        "sarah@team.example\r\nBcc: x@evil.example",
        "sarah@team.example, x@evil.example",
        "sarah@team.example;x@evil.example",
        "Sarah <sarah@team.example>",
        "sarah@team.example x@evil.example",
        "s" * 300 + "@team.example",
        '"sarah x"@team.example',
        "sarah",
        "sarah@",
        "@team.example",
        "sarah@team",
        "",
    ),
    "password": ("short", "sarah sarah sarah", "password1234", "aaaaaaaaaaaaaaaa", "", "x" * 257),
}


@SQLITE
@pytest.mark.parametrize("field", list(WRONG))
def test_a34_a_name_an_address_or_a_password_that_cannot_be_is_refused(
    app: Flask, make: Make, sarah: Person, field: str
) -> None:
    link = f"/welcome/{links.make_link(email=sarah.email)}"
    right = {"name": "Sarah Kim", "email": sarah.email, "password": PASSWORD}
    for number, value in enumerate(WRONG[field]):
        desk = somebody(app)
        desk.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        answer = desk.post(link, right | {field: value}, script=False)
        assert answer.status_code == 422, value
        assert desk.cookie == ""
        assert "Bcc" not in str(answer.headers)
    assert count(SignInSession) == 0
    with writing() as session:
        kept = session.scalars(sa.select(Agent)).one()
    assert (kept.name, kept.email) == (sarah.name, sarah.email)


@SQLITE
def test_flask_logins_own_cookie_signs_nobody_in_or_out(app: Flask, sarah: Person) -> None:
    desk = somebody(app)
    sign_in(desk, sarah)
    for name in ("remember_token", "session"):
        desk.client.set_cookie(name, f"{sarah.id}|" + "0" * 128)
    assert is_in(desk)
    desk.client.delete_cookie(SESSION)
    assert not is_in(desk)
