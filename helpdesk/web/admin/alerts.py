"""Alerts: the places they go to, and what became of each one that was sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import alerts as told
from helpdesk import clock
from helpdesk.services.admin import deliveries, endpoint_form, endpoints, redelivery
from helpdesk.services.admin.changes import EditedMeanwhile, Gone, Refused
from helpdesk.services.admin.deliveries import DeliveryView
from helpdesk.services.admin.endpoint_form import EVENT_FIELD
from helpdesk.services.admin.endpoints import EndpointView
from helpdesk.web import auth, forms
from helpdesk.web.admin import confirming, pages
from helpdesk.web.admin.blueprint import bp

SECTION = "alerts"
FIELDS = (
    *("channel", "name", "address", "least_priority", "include_text"),
    *(f"{EVENT_FIELD}{fact}" for fact in told.TELLABLE),
)
PERIODS = {"1": "the last hour", "24": "the last day", "168": "the last 7 days", "": "all time"}
"""What may be tried again at once: hours, and how it is said."""
LONG_AGO = timedelta(days=10_000)
WHY = "Where alerts go, and what signs them, changes only with your password."


@bp.get("/alerts")
def alerts() -> ResponseReturnValue:
    """The places, and the newest deliveries."""
    return _list()


@bp.get("/alerts/endpoints/new")
def new_endpoint() -> ResponseReturnValue:
    """An empty form."""
    return _form(None)


@bp.post("/alerts/endpoints")
def create_endpoint() -> ResponseReturnValue:
    """Add a place; the answer is the only page on which a webhook's secret is ever shown."""
    if (asked := _ask_password()) is not None:
        return asked
    fields = forms.take(*FIELDS, confirming.FIELD)
    try:
        made = endpoints.create(fields, by=auth.actor())
    except Refused as error:
        return _form(None, fields=fields, errors=error.problems, status=422)
    if not made.secret:
        return pages.done("admin.endpoint", "created", number=made.number)
    return _form(_endpoint(str(made.number)), secret=made.secret, said="Added.")


@bp.get("/alerts/endpoints/<number>")
def endpoint(number: str) -> ResponseReturnValue:
    """One to edit, and how it is doing."""
    return _form(_endpoint(number))


@bp.post("/alerts/endpoints/<number>")
def change_endpoint(number: str) -> ResponseReturnValue:
    """Save an edit."""
    seen = _endpoint(number)
    if (asked := _ask_password()) is not None:
        return asked
    fields = forms.take(*FIELDS, "version", "edit", confirming.FIELD)
    if fields["edit"]:
        return _form(seen, fields=fields)
    try:
        endpoints.change(seen.id, fields, version=forms.number(fields["version"]), by=auth.actor())
    except Refused as error:
        return _form(seen, fields=fields, errors=error.problems, status=422)
    except EditedMeanwhile as error:
        back = url_for("admin.endpoint", number=number)
        return pages.conflict(error, SECTION, title=seen.name, back=back)
    except Gone:
        abort(404)
    return pages.done("admin.endpoint", "saved", number=number)


@bp.post("/alerts/endpoints/<number>/state")
def set_endpoint_state(number: str) -> ResponseReturnValue:
    """Switch one on or off."""
    seen = _endpoint(number)
    wanted = forms.take("state")["state"]
    if wanted not in ("on", "off"):
        abort(400)
    endpoints.set_enabled(seen.id, enabled=wanted == "on", by=auth.actor())
    notice = "enabled" if wanted == "on" else "disabled"
    return pages.done("admin.endpoint", notice, number=number)


@bp.post("/alerts/endpoints/<number>/tests")
def test_endpoint(number: str) -> ResponseReturnValue:
    """Send a test; its delivery's page shows how that really ends."""
    seen = _endpoint(number)
    forms.take()
    try:
        sent = endpoints.send_test(seen.id, by=auth.actor())
    except Refused as error:
        return _form(seen, errors=error.problems, status=422)
    return pages.done("admin.delivery", "tested", number=sent)


@bp.post("/alerts/endpoints/<number>/secrets")
def renew_secret(number: str) -> ResponseReturnValue:
    """A new secret, shown once; the one before goes on signing beside it."""
    seen = _endpoint(number)
    if (asked := _ask_password()) is not None:
        return asked
    forms.take(confirming.FIELD)
    try:
        secret = endpoints.renew_secret(seen.id, by=auth.actor())
    except Refused as error:
        return _form(seen, errors=error.problems, status=422)
    return _form(_endpoint(number), secret=secret)


@bp.post("/alerts/endpoints/<number>/rotation")
def end_rotation(number: str) -> ResponseReturnValue:
    """Every receiver has the new secret: the old one signs no more."""
    seen = _endpoint(number)
    if (asked := _ask_password()) is not None:
        return asked
    forms.take(confirming.FIELD)
    endpoints.forget_old_secrets(seen.id, by=auth.actor())
    return pages.done("admin.endpoint", "rotated", number=number)


@bp.get("/alerts/endpoints/<number>/removal")
def ask_remove_endpoint(number: str) -> ResponseReturnValue:
    """Ask before deleting."""
    return _ask_removal(_endpoint(number))


@bp.post("/alerts/endpoints/<number>/removal")
def remove_endpoint(number: str) -> ResponseReturnValue:
    """Delete one, with its deliveries."""
    seen = _endpoint(number)
    if (asked := _ask_password()) is not None:
        return asked
    fields = forms.take("version", confirming.FIELD)
    try:
        endpoints.remove(seen.id, version=forms.number(fields["version"]), by=auth.actor())
    except Refused as error:
        return _ask_removal(seen, problem=error.problems["form"], status=422)
    except EditedMeanwhile as error:
        text = f"{error.by or 'Somebody'} changed this just now. Look at it before you delete it."
        return _ask_removal(_endpoint(number), problem=text, status=409)
    return pages.done("admin.alerts", "deleted")


@bp.get("/alerts/deliveries/<number>")
def delivery(number: str) -> ResponseReturnValue:
    """One delivery with every try, which renews itself until it has ended."""
    return _delivery(_found(number))


@bp.post("/alerts/deliveries/<number>/retry")
def retry_delivery(number: str) -> ResponseReturnValue:
    """Try one again now."""
    seen = _found(number)
    forms.take()
    try:
        redelivery.retry(seen.id, by=auth.actor())
    except Refused as error:
        return _delivery(_found(number), problem=error.problems["form"], status=409)
    return pages.done("admin.delivery", "retried", number=number)


@bp.post("/alerts/deliveries/<number>/cancellation")
def cancel_delivery(number: str) -> ResponseReturnValue:
    """Take one back."""
    seen = _found(number)
    forms.take()
    try:
        redelivery.cancel(seen.id, by=auth.actor())
    except Refused as error:
        return _delivery(_found(number), problem=error.problems["form"], status=409)
    return pages.done("admin.delivery", "cancelled", number=number)


@bp.post("/alerts/retries")
def retry_all() -> ResponseReturnValue:
    """Try everything again that failed for good within a time."""
    fields = forms.take("endpoint", "hours")
    if fields["hours"] not in PERIODS:
        abort(400)
    age = timedelta(hours=int(fields["hours"])) if fields["hours"] else LONG_AGO
    number = forms.number(fields["endpoint"])
    count = redelivery.retry_dead(
        since=clock.now() - age, by=auth.actor(), endpoint_id=number or None
    )
    which = "1 alert is" if count == 1 else f"{count or 'No'} alerts are"
    return _list(said=f"{which} tried again.")


def _ask_password() -> ResponseReturnValue | None:
    return confirming.ask(SECTION, back=url_for("admin.alerts"), why=WHY)


def _endpoint(number: str) -> EndpointView:
    found = endpoints.opened(pages.number_of(number))
    if found is None:
        abort(404)
    return found


def _found(number: str) -> DeliveryView:
    found = deliveries.opened(pages.number_of(number))
    if found is None:
        abort(404)
    return found


def _list(*, said: str = "") -> ResponseReturnValue:
    number = forms.query_number("endpoint")
    return pages.page(
        "admin/alerts.html",
        SECTION,
        view=deliveries.look(
            request.args.get("state", ""),
            endpoint_id=number or None,
            before=forms.query_number("before") or None,
        ),
        only=endpoints.opened(number) if number else None,
        periods=PERIODS,
        said=said,
    )


def _form(
    seen: EndpointView | None,
    *,
    fields: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    secret: str = "",
    said: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    saved = endpoints.as_form(seen) if seen else {"channel": "email", **endpoint_form.DEFAULTS}
    values = dict(fields) if fields else saved
    return pages.page(
        "admin/alerts_endpoint.html",
        SECTION,
        status=status,
        endpoint=seen,
        values={name: values.get(name, "") for name in FIELDS},
        version=values.get("version") or (seen.version if seen else 0),
        errors=errors or {},
        channels=endpoint_form.CHANNEL_WORDS,
        facts=tuple(told.TELLABLE.values()),
        event_field=EVENT_FIELD,
        secret=secret,
        said=said,
        can_mail=deliveries.can_mail(),
    )


def _delivery(seen: DeliveryView, *, problem: str = "", status: int = 200) -> ResponseReturnValue:
    return pages.page(
        "admin/alerts_delivery.html", SECTION, status=status, item=seen, problem=problem
    )


def _ask_removal(
    seen: EndpointView, *, problem: str = "", status: int = 200
) -> ResponseReturnValue:
    return pages.page(
        "admin/removal.html",
        SECTION,
        status=status,
        title=f"Delete “{seen.name}”?",
        text="The list of what was sent to it goes as well. The audit log keeps that it was there.",
        shown=f"{seen.channel_words}: {seen.shown_address}",
        action=url_for("admin.remove_endpoint", number=seen.id),
        back=url_for("admin.endpoint", number=seen.id),
        version=seen.version,
        problem=problem,
    )
