"""What an editor of listings begins with, in the graph."""

from __future__ import annotations

from typing import Annotated

import strawberry

from db.tables.listings import ListingForm, ListingKind
from db.tables.people import Locale
from resolvers.listing_templates import Template, templates


@strawberry.type(
    description="The beginning of a listing in one language. A text in [brackets] is to be replaced by "
    "whoever writes it."
)
class ListingTemplate:
    """The beginning of a listing in one language."""

    kind: ListingKind = strawberry.field(description="Which side of the market it is for.")
    form: ListingForm = strawberry.field(description="In what form something is to be shared.")
    language: Locale = strawberry.field(description="The language that it is written in.")
    title: str = strawberry.field(description="A title.")
    body: str = strawberry.field(description="The bones of a description, in Markdown.")
    hours_per_week: int | None = strawberry.field(
        description="Hours a week that such a thing commonly takes; null when they are counted in all."
    )
    hours_total: int | None = strawberry.field(
        description="Hours in all that such a thing commonly takes; null when they are counted a week."
    )
    aim_hints: list[str] = strawberry.field(
        description="What whoever shares could learn by it: a help for choosing learning aims."
    )


async def listing_templates(
    kind: Annotated[
        ListingKind | None, strawberry.argument(description="Only for this side of the market.")
    ] = None,
    form: Annotated[
        ListingForm | None, strawberry.argument(description="Only for this form.")
    ] = None,
    language: Annotated[
        Locale | None, strawberry.argument(description="Only in this language.")
    ] = None,
) -> list[ListingTemplate]:
    """Answer `Query.listingTemplates`."""
    return [
        _shown(each)
        for each in templates()
        if kind in {None, each.kind}
        and form in {None, each.form}
        and language in {None, each.language}
    ]


def _shown(template: Template) -> ListingTemplate:
    return ListingTemplate(
        kind=template.kind,
        form=template.form,
        language=template.language,
        title=template.title,
        body=template.body,
        hours_per_week=template.hours_per_week,
        hours_total=template.hours_total,
        aim_hints=list(template.aim_hints),
    )
