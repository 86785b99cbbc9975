"""The first schema."""

from alembic import op

from casework.store.guards import drop_guards, make_guards
from casework.store.tables import Base

revision = "0001"
down_revision = None


def upgrade() -> None:
    Base.metadata.create_all(op.get_bind())
    make_guards(op.get_bind())


def downgrade() -> None:
    drop_guards(op.get_bind())
    Base.metadata.drop_all(op.get_bind())
