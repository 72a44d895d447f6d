"""The team: nobody locks the desk out of itself, and whoever is shut out is out at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask

from helpdesk.domain.lifecycle import MoveRefused, Status
from helpdesk.extensions import reading
from helpdesk.models import Agent, EventRow
from helpdesk.services import links, people, routing, signing_in
from helpdesk.services.admin import team
from helpdesk.services.admin.changes import Actor, EditedMeanwhile, Gone, Refused
from helpdesk.services.links import LinkSpent
from tests.support.admin import actor, ada, audited, cleo
from tests.support.make import Make, Person

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CLIENT = {"address": "127.0.0.1", "user_agent": "test"}


def member(number: int) -> team.Member:
    found = team.opened(number)
    assert found is not None
    return found


def together(app: Flask, *deeds: Callable[[], object]) -> list[object]:
    gate, results = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(index: int, deed: Callable[[], object]) -> None:
        with app.app_context():
            gate.wait()
            try:
                results[index] = deed()  # type: ignore[call-overload]
            except Exception as error:
                results[index] = error  # type: ignore[call-overload]

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return list(results)


def test_somebody_who_is_invited_comes_in_by_a_link_that_works_once(make: Make) -> None:
    made = team.invite("Ravi Shah", "ravi@team.example", "supervisor", by=ada(make))
    asked = links.look_at_link(made.token)
    assert (asked.name, asked.email, asked.role) == (
        "Ravi Shah",
        "ravi@team.example",
        "supervisor",
    )
    assert member(asked.agent_id or 0).link_until is not None
    links.use_link(made.token, name="Ravi", email=asked.email, password="", **CLIENT)
    with pytest.raises(LinkSpent):
        links.look_at_link(made.token)
    assert audited() == ["agent.invited", "sign_in.by_link"]


@SQLITE
def test_an_address_is_on_the_team_once(make: Make, sarah: Person) -> None:
    with pytest.raises(Refused, match="Sarah Kim has this address"):
        team.invite("Another", sarah.email, "agent", by=ada(make))
    with pytest.raises(Refused) as refusal:
        team.invite("", "new@team.example", "king", by=ada(make), problems={"email": "No."})
    assert set(refusal.value.problems) == {"name", "role", "email"}


def test_a_role_is_changed_and_the_next_request_knows(make: Make, sarah: Person) -> None:
    cookie = make.cookie(sarah)
    team.change_role(sarah.id, "supervisor", was="agent", by=ada(make))
    signed_in = signing_in.who(cookie)
    assert signed_in is not None
    assert signed_in.role == "supervisor"
    with pytest.raises(EditedMeanwhile) as met:
        team.change_role(sarah.id, "admin", was="agent", by=cleo(make))
    assert [(d.mine, d.theirs) for d in met.value.differences] == [("Admin", "Supervisor")]


def test_d83_nobody_changes_their_own_role_or_shuts_themselves_out(make: Make) -> None:
    cleo(make)
    own = ada(make)
    assert own.agent_id is not None
    with pytest.raises(Refused, match="your own role"):
        team.change_role(own.agent_id, "agent", was="admin", by=own)
    with pytest.raises(Refused, match="disable yourself"):
        team.disable(own.agent_id, by=own)


def test_d83_the_last_admin_stays_one(make: Make, sarah: Person) -> None:
    boss = make.agent("Ada Admin", role="admin")
    by = actor(sarah)  # somebody whose role was taken a moment ago
    with pytest.raises(Refused, match="last admin"):
        team.change_role(boss.id, "agent", was="admin", by=by)
    with pytest.raises(Refused, match="last admin"):
        team.disable(boss.id, by=by)


def test_two_admins_who_demote_each_other_at_once_leave_one(app: Flask, make: Make) -> None:
    for _ in range(5):
        first, second = ada(make), cleo(make)
        assert first.agent_id is not None
        assert second.agent_id is not None
        one, other = first.agent_id, second.agent_id
        together(
            app,
            partial(team.change_role, other, "agent", was="admin", by=first),
            partial(team.change_role, one, "agent", was="admin", by=second),
        )
        with reading() as session:
            admins = session.scalars(sa.select(Agent.id).where(Agent.role == "admin")).all()
        assert len(admins) == 1
        rescuer = Actor(agent_id=admins[0])
        lost = other if admins[0] == one else one
        team.change_role(lost, "admin", was="agent", by=rescuer)


def test_d84_disabling_puts_every_open_conversation_back_once(
    app: Flask, make: Make, sarah: Person
) -> None:
    numbers = [make.conversation(status=Status.ACTIVE, agent=sarah).id for _ in range(4)]
    solved = make.conversation(status=Status.RESOLVED, agent=sarah)
    by, other = ada(make), cleo(make)
    results = together(
        app,
        lambda: team.disable(sarah.id, by=by),
        lambda: team.disable(sarah.id, by=other),
    )
    assert sum(results) == len(numbers)  # type: ignore[arg-type]
    for number in numbers:
        conversation = make.read(number)
        assert (conversation.support_status, conversation.assigned_agent_id) == (
            Status.WAITING,
            None,
        )
        left = [body for _, kind, body in make.transcript(number) if kind == "left"]
        assert left == ["Sarah had to leave. A colleague takes over, you keep your place."]
    assert make.read(solved.id).support_status is Status.RESOLVED
    with reading() as session:
        requeued = session.scalar(
            sa.select(sa.func.count()).where(EventRow.name == "conversation.requeued")
        )
    assert requeued == len(numbers)
    assert audited().count("agent.disabled") == 1


def test_whoever_is_disabled_is_out_at_once_and_takes_nothing_any_more(
    make: Make, sarah: Person
) -> None:
    cookie = make.cookie(sarah)
    link = team.new_link(sarah.id, by=ada(make))
    waiting = make.conversation(status=Status.WAITING)
    team.disable(sarah.id, by=ada(make))
    assert signing_in.who(cookie) is None
    with pytest.raises(LinkSpent):
        links.look_at_link(link.token)
    with pytest.raises(MoveRefused):
        routing.claim(waiting.id, agent_id=sarah.id)
    assert "Sarah Kim" not in [view.name for view in people.team()]
    with pytest.raises(Refused, match="disabled"):
        team.new_link(sarah.id, by=ada(make))

    back = team.enable(sarah.id, by=ada(make))
    assert back is not None, "without a password a link is needed"
    assert signing_in.who(cookie) is None, "an old cookie does not come back to life"
    assert links.look_at_link(back.token).agent_id == sarah.id


def test_no_claim_slips_through_while_somebody_is_disabled(
    app: Flask, make: Make, sarah: Person
) -> None:
    by = ada(make)
    for _ in range(5):
        waiting = make.conversation(status=Status.WAITING)
        together(
            app,
            lambda: team.disable(sarah.id, by=by),
            lambda number=waiting.id: routing.claim(number, agent_id=sarah.id),  # type: ignore[misc]
        )
        assert make.read(waiting.id).support_status is Status.WAITING
        team.enable(sarah.id, by=by)


def test_signing_out_everywhere_ends_all_sessions_but_the_one_that_asks(
    make: Make, sarah: Person
) -> None:
    theirs = [make.cookie(sarah) for _ in range(3)]
    assert team.sign_out_everywhere(sarah.id, by=ada(make)) == 3
    assert [signing_in.who(cookie) for cookie in theirs] == [None] * 3
    own = make.agent("Ada Admin", role="admin")
    here, there = make.cookie(own), make.cookie(own)
    session = signing_in.who(here)
    assert session is not None
    by = Actor(agent_id=own.id, session_id=session.session_id)
    assert team.sign_out_everywhere(own.id, by=by) == 1
    assert signing_in.who(here) is not None
    assert signing_in.who(there) is None


@SQLITE
def test_a_new_link_replaces_the_one_before(make: Make, sarah: Person) -> None:
    first = team.new_link(sarah.id, by=ada(make))
    second = team.new_link(sarah.id, by=ada(make))
    with pytest.raises(LinkSpent):
        links.look_at_link(first.token)
    assert links.look_at_link(second.token).agent_id == sarah.id


@SQLITE
def test_the_list_says_who_is_here_and_what_they_have(make: Make, sarah: Person) -> None:
    make.conversation(status=Status.ACTIVE, agent=sarah)
    make.cookie(sarah)
    ada(make)
    boss, agent = team.listed()
    assert (boss.name, boss.role, boss.presence) == ("Ada Admin", "admin", "available")
    assert (agent.name, agent.active, agent.sessions, agent.has_password) == (
        "Sarah Kim",
        1,
        1,
        False,
    )
    with pytest.raises(Gone):
        team.disable(999, by=ada(make))
