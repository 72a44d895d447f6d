"""The articles the assistant reads, as an index that is rebuilt when one of them changes."""

from __future__ import annotations

import threading

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk import ai
from helpdesk.extensions import db
from helpdesk.models import Article, ArticleVersion

_lock = threading.Lock()
_built: dict[str, tuple[tuple[int, int], ai.KnowledgeBase]] = {}


def current(session: Session) -> ai.KnowledgeBase:
    """The live articles of this database. The index is shared and never changes."""
    mark = session.execute(
        # Every publish, rollback or archive changes the sum of live versions or the newest row.
        sa.select(
            sa.func.coalesce(sa.func.sum(Article.id * 1_000_003 + Article.live_version), 0),
            sa.func.coalesce(sa.func.max(ArticleVersion.id), 0),
        )
        .join(
            ArticleVersion,
            (ArticleVersion.article_id == Article.id)
            & (ArticleVersion.version == Article.live_version),
        )
        .where(Article.archived_at.is_(None))
    ).one()
    key, stamp = str(db.engine.url), (int(mark[0]), int(mark[1]))
    with _lock:
        if key in _built and _built[key][0] == stamp:
            return _built[key][1]
    base = ai.KnowledgeBase(_articles(session))
    with _lock:
        _built[key] = (stamp, base)
    return base


def _articles(session: Session) -> list[ai.Article]:
    rows = session.execute(
        sa.select(Article.id, ArticleVersion)
        .join(
            ArticleVersion,
            (ArticleVersion.article_id == Article.id)
            & (ArticleVersion.version == Article.live_version),
        )
        .where(Article.archived_at.is_(None), ArticleVersion.audience == "public")
        .order_by(Article.id)
    )
    return [
        ai.Article(
            id=number,
            title=version.title,
            body=version.body,
            questions=tuple(version.questions),
            tags=tuple(version.tags),
            version=version.version,
        )
        for number, version in rows
    ]
