"""${message}

Revision: ${up_revision}, after ${down_revision | comma,n}.
Two deploys: a column is first added and filled, code moves over, and only a later migration
removes what nobody reads any more. Import no model here: this text must mean the same for ever.
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
