"""The words of organisations, people and posts, to be searched in Dutch and English.

Revision: 0060, after 0071. The indexes serve `discover(query:)` and saved searches: the rows with
some words, the last one by its beginning. The columns are computed by Postgres whenever a row is
written. Adding them writes every row anew and keeps the table to itself while it does: measured
with 500,000 posts (180 characters each) 34 to 59 s, and 11 to 15 s for the index; 50,000 people
5 s. A post grows by 350 bytes. On a table that cannot be spared so long: add a plain column, keep
it by a trigger, fill it in portions, and make the index concurrently.
Two deploys: a column is first added and filled, code moves over, and only a later migration
removes what nobody reads any more. Import no model here: this text must mean the same for ever.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0060"
down_revision = "0071"
branch_labels = None
depends_on = None

CONFIGURATIONS = {
    "commons_nl": ("dutch", "dutch_stem"),
    "commons_en": ("english", "english_stem"),
    "commons_plain": ("simple", "simple"),
}
WORDS = {
    "organisation": (
        "strip(to_tsvector('commons_nl', about) || to_tsvector('commons_en', about)"
        " || to_tsvector('commons_plain', name || ' ' || about || ' ' || coalesce(location, '')))"
    ),
    "person": (
        "strip(to_tsvector('commons_nl', coalesce(headline, ''))"
        " || to_tsvector('commons_en', coalesce(headline, '')) || to_tsvector('commons_plain',"
        " name || ' ' || coalesce(headline, '') || ' ' || coalesce(location, '')))"
    ),
    "post": (
        "strip(case language when 'NL' then to_tsvector('commons_nl', body)"
        " else to_tsvector('commons_en', body) end || to_tsvector('commons_plain', body))"
    ),
}


def upgrade() -> None:
    for name, (copied, stems) in CONFIGURATIONS.items():
        op.execute(f"create text search configuration {name} (copy = {copied})")
        op.execute(
            f"alter text search configuration {name}"
            f" alter mapping for hword, hword_part, word with unaccent, {stems}"
        )
    for table, words in WORDS.items():
        op.add_column(
            table,
            sa.Column(
                "searched", postgresql.TSVECTOR(), sa.Computed(words, persisted=True), nullable=True
            ),
        )
        op.create_index(f"ix_{table}_searched", table, ["searched"], postgresql_using="gin")


def downgrade() -> None:
    for table in WORDS:
        op.drop_index(f"ix_{table}_searched", table_name=table)
        op.drop_column(table, "searched")
    for name in CONFIGURATIONS:
        op.execute(f"drop text search configuration {name}")
