"""The assistant answers: a leased run, a reply made outside any transaction, a fenced posting.

The fence is the guarded hold of `_post`: it lets a reply through only while the assistant is still
in charge, in the same stretch, and the customer has not written since (lifecycle.md, measured).
"""

from __future__ import annotations

import logging
import secrets
import time
from contextlib import suppress
from dataclasses import asdict
from datetime import timedelta

import sqlalchemy as sa
from flask import current_app

from helpdesk import ai, background, clock
from helpdesk.config import Settings
from helpdesk.domain.escalation import Action, ReplyFacts, evaluate
from helpdesk.domain.events import MessageCreated, ReplySuppressed
from helpdesk.domain.lifecycle import Overtaken, Sender, Status
from helpdesk.extensions import reading, writing
from helpdesk.models import AiRun, Conversation
from helpdesk.services import after_hours, asking, handoff, knowledge, situation
from helpdesk.services.situation import Situation
from helpdesk.services.unit_of_work import UnitOfWork, Words, unit_of_work

log = logging.getLogger(__name__)

NO_REPLY = ai.Reply(text="", confidence=0.0)
BEGUN_TOO_OFTEN = 5
"""A run begun so often that never ended takes down the process that does it."""


def answer(run_id: int) -> None:
    """Do one run: lease it, ask the responder, post what comes back. Safe to call twice.

    Whatever goes wrong, the customer gets a person in the end and is never left in silence.
    """
    run = _lease(run_id)
    if run is None:
        return
    try:
        _do(run)
    except ai.AiError as error:
        _failed(run, asking.in_words(error))
    except Exception as error:
        log.exception("assistant run %s broke", run.id)
        _failed(run, asking.in_words(error))


def sweep() -> None:
    """Take up the runs whose hint was lost or whose worker died."""
    now = clock.now()
    with reading() as session:
        overdue = session.scalars(
            sa.select(AiRun.id)
            .where(
                sa.or_(
                    sa.and_(AiRun.state == "queued", AiRun.due_at <= now - timedelta(seconds=1)),
                    sa.and_(AiRun.state == "leased", AiRun.lease_until <= now),
                )
            )
            .order_by(AiRun.due_at)
            .limit(100)
        ).all()
    for run_id in overdue:
        background.enqueue("answer", run_id=run_id)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _lease(run_id: int) -> AiRun | None:
    """Make a run ours for a while; ``None``: somebody else has it, or it is done."""
    now, timing = clock.now(), _settings().timing
    with writing() as session:
        run = session.scalar(
            sa.update(AiRun)
            .where(
                AiRun.id == run_id,
                sa.or_(
                    AiRun.state == "queued",
                    sa.and_(AiRun.state == "leased", AiRun.lease_until <= now),
                ),
            )
            .values(
                state="leased",
                attempts=AiRun.attempts + 1,
                lease_token=secrets.token_hex(16),
                lease_until=now + timedelta(seconds=timing.ai_lease),
            )
            .returning(AiRun)
            .execution_options(synchronize_session=False)
        )
        session.commit()
    return run


def _do(run: AiRun) -> None:
    with reading() as session:
        seen = situation.of_conversation(session, run.conversation_id)
        base = knowledge.current(session)
    if not _still_wanted(run, seen):
        _put_away(run, NO_REPLY)
        return
    if run.attempts > BEGUN_TOO_OFTEN:
        raise ai.AiError(f"begun {run.attempts - 1} times and never ended")
    began = time.monotonic()
    reply = asking.ask(_transcript(seen), base)
    run.latency_ms = int((time.monotonic() - began) * 1_000)
    _settle(run, seen, reply, ReplyFacts(confidence=reply.confidence, refused=reply.refused))


def _still_wanted(run: AiRun, seen: Situation) -> bool:
    conversation = seen.conversation
    return (
        conversation is not None
        and conversation.support_status is Status.AI
        and conversation.control_epoch == run.control_epoch
        and conversation.last_customer_seq == run.customer_seq
    )


def _transcript(seen: Situation) -> ai.Transcript:
    assert seen.conversation is not None
    return ai.Transcript(
        conversation=seen.conversation.public_id,
        lines=tuple(
            ai.TranscriptLine(sender=turn.sender, text=turn.text, at=turn.at, seq=turn.seq)
            for turn in seen.history
        ),
        language=(seen.contact.locale or "en").split("-")[0],
        customer_name=seen.contact.name,
    )


def _failed(run: AiRun, error: str) -> None:
    log.warning("assistant run %s, attempt %s: %s", run.id, run.attempts, error)
    if run.attempts < _settings().timing.ai_attempts:
        with writing() as session:
            session.execute(
                sa.update(AiRun)
                .where(AiRun.id == run.id, AiRun.lease_token == run.lease_token)
                .values(state="queued", error=error, lease_until=None)
            )
            session.commit()
        background.enqueue("answer", run_id=run.id)
        return
    run.error = error
    with reading() as session:
        seen = situation.of_conversation(session, run.conversation_id)
    _settle(run, seen, NO_REPLY, ReplyFacts(error=error))


def _settle(run: AiRun, seen: Situation, reply: ai.Reply, facts: ReplyFacts) -> None:
    """Post the reply, or hand over instead; put it away if it came too late."""
    decision = evaluate(seen.facts(None, reply=facts), seen.policy)
    try:
        with unit_of_work() as work:
            conversation = work.hold(
                run.conversation_id,
                Conversation.support_status == Status.AI,
                Conversation.control_epoch == run.control_epoch,
                Conversation.last_customer_seq == run.customer_seq,
            )
            outcome = "error" if facts.error else "refused"
            if decision.action is Action.TRANSFER:
                queued = after_hours.hand_over(work, conversation, seen, decision, actor="ai")
                if not queued and reply.text:
                    _post(work, conversation, run, reply)
                else:
                    _finish(work, run, outcome, reply)
                return
            if reply.text:
                _post(work, conversation, run, reply)
            else:
                _finish(work, run, outcome, reply)
            if decision.action is Action.OFFER or not reply.text:
                # Without words of its own even a policy that hands nothing over must say something.
                unsure = not reply.text or decision.primary == "low_confidence"
                template = "low_confidence" if unsure else "offer"
                handoff.offer(work, conversation, seen, decision, actor="ai", template=template)
    except Overtaken:
        _put_away(run, reply)


def _post(work: UnitOfWork, conversation: Conversation, run: AiRun, reply: ai.Reply) -> None:
    _finish(work, run, "posted", reply)
    message = work.say(
        conversation,
        Words(
            sender_type=Sender.AI,
            sender_key="ai",
            body=reply.text,
            mid=f"ai:{run.customer_seq}:{run.control_epoch}",
            ai_confidence=reply.confidence,
            sources=tuple(asdict(source) for source in reply.sources),
        ),
    )
    work.record(conversation, MessageCreated(actor="ai", seq=message.seq, sender_type=Sender.AI))


def _put_away(run: AiRun, reply: ai.Reply) -> None:
    """Too late. If a person took over it is kept for them; else a newer run answers instead."""
    # Overtaken: the lease ran out, and whoever has the run now settles it.
    with suppress(Overtaken), unit_of_work() as work:
        conversation = work.hold(run.conversation_id)
        same_question = conversation.last_customer_seq == run.customer_seq
        person = conversation.control_epoch != run.control_epoch
        kept = bool(reply.text) and (person or same_question)
        _finish(work, run, "suppressed" if kept else "superseded", reply)
        if kept:
            work.record(conversation, ReplySuppressed(actor="ai", run_id=run.id))


def _finish(work: UnitOfWork, run: AiRun, outcome: str, reply: ai.Reply) -> None:
    """Mark a run done; only the holder of its lease may.

    :raises Overtaken: the lease ran out and another worker has the run.
    """
    done = work.session.execute(
        sa.update(AiRun)
        .where(AiRun.id == run.id, AiRun.state == "leased", AiRun.lease_token == run.lease_token)
        .values(
            state="done",
            outcome=outcome,
            text=reply.text,
            confidence=reply.confidence,
            sources=[asdict(source) for source in reply.sources],
            error=run.error,
            latency_ms=run.latency_ms,
            ended_at=work.now,
        )
        .returning(AiRun.id)
        .execution_options(synchronize_session=False)
    ).first()
    if done is None:
        raise Overtaken
