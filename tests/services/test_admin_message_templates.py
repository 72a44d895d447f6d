"""Message templates: what admins save is what customers read, and no edit is ever lost."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from flask import Flask

from helpdesk.domain.message_templates import DEFAULTS
from helpdesk.services import customer, routing
from helpdesk.services.admin import message_templates, template_preview
from helpdesk.services.admin.changes import EditedMeanwhile, Refused
from tests.support.admin import ada, audited, cleo
from tests.support.make import Make

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def opened(key: str) -> message_templates.TemplateView:
    found = message_templates.opened(key)
    assert found is not None
    return found


def test_a_saved_text_is_what_the_next_customer_reads(make: Make) -> None:
    text = "One moment, {{customer_name}}: a colleague at {{business_name}} takes over."
    message_templates.save("handoff", text, version=0, by=ada(make))
    maya = make.customer("Maya Lindqvist")
    make.write(maya, "How do I add money?")
    customer.ask_for_person(maya.id, source="button")
    said = [body for _, kind, body in make.transcript(make.conversation(by=maya).id) if kind]
    assert "One moment, Maya Lindqvist: a colleague at Northfold takes over." in said


def test_each_text_is_kept_with_its_author_and_can_be_restored(make: Make) -> None:
    message_templates.save("offer", "First.", version=0, by=ada(make))
    message_templates.save("offer", "Second.", version=1, by=cleo(make))
    history = opened("offer").history
    assert [(v.number, v.body, v.by) for v in history] == [
        (2, "Second.", "Cleo Chief"),
        (1, "First.", "Ada Admin"),
    ]
    message_templates.restore("offer", 1, version=2, by=ada(make))
    assert (opened("offer").body, opened("offer").version) == ("First.", 3)
    assert audited()[-1] == "message_template.restored"


def test_the_default_comes_back_and_follows_the_product(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    message_templates.save("offer", "Ours.", version=0, by=ada(make))
    message_templates.restore_default("offer", version=1, by=ada(make))
    assert opened("offer").body == DEFAULTS["offer"].body
    assert not opened("offer").is_changed
    assert opened("offer").history[0].is_default
    # What a later release says is said at once: the default was not copied.
    newer = replace(DEFAULTS["offer"], body="Better words.")
    monkeypatch.setitem(DEFAULTS, "offer", newer)
    assert opened("offer").body == "Better words."


@SQLITE
def test_saving_what_is_there_already_makes_no_version(make: Make) -> None:
    message_templates.save("offer", opened("offer").body, version=0, by=ada(make))
    assert (opened("offer").version, audited()) == (0, [])


def test_the_second_of_two_admins_is_shown_both_texts(make: Make) -> None:
    message_templates.save("offer", "Ada's words.", version=0, by=ada(make))
    with pytest.raises(EditedMeanwhile) as met:
        message_templates.save("offer", "Cleo's words.", version=0, by=cleo(make))
    assert (met.value.by, met.value.version) == ("Ada Admin", 1)
    [difference] = met.value.differences
    assert (difference.mine, difference.theirs) == ("Cleo's words.", "Ada's words.")
    assert opened("offer").body == "Ada's words."
    message_templates.save("offer", "Cleo's words.", version=met.value.version, by=cleo(make))
    assert [version.body for version in opened("offer").history] == [
        "Cleo's words.",
        "Ada's words.",
    ]


def test_of_many_who_save_at_the_same_moment_one_wins_and_all_others_hear_of_it(
    app: Flask, make: Make
) -> None:
    by = ada(make)
    gate, results = threading.Barrier(6), []

    def save(number: int) -> None:
        with app.app_context():
            gate.wait()
            try:
                message_templates.save("offer", f"Text {number}.", version=0, by=by)
                results.append("saved")
            except EditedMeanwhile as met:
                results.append(met.differences[0].theirs[:5])

    threads = [threading.Thread(target=save, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["Text "] * 5 + ["saved"]
    assert opened("offer").version == 1
    assert audited() == ["message_template.saved"]


@SQLITE
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{u.password_hash}}", "must be followed by a name"),
        ("{{7*7}}", "must be followed by a name"),
        ("{% for x in y %}", "“{%” cannot be used"),
        ("{# note #}", "“{#” cannot be used"),
        ("Hi {{custmer_name}}", "Did you mean {{customer_name}}?"),
        ("{{que_position}}", "There is no {{que_position}}. Known: customer_name"),
        ("Hi {{customer_name", "must be followed by a name"),
        ("   \n ", "The text is empty."),
        ("x" * 1_000_000, "1,000,000 characters long; 2,000 is the most"),
    ],
)
def test_d80_what_is_no_plain_text_with_known_names_is_refused(
    make: Make, text: str, said: str
) -> None:
    with pytest.raises(Refused) as refusal:
        message_templates.save("handoff", text, version=0, by=ada(make))
    assert said in refusal.value.problems["body"]
    assert opened("handoff").version == 0


@SQLITE
def test_a_refusal_names_the_line_and_the_character(make: Make) -> None:
    [problem] = message_templates.problems("Hello.\r\nDear {{nobody}},")
    assert problem.startswith("Line 2, character 6: There is no {{nobody}}.")


@SQLITE
@pytest.mark.parametrize("key", sorted(DEFAULTS))
def test_every_template_has_a_preview_in_which_its_text_is_said(make: Make, key: str) -> None:
    shown = template_preview.preview(key, "Words of {{customer_name}}.")
    assert shown.rows[-1].body == "Words of Maya."
    nameless = template_preview.preview(key, "Words of {{customer_name}}.", nameless=True)
    assert nameless.rows[-1].body == "Words of there."
    assert template_preview.preview(key, "{{nobody}}").problems


@SQLITE
def test_an_example_value_is_never_read_for_placeholders(make: Make) -> None:
    hostile = make.customer("{{agent_name}} <b>")
    make.write(hostile, "How do I add money?")
    customer.ask_for_person(hostile.id, source="button")
    message_templates.save("agent_joined", "Hi {{customer_name}}", version=0, by=ada(make))
    number = make.conversation(by=hostile).id
    routing.claim(number, agent_id=make.agent("Sarah Kim").id)
    assert "Hi {{agent_name}} <b>" in [body for _, _, body in make.transcript(number)]


def test_there_is_no_template_of_another_name(make: Make) -> None:
    assert message_templates.opened("nothing") is None
