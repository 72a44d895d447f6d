"""The knowledge the assistant answers from: articles, each a chain of versions."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.extensions import Base
from helpdesk.models.columns import Id, MaybeMoment, Moment, one_of

AUDIENCES = ("public", "internal")


class Article(Base):
    """An article. ``live_version`` is the one the assistant reads; ``None`` while it is a draft."""

    __tablename__ = "article"

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    live_version: Mapped[int | None]
    created_at: Mapped[Moment]
    archived_at: Mapped[MaybeMoment]


class ArticleVersion(Base):
    """What an article said at one time; never changed afterwards."""

    __tablename__ = "article_version"
    __table_args__ = (sa.UniqueConstraint("article_id", "version"),)

    id: Mapped[Id]
    article_id: Mapped[int] = mapped_column(sa.ForeignKey("article.id"))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(200))
    body: Mapped[str] = mapped_column(sa.Text)
    questions: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    tags: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    language: Mapped[str] = mapped_column(sa.String(35), default="en")
    audience: Mapped[str] = mapped_column(one_of(AUDIENCES, "audience"), default="public")
    agent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agent.id"))
    created_at: Mapped[Moment]
