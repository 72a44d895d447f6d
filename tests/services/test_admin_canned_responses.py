"""Canned responses: kept clean, found by any word, filled for one conversation."""

from __future__ import annotations

import pytest

from helpdesk.domain.lifecycle import Status
from helpdesk.services.admin import canned_responses
from helpdesk.services.admin.changes import EditedMeanwhile, Gone, Refused
from tests.support.admin import ada, audited, cleo
from tests.support.make import Make, Person

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def form(**more: str) -> dict[str, str]:
    return {"shortcut": "bye", "title": "Good-bye", "body": "Bye, {{customer_name}}."} | more


def test_one_is_added_changed_and_deleted(make: Make) -> None:
    number = canned_responses.create(form(shortcut="/Refund-Times"), by=ada(make))
    view = canned_responses.opened(number)
    assert view is not None
    assert (view.shortcut, view.version) == ("refund-times", 1)
    canned_responses.change(number, form(title="Farewell"), version=1, by=ada(make))
    changed = canned_responses.opened(number)
    assert changed is not None
    assert (changed.shortcut, changed.title, changed.version) == ("bye", "Farewell", 2)
    canned_responses.remove(number, version=2, by=ada(make))
    canned_responses.remove(number, version=2, by=ada(make))
    assert canned_responses.listed() == []
    assert audited() == [
        "canned_response.created",
        "canned_response.changed",
        "canned_response.deleted",
    ]


def test_a_shortcut_belongs_to_one_response_only(make: Make) -> None:
    canned_responses.create(form(), by=ada(make))
    other = canned_responses.create(form(shortcut="other"), by=ada(make))
    for deed in (
        lambda: canned_responses.create(form(), by=ada(make)),
        lambda: canned_responses.change(other, form(), version=1, by=ada(make)),
    ):
        with pytest.raises(Refused) as refusal:
            deed()
        assert "taken" in refusal.value.problems["shortcut"]


@SQLITE
@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("shortcut", "", "after “/”"),
        ("shortcut", "Größe ändern", "Perhaps “groe-andern”?"),
        ("shortcut", "a b", "Perhaps “a-b”?"),
        ("shortcut", "a" * 41, "At most 40"),
        ("shortcut", "a\u200bb", "Only small letters"),
        ("title", " ", "Write a title"),
        ("title", "a\nb", "Line breaks"),
        ("body", "", "The text is empty"),
        ("body", "{{nobody}}", "There is no {{nobody}}"),
        ("body", "\u200b", "Write a text first"),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field(
    make: Make, field: str, value: str, said: str
) -> None:
    with pytest.raises(Refused) as refusal:
        canned_responses.create(form(**{field: value}), by=ada(make))
    assert list(refusal.value.problems) == [field]
    assert said in refusal.value.problems[field]


def test_the_second_of_two_edits_is_shown_both(make: Make) -> None:
    number = canned_responses.create(form(), by=ada(make))
    canned_responses.change(number, form(title="Ada's"), version=1, by=ada(make))
    with pytest.raises(EditedMeanwhile) as met:
        canned_responses.change(number, form(title="Cleo's"), version=1, by=cleo(make))
    assert [(d.label, d.mine, d.theirs) for d in met.value.differences] == [
        ("Title", "Cleo's", "Ada's")
    ]
    assert (met.value.by, met.value.version) == ("Ada Admin", 2)
    with pytest.raises(EditedMeanwhile):
        canned_responses.remove(number, version=1, by=cleo(make))


def test_an_edit_of_one_that_was_deleted_says_so(make: Make) -> None:
    number = canned_responses.create(form(), by=ada(make))
    canned_responses.remove(number, version=1, by=ada(make))
    with pytest.raises(Gone):
        canned_responses.change(number, form(), version=1, by=ada(make))


def test_they_are_found_by_any_word_and_by_signs_taken_literally(make: Make) -> None:
    canned_responses.create(form(), by=ada(make))
    rate = form(shortcut="rate", title="100% refund_policy", body="Yes.")
    canned_responses.create(rate, by=ada(make))

    def found(query: str) -> list[str]:
        return [view.shortcut for view in canned_responses.listed(query)]

    assert found("") == ["bye", "rate"]
    assert found("REFUND") == ["rate"]
    assert found("/bye customer") == ["bye"]
    assert found("100%") == ["rate"]
    assert found("%") == ["rate"]
    assert found("_policy") == ["rate"]
    assert found("\\") == []
    assert found("x" * 10_000) == []


def test_one_is_filled_for_a_conversation_and_names_what_is_missing(
    make: Make, sarah: Person
) -> None:
    body = "Hi {{customer_name}}, {{agent_name}} of {{business_name}}: see {{conversation_link}}."
    canned_responses.create(form(body=body), by=ada(make))
    nameless = make.conversation(status=Status.ACTIVE, agent=sarah)
    maya = make.conversation(by=make.customer("Maya"), status=Status.ACTIVE, agent=sarah)
    [filled] = canned_responses.for_conversation(nameless.id, sarah.id)
    assert filled.missing == ("customer_name", "conversation_link")
    assert filled.text == ("Hi {{customer_name}}, Sarah of Northfold: see {{conversation_link}}.")
    [filled] = canned_responses.for_conversation(maya.id, sarah.id)
    assert filled.missing == ("conversation_link",)
    assert filled.text.startswith("Hi Maya, Sarah of Northfold")


@SQLITE
def test_what_the_desk_knows_is_filled_in(make: Make, sarah: Person) -> None:
    body = "{{issue}} | {{issue_type}} | {{wait_minutes}} | {{opening_hours}} | {{reply_within}}"
    canned_responses.create(form(body=body), by=ada(make))
    conversation = make.conversation(
        text="I deposited money but it is not showing!", status=Status.WAITING
    )
    [filled] = canned_responses.for_conversation(conversation.id, sarah.id)
    issue, issue_type, waited, hours, reply = filled.text.split(" | ")
    assert issue == issue_type
    assert issue
    assert (waited, hours) == ("1", "Round the clock")
    assert reply.startswith("within")
    assert filled.missing == ()


@SQLITE
def test_a_customers_name_is_never_read_for_placeholders(make: Make, sarah: Person) -> None:
    canned_responses.create(form(body="Hi {{customer_name}}."), by=ada(make))
    odd = make.conversation(by=make.customer("{{agent_name}}"), status=Status.ACTIVE, agent=sarah)
    [filled] = canned_responses.for_conversation(odd.id, sarah.id)
    assert (filled.text, filled.missing) == ("Hi {{agent_name}}.", ())
