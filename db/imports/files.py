"""The six files of an import: their columns, what makes two rows the same, and where they go."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from db.imports import values
from db.imports.columns import Column, ImportFile, Reference
from db.imports.values import BadValue
from db.tables import organisations, people, posts

# The tables set no limit here; longer texts are slips, such as a whole paragraph in a title.
SHORT_TEXT_MAX = 200


def _person(column: str, target: str) -> Reference:
    return Reference(
        column=column,
        target=target,
        join=f"person on person.email = staged.{column}::citext",
        found="person.id",
        missing="'Nobody has this e-mail address, neither in the database nor among the rows of"
        " people.csv that were taken. Add the person, or correct the address.'",
    )


_ORGANISATION = Reference(
    column="organisation",
    target="organisation_id",
    join="organisation on organisation.slug = staged.organisation",
    found="organisation.id",
    missing="'No organisation has this slug, neither in the database nor among the rows of"
    " organisations.csv that were taken. Add the organisation, or correct the slug.'",
)
_SKILL = Reference(
    column="skill",
    target="skill_id",
    join="import_skill on import_skill.text = staged.skill",
    found="import_skill.skill_id",
    missing="import_skill.why",
)
_EMAIL = Column(
    name="email",
    kind=values.EMAIL,
    required=True,
    meaning="The person, by e-mail address.",
    example="noor.dekker@rivierenstad.example",
)
_SLUG = Column(
    name="organisation",
    kind=values.SLUG,
    required=True,
    meaning="The organisation, by slug.",
    example="rivierenstad",
)
_SKILL_TEXT = Column(
    name="skill",
    kind=values.one_line(SHORT_TEXT_MAX),
    required=True,
    meaning="The skill in Dutch or English; found in the taxonomy by label, alias or similarity.",
    example="projectmanagement",
)


def _ends_after_start(row: Mapping[str, object]) -> None:
    started, ended = row.get("started_on"), row.get("ended_on")
    if isinstance(started, date) and isinstance(ended, date) and ended < started:
        raise BadValue("lies before started_on")


ORGANISATIONS = ImportFile(
    name="organisations.csv",
    table="organisation",
    key=("staged.slug",),
    same="slug",
    existing="existing.slug = staged.slug",
    columns=(
        Column(
            name="slug",
            kind=values.SLUG,
            required=True,
            target="slug",
            fixed=True,
            meaning="The organisation's short name: its key here and its place in the web address.",
            example="rivierenstad",
        ),
        Column(
            name="name",
            kind=values.one_line(organisations.NAME_MAX),
            required=True,
            target="name",
            meaning="The name that people see.",
            example="Gemeente Rivierenstad",
        ),
        Column(
            name="kind",
            kind=values.choice(organisations.OrganisationKind),
            required=True,
            target="kind",
            meaning="What the organisation is in law and purpose.",
            example="government",
        ),
        Column(
            name="sector",
            kind=values.choice(organisations.Sector),
            required=True,
            target="sector",
            meaning="The field it works in.",
            example="public administration",
        ),
        Column(
            name="size_band",
            kind=values.choice(organisations.SizeBand),
            required=True,
            target="size_band",
            meaning="How many people work there, roughly.",
            example="large",
        ),
        Column(
            name="about",
            kind=values.prose(organisations.ABOUT_MAX),
            target="about",
            empty="",
            meaning="What it says about itself.",
            example="Een gemeente aan drie rivieren.",
        ),
        Column(
            name="website",
            kind=values.URL,
            target="website",
            meaning="Its own site.",
            example="https://rivierenstad.example",
        ),
        Column(
            name="location",
            kind=values.one_line(SHORT_TEXT_MAX),
            target="location",
            meaning="Where it is.",
            example="Rivierenstad",
        ),
        Column(
            name="verified_domain",
            kind=values.DOMAIN,
            target="verified_domain",
            meaning="The e-mail domain that was proved to be its own.",
            example="rivierenstad.example",
        ),
        Column(
            name="logo_url",
            kind=values.URL,
            target="logo_url",
            meaning="A picture of its logo.",
            example="https://rivierenstad.example/logo.png",
        ),
    ),
)
PEOPLE = ImportFile(
    name="people.csv",
    table="person",
    key=("staged.email",),
    same="e-mail address",
    existing="existing.email = staged.email::citext",
    columns=(
        Column(
            name="email",
            kind=values.EMAIL,
            required=True,
            target="email",
            fixed=True,
            meaning="The person's e-mail address: the key here, never shown to others. Capitals do"
            " not matter.",
            example="noor.dekker@rivierenstad.example",
        ),
        Column(
            name="name",
            kind=values.one_line(people.NAME_MAX),
            required=True,
            target="name",
            meaning="The name that others see.",
            example="Noor Dekker",
        ),
        Column(
            name="headline",
            kind=values.one_line(people.HEADLINE_MAX),
            target="headline",
            meaning="One line under the name.",
            example="Projectleider openbare ruimte",
        ),
        Column(
            name="location",
            kind=values.one_line(SHORT_TEXT_MAX),
            target="location",
            meaning="Where the person works.",
            example="Rivierenstad",
        ),
        Column(
            name="avatar_url",
            kind=values.URL,
            target="avatar_url",
            meaning="A picture.",
            example="https://rivierenstad.example/noor.jpg",
        ),
        Column(
            name="locale",
            kind=values.choice(people.Locale),
            target="locale",
            empty=people.Locale.NL.value,
            meaning="The language in which the product speaks to the person.",
            example="nl",
        ),
        Column(
            name="visibility",
            kind=values.choice(people.ProfileVisibility),
            target="visibility",
            empty=people.ProfileVisibility.NETWORK.value,
            meaning="Who may see the profile.",
            example="network",
        ),
    ),
)
MEMBERSHIPS = ImportFile(
    name="memberships.csv",
    table="membership",
    key=("person.id", "organisation.id", "staged.started_on"),
    same="person, organisation and started_on",
    existing="(existing.person_id, existing.organisation_id, existing.started_on)"
    " = (person.id, organisation.id, staged.started_on)",
    references=(_person("email", "person_id"), _ORGANISATION),
    check=_ends_after_start,
    check_column="ended_on",
    counters=(("organisation.member_count", "organisation_id"),),
    columns=(
        _EMAIL,
        _SLUG,
        Column(
            name="started_on",
            kind=values.DAY,
            required=True,
            target="started_on",
            fixed=True,
            meaning="The first day. With person and organisation it is the key.",
            example="2021-09-01",
        ),
        Column(
            name="role",
            kind=values.choice(people.Role),
            target="role",
            empty=people.Role.MEMBER.value,
            meaning="What the person may do for the organisation.",
            example="editor",
        ),
        Column(
            name="title",
            kind=values.one_line(SHORT_TEXT_MAX),
            target="title",
            empty="",
            meaning="The person's function there.",
            example="Projectleider",
        ),
        Column(
            name="ended_on",
            kind=values.DAY,
            target="ended_on",
            meaning="The last day; empty while the person works there. A person has one current"
            " membership in an organisation.",
            example="31-12-2024",
        ),
    ),
)
SKILLS = ImportFile(
    name="skills.csv",
    table="person_skill",
    key=("person.id", "import_skill.skill_id"),
    same="person and skill",
    existing="(existing.person_id, existing.skill_id) = (person.id, import_skill.skill_id)",
    references=(_person("email", "person_id"), _SKILL),
    counters=(("skill.person_count", "skill_id"),),
    columns=(
        _EMAIL,
        _SKILL_TEXT,
        Column(
            name="level",
            kind=values.whole_number(people.LEVEL_MIN, people.LEVEL_MAX, "aware to expert"),
            required=True,
            target="level",
            meaning="How well.",
            example="4",
        ),
        Column(
            name="evidence",
            kind=values.prose(people.EVIDENCE_MAX),
            target="evidence",
            empty="",
            meaning="Why others may believe it.",
            example="Leidde de herinrichting van het stationsplein.",
        ),
        Column(
            name="last_used_on",
            kind=values.PAST_DAY,
            target="last_used_on",
            meaning="When it was last put to use.",
            example="2025-02-28",
        ),
    ),
)
STRENGTHS = ImportFile(
    name="strengths.csv",
    table="organisation_strength",
    key=("organisation.id", "import_skill.skill_id"),
    same="organisation and skill",
    existing="(existing.organisation_id, existing.skill_id)"
    " = (organisation.id, import_skill.skill_id)",
    references=(_ORGANISATION, _SKILL),
    columns=(
        _SLUG,
        _SKILL_TEXT,
        Column(
            name="statement",
            kind=values.prose(organisations.STATEMENT_MAX),
            target="statement",
            empty="",
            meaning="What makes the organisation strong in it, in its own words.",
            example="Twintig jaar ervaring met hoogwater.",
        ),
    ),
)
POSTS = ImportFile(
    name="posts.csv",
    table="post",
    key=("organisation.id", "staged.key"),
    same="organisation and key",
    existing="(existing.organisation_id, existing.import_key) = (organisation.id, staged.key)",
    references=(_ORGANISATION, _person("author_email", "author_id")),
    id_from="published_at",
    on_update="edited_at = case when existing.body <> wanted.body then now()"
    " else existing.edited_at end",
    counters=(
        ("organisation.post_count", "organisation_id"),
        ("organisation.last_post_id", "organisation_id"),
        ("person.last_post_id", "author_id"),
    ),
    columns=(
        _SLUG,
        Column(
            name="key",
            kind=values.one_line(SHORT_TEXT_MAX),
            required=True,
            target="import_key",
            fixed=True,
            meaning="What the post is known by where it comes from; unique in the organisation.",
            example="news-2025-014",
        ),
        Column(
            name="author_email",
            kind=values.EMAIL,
            required=True,
            meaning="The person who wrote it, by e-mail address.",
            example="noor.dekker@rivierenstad.example",
        ),
        Column(
            name="body",
            kind=values.prose(posts.POST_BODY_MAX),
            required=True,
            target="body",
            meaning="The text. When a later import changes it, readers see that it was edited.",
            example="Het nieuwe gemaal draait.",
        ),
        Column(
            name="language",
            kind=values.choice(people.Locale),
            required=True,
            target="language",
            meaning="The language it is written in.",
            example="nl",
        ),
        Column(
            name="audience",
            kind=values.choice(posts.Audience),
            target="audience",
            empty=posts.Audience.NETWORK.value,
            meaning="Who may read it.",
            example="public",
        ),
        Column(
            name="published_at",
            kind=values.PAST_MOMENT,
            target="created_at",
            fixed=True,
            insert_as="coalesce(wanted.published_at, now())",
            meaning="When it was published; the moment of the import if empty. Posts are read in"
            " this order. It cannot change once imported.",
            example="2025-03-01 09:30",
        ),
    ),
)

# In this order: what a file refers to has been read before.
FILES = (ORGANISATIONS, PEOPLE, MEMBERSHIPS, SKILLS, STRENGTHS, POSTS)
