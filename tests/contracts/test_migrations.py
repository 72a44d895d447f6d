"""The migrations make exactly the tables that the models describe, and can be taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import Migrate, downgrade, upgrade

from helpdesk.app import create_app
from helpdesk.extensions import Base, db
from helpdesk.services import schema
from tests.support import databases


def test_migrated_tables_equal_the_models(database_url: str) -> None:
    app = create_app(databases.settings_for(database_url, Path()))
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert schema.problems() == []
    databases.dispose(app)


def test_every_migration_goes_down_and_up_again(database_url: str) -> None:
    app = create_app(databases.settings_for(database_url, Path()))
    Migrate(app, db, directory=str(schema.MIGRATIONS))
    with app.app_context():
        downgrade(revision="base")
        left = set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}
        assert left == set()
        assert schema.problems() == [
            f"the database is at migration none, this version needs {schema.head()}"
        ]
        upgrade()
        assert schema.problems() == []
    databases.dispose(app)


def test_migrations_are_numbered_without_a_fork() -> None:
    names = sorted(path.stem for path in (schema.MIGRATIONS / "versions").glob("[0-9]*.py"))
    assert [name[:4] for name in names] == [f"{number:04}" for number in range(1, len(names) + 1)]


@pytest.mark.parametrize("table", sorted(Base.metadata.tables))
def test_every_foreign_key_points_at_a_table(table: str) -> None:
    for key in Base.metadata.tables[table].foreign_keys:
        assert key.column.table.name in Base.metadata.tables
