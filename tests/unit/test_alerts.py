"""What alerts say, how they are signed, what an answer to one means. No network, no database."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from helpdesk import alerts
from helpdesk.alerts import Alert, forms, verdicts
from helpdesk.alerts.verdicts import DELAYS, Verdict, next_delay, of_answer, of_error
from helpdesk.domain.masking import mask
from helpdesk.outbound import Answer, MailRefused, Refused, Unreachable

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NASTY = "<!channel> @everyone <http://evil.example|click> **bold** [x](http://evil.example) & `x`"


def alert(**changes: object) -> Alert:
    """An urgent handoff."""
    given: dict[str, object] = {
        "id": "outbox-7-abc",
        "event": "handoff.requested",
        "at": "2026-11-22T12:00:00Z",
        "data": {
            "conversation": "abc",
            "seq": 3,
            "status": "waiting",
            "priority": "urgent",
            "reasons": ["financial_transaction", "frustration"],
        },
        "company": "Northfold",
        "link": "https://desk.example.com/desk/c/abc",
    }
    return Alert(**(given | changes))  # type: ignore[arg-type]


def test_a_webhook_is_thin_and_has_no_words_of_the_customer() -> None:
    body = json.loads(forms.webhook(alert()))
    assert body == {
        "type": "handoff.requested",
        "timestamp": "2026-11-22T12:00:00Z",
        "data": {
            "conversation": "abc",
            "seq": 3,
            "status": "waiting",
            "priority": "urgent",
            "reasons": ["financial_transaction", "frustration"],
            "link": "https://desk.example.com/desk/c/abc",
        },
    }


def test_included_words_are_short_and_masked_in_every_form() -> None:
    told = alert(text="My card 4242 4242 4242 4242 and password is hunter2! " + "x " * 500)
    letter = forms.email(told, sender="Desk <d@example.com>", to="a@example.com", now=NOW)
    for form in (forms.webhook(told), forms.slack(told), forms.discord(told), bytes(letter)):
        assert b"4242" not in form
        assert b"hunter2" not in form
        assert len(form) < 2_000


def test_the_longest_alert_fits_into_20_kb() -> None:
    data = dict(alert().data) | {"reasons": ["x" * 40] * 50}
    assert len(forms.webhook(alert(data=data, text="\U0001f600" * 10_000))) <= forms.LONGEST_BODY


def test_any_standard_webhooks_library_verifies_every_secret_while_they_rotate() -> None:
    body = forms.webhook(alert())
    new, old, stranger = (alerts.new_secret() for _ in range(3))
    stamp = int(datetime.now(UTC).timestamp())  # noqa: TID251 - the library asks the real clock
    headers = {
        "webhook-id": "outbox-7-abc",
        "webhook-timestamp": str(stamp),
        "webhook-signature": alerts.sign((new, old), "outbox-7-abc", stamp, body),
    }
    for secret in (new, old):
        assert Webhook(secret).verify(body, headers)["type"] == "handoff.requested"
    for changed in (
        (stranger, body, headers),
        (new, body + b" ", headers),
        (new, body, headers | {"webhook-id": "outbox-8-abc"}),
        (new, body, headers | {"webhook-timestamp": str(stamp + 1)}),
    ):
        with pytest.raises(WebhookVerificationError):
            Webhook(changed[0]).verify(changed[1], changed[2])


def test_slack_pings_nobody_and_links_nowhere_but_to_the_desk() -> None:
    told = json.loads(forms.slack(alert(company=NASTY, text=NASTY)))
    ours = "<https://desk.example.com/desk/c/abc|Open the conversation>"
    assert told["text"].count("<") == 1
    assert ours in told["text"]
    assert "&lt;!channel&gt;" in told["text"]
    assert told["link_names"] is False


def test_discord_pings_nobody_and_formats_nothing() -> None:
    told = json.loads(forms.discord(alert(company=NASTY, text=NASTY)))
    assert told["allowed_mentions"] == {"parse": []}
    assert "@everyone" not in told["content"]
    assert "\\*\\*bold" in told["content"]
    assert "](http" not in told["content"]
    assert len(told["content"]) <= 2_000


def test_an_email_says_what_and_why_and_answers_to_no_machine() -> None:
    letter = forms.email(alert(), sender="Desk <desk@example.com>", to="a@b.example", now=NOW)
    assert letter["Subject"] == "Urgent: A customer is waiting for a person (Northfold)"
    assert letter["Message-ID"] == "<outbox-7-abc@example.com>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["To"] == "a@b.example"
    body = letter.get_content()
    assert "Why: Money, Frustrated" in body
    assert "https://desk.example.com/desk/c/abc" in body


def test_d81_no_header_can_be_smuggled_into_an_email() -> None:
    sneaky = alert(company="Northfold\r\nBcc: evil@example.com")
    letter = forms.email(sneaky, sender="Desk <d@example.com>", to="a@b.example", now=NOW)
    assert letter["Bcc"] is None
    assert "\n" not in letter["Subject"]
    for to in ("a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example", "a@b.example;c@d.e"):
        with pytest.raises(ValueError, match="not an e-mail address"):
            forms.email(alert(), sender="Desk <d@example.com>", to=to, now=NOW)


@pytest.mark.parametrize(
    "raw",
    ["", "a", "@b.co", "a@", "a@b", "a@@b.co", "a b@c.de", "x <a@b.co>", "a@b.co,c@d.co", "ä@b.co"],
)
def test_what_is_not_exactly_one_address_is_none(raw: str) -> None:
    with pytest.raises(ValueError, match="not an e-mail address"):
        alerts.one_mailbox(raw)


def test_a_domain_is_spelled_as_mail_servers_take_it() -> None:
    assert alerts.one_mailbox(" Team@Bücher.example ") == "Team@xn--bcher-kva.example"


def answer(code: int, **headers: str) -> Answer:
    return Answer(code=code, headers=headers, body=b"")


def test_accepted_is_accepted() -> None:
    assert all(of_answer(answer(code), NOW).sent for code in (200, 201, 202, 204, 299))


@pytest.mark.parametrize("code", [408, 409, 425, 429, 500, 502, 503, 504, 599])
def test_trouble_that_passes_is_retried_to_the_end(code: int) -> None:
    verdict = of_answer(answer(code), NOW)
    assert (verdict.sent, verdict.tries, verdict.disable) == (False, 10, "")


@pytest.mark.parametrize("code", [301, 302, 307, 308, 400, 401, 403, 404, 405, 413, 422])
def test_a_refusal_is_tried_three_times(code: int) -> None:
    verdict = of_answer(answer(code), NOW)
    assert (verdict.sent, verdict.tries, verdict.disable) == (False, 3, "")


def test_gone_is_gone() -> None:
    verdict = of_answer(answer(410), NOW)
    assert (verdict.tries, bool(verdict.disable)) == (1, True)


@pytest.mark.parametrize(
    ("raw", "seconds"),
    [
        *(("120", 120), ("0", 0), ("99999999999999", 3600), ("-5", 0), ("soon", 0), ("", 0)),
        (format_datetime(NOW + timedelta(minutes=10), usegmt=True), 600),
        (format_datetime(NOW - timedelta(minutes=10), usegmt=True), 0),
        (format_datetime(NOW + timedelta(days=10), usegmt=True), 3600),
    ],
)
def test_retry_after_is_honoured_up_to_an_hour(raw: str, seconds: float) -> None:
    verdict = of_answer(answer(429, **{"retry-after": raw}), NOW)
    assert verdict.retry_after == seconds
    delay = next_delay(1, verdict, luck=0.5)
    assert delay == max(5, seconds)


def test_mail_that_is_refused_for_good_is_dead_and_for_now_is_not() -> None:
    assert of_error(MailRefused(550, "no such user")).tries == 1
    assert of_error(MailRefused(451, "later")).tries == 10
    assert of_error(Unreachable("no answer in time")).tries == 10
    assert of_error(Refused("only https:// is allowed")).tries == 3


def test_the_schedule_is_as_promised_and_ends() -> None:
    hour = 3_600
    promised = [0, 5, 300, 1_800, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour]
    assert list(DELAYS) == promised
    verdict = Verdict(error="x")
    for tried, wanted in enumerate(promised[1:], 1):
        least, most = next_delay(tried, verdict, luck=0), next_delay(tried, verdict, luck=1)
        assert least == pytest.approx(wanted * 0.8)
        assert most == pytest.approx(wanted * 1.2)
    assert next_delay(10, verdict, luck=0.5) is None
    assert next_delay(3, of_answer(answer(404), NOW), luck=0.5) is None


def test_what_a_stranger_says_is_kept_as_one_short_line() -> None:
    verdict = of_error(MailRefused(550, "a\r\nb\x00\x1b[31mc" + "x" * 10_000))
    assert verdict.error.startswith("550 a b [31mc")
    assert len(verdict.error) <= verdicts.LONGEST_ERROR + 4


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("card 4242-4242-4242-4242 please", "card [card number] please"),
        ("IBAN DE89 3704 0044 0532 0130 00 ok", "IBAN [account number] ok"),
        ("I am maya.ruiz@example.com", "I am [e-mail]"),
        ("my password is hunter2", "my password is [hidden]"),
        ("PIN: 1234", "PIN: [hidden]"),
        ("the code is 123456", "the code is [number]"),
        ("key sk_live_a1b2c3d4e5f6g7h8i9j0k1", "key [key]"),
        ("I forgot my password again", "I forgot my password again"),
        ("I deposited 250 dollars at 14:02", "I deposited 250 dollars at 14:02"),
    ],
)
def test_secrets_are_masked_and_ordinary_words_are_not(text: str, masked: str) -> None:
    assert mask(text) == masked
