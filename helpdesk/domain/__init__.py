"""Pure decisions: no Flask, no SQLAlchemy, no input or output."""
