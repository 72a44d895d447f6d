"""The audit log: what it keeps, and that nobody can change it unseen."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from helpdesk import cli, clock
from helpdesk.domain.lifecycle import Status
from helpdesk.extensions import writing
from helpdesk.services import links, signing_in
from helpdesk.services.admin import (
    audit,
    audit_page,
    canned_responses,
    message_templates,
    onlookers,
    team,
)
from helpdesk.services.admin.audit_page import Filters
from helpdesk.services.signing_in import SignInRefused
from tests.support.admin import actor, ada, audited, entries, tamper
from tests.support.make import Make, Person

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PASSWORD = "four unrelated words here"
CLIENT = {"address": "192.0.2.7", "user_agent": "test"}


def some_entries(make: Make, count: int = 3) -> None:
    for number in range(count):
        audit.record_alone(ada(make), "inbox.changed", "inbox:1", Name=f"Name {number} 🙋")


def test_an_entry_says_who_did_what_to_which_and_how_it_was_before(make: Make) -> None:
    message_templates.save("offer", "Shall a person help?", version=0, by=ada(make))
    [entry] = entries()
    assert (entry.action, entry.object) == ("message_template.saved", "message_template:offer")
    assert (entry.agent_id, entry.address) == (ada(make).agent_id, "127.0.0.1")
    assert entry.before == {"Text": "Would you like to talk to a person about this?"}
    assert entry.after == {"Text": "Shall a person help?"}


def test_a_change_that_is_refused_leaves_no_entry(make: Make) -> None:
    with pytest.raises(Exception, match="There is no"):
        message_templates.save("offer", "{{nobody}}", version=0, by=ada(make))
    assert audited() == []
    assert audit.verify().entries == 0


def test_the_chain_is_whole_after_many_wrote_at_the_same_moment(app: Flask, make: Make) -> None:
    by = ada(make)
    gate = threading.Barrier(8)

    def write(which: int) -> None:
        with app.app_context():
            gate.wait()
            for number in range(5):
                audit.record_alone(by, "inbox.changed", f"inbox:{which}", Name=str(number))

    threads = [threading.Thread(target=write, args=(which,)) for which in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = audit.verify()
    assert (found.entries, found.is_whole) == (40, True)
    assert len({entry.hash for entry in entries()}) == 40


def test_an_altered_entry_is_found(make: Make) -> None:
    some_entries(make)
    second = entries()[1].id
    tamper(f"UPDATE audit_entry SET action = 'inbox.created' WHERE id = {second}")  # noqa: S608
    assert audit.verify().broken_at == second


def test_an_entry_that_was_taken_out_is_found_at_the_next_one(make: Make) -> None:
    some_entries(make)
    _, second, third = (entry.id for entry in entries())
    tamper(f"DELETE FROM audit_entry WHERE id = {second}")  # noqa: S608
    assert audit.verify().broken_at == third


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry"]
)
def test_the_database_itself_refuses_to_change_the_log(make: Make, statement: str) -> None:
    some_entries(make)
    with (
        writing() as session,
        pytest.raises(sa.exc.DatabaseError, match="append-only"),
    ):
        session.execute(sa.text(statement))
    assert audit.verify().is_whole


def test_texts_that_a_database_cannot_keep_do_not_break_the_chain(make: Make) -> None:
    audit.record_alone(ada(make), "inbox.changed", "inbox:1\x00", Name="a\x00b\ud800c\n🙋")
    [entry] = entries()
    assert entry.after == {"Name": "abc\n🙋"}
    assert audit.verify().is_whole


def test_signing_in_is_kept_whether_it_works_or_not(make: Make, sarah: Person) -> None:
    make.password(sarah, PASSWORD)
    signing_in.sign_in(sarah.email, PASSWORD, **CLIENT)
    with pytest.raises(SignInRefused):
        signing_in.sign_in(sarah.email, "wrong words entirely", **CLIENT)
    assert [(e.action, e.agent_id, e.address) for e in entries()] == [
        ("sign_in.succeeded", sarah.id, "192.0.2.7"),
        ("sign_in.failed", sarah.id, "192.0.2.7"),
    ]


@SQLITE
def test_what_a_stranger_typed_is_not_kept(make: Make) -> None:
    with pytest.raises(SignInRefused):
        signing_in.sign_in("my-secret-password", "my-other-secret", **CLIENT)
    [entry] = entries()
    assert (entry.agent_id, entry.object) == (None, "unknown account")
    assert "secret" not in f"{entry.before}{entry.after}{entry.object}"


@SQLITE
def test_coming_in_by_a_one_time_link_is_kept(make: Make, sarah: Person) -> None:
    token = links.make_link(email=sarah.email)
    links.use_link(token, name=sarah.name, email=sarah.email, password="", **CLIENT)
    assert audited() == ["sign_in.by_link"]


@SQLITE
def test_no_entry_ever_holds_a_secret(make: Make, sarah: Person) -> None:
    make.password(sarah, PASSWORD)
    cookie = signing_in.sign_in(sarah.email, PASSWORD, **CLIENT)
    made = team.invite("Ravi Shah", "ravi@team.example", "agent", by=ada(make))
    another = team.new_link(sarah.id, by=ada(make))
    kept = " ".join(f"{e.object} {e.before} {e.after}" for e in entries())
    for secret in (PASSWORD, cookie, made.token, another.token, "scrypt"):
        assert secret not in kept


def test_reading_what_somebody_else_has_is_kept_once_an_hour(
    make: Make, sarah: Person, omar: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = make.conversation(status=Status.ACTIVE, agent=sarah)
    before = len(entries())
    for _ in range(3):
        onlookers.note(conversation.id, by=actor(omar))
        onlookers.note(conversation.id, by=actor(sarah))
    read = entries()[before:]
    assert [(e.action, e.agent_id, e.object) for e in read] == [
        ("conversation.read", omar.id, f"conversation:{conversation.id}")
    ]
    later = clock.now() + timedelta(minutes=61)
    monkeypatch.setattr("helpdesk.clock.now", lambda: later)
    onlookers.note(conversation.id, by=actor(omar))
    assert len(entries()) == before + 2


def test_the_page_filters_by_kind_person_and_day_and_turns_by_entry(make: Make) -> None:
    by, other = ada(make), actor(make.agent("Omar Haddad"))
    for number in range(audit_page.ROWS + 5):
        audit.record_alone(by, "inbox.changed", "inbox:1", Name=str(number))
    audit.record_alone(other, "conversation.read", "conversation:1")

    newest = audit_page.page(Filters())
    assert [len(newest.rows), newest.rows[0].action] == [audit_page.ROWS, "read a conversation"]
    older = audit_page.page(Filters(), before=newest.older)
    assert (len(older.rows), older.older) == (6, 0)
    assert not {row.id for row in newest.rows} & {row.id for row in older.rows}

    assert len(audit_page.page(Filters(kind="reading")).rows) == 1
    assert len(audit_page.page(Filters(agent_id=other.agent_id)).rows) == 1
    today = clock.now().date()
    assert audit_page.page(Filters(kind="reading", since=today, until=today)).rows
    tomorrow = today + timedelta(days=1)
    assert not audit_page.page(Filters(since=tomorrow)).rows
    assert not audit_page.page(Filters(until=today - timedelta(days=1))).rows


@SQLITE
def test_the_page_names_things_that_are_there_and_numbers_those_that_are_gone(make: Make) -> None:
    form = {"shortcut": "bye", "title": "Good-bye", "body": "Bye."}
    number = canned_responses.create(form, by=ada(make))
    [row] = audit_page.page(Filters()).rows
    assert (row.who, row.action, row.about) == ("Ada Admin", "added a canned response", "/bye")
    assert row.href == f"/admin/canned-responses/{number}"
    canned_responses.remove(number, version=1, by=ada(make))
    gone, _ = audit_page.page(Filters()).rows
    assert (gone.about, gone.href) == (f"canned response:{number}", "")
    assert [(d.label, d.theirs, d.mine) for d in gone.differences] == [
        ("Shortcut", "/bye", ""),
        ("Title", "Good-bye", ""),
        ("Text", "Bye.", ""),
    ]


@SQLITE
def test_the_command_says_that_the_log_is_whole_and_fails_when_it_is_not(
    make: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    some_entries(make)
    command = ["audit", "verify", "--data-dir", str(tmp_path)]
    cli.main(command)
    said = capsys.readouterr().out
    assert said.startswith("the audit log is whole: 3 entries")
    assert entries()[-1].hash in said
    tamper("UPDATE audit_entry SET address = '192.0.2.1' WHERE id = 1")
    with pytest.raises(SystemExit, match="broken at entry 1"):
        cli.main(command)
