"""Lists that one statement of their own finds and ranks: what `discover` and `market` have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from strawberry.types import Info

from resolvers.finding import QUERY_MAX
from schema.engine.errors import InvalidArgument
from schema.engine.paging import page_size
from schema.engine.plans import Cost, Plan, check_cost
from schema.engine.relay import PageInfo


def check_asked(query: str, first: int) -> None:
    """Check the text and the size of a page.

    Raises:
        InvalidArgument: The text is too long, or the size out of range.
    """
    if len(query) > QUERY_MAX:
        raise InvalidArgument(
            f"query has {len(query):,} characters; at most {QUERY_MAX} are looked for."
        )
    page_size({"first": first})


async def find(info: Info, sql: str, values: Sequence[Any], cost: int) -> Mapping[str, Any]:
    """Run a statement that looks through at most `cost` rows, for the one who asks; give its row.

    Raises:
        RequestError: The operation is too dear with it, the secret is refused, or it took too long.
    """
    context: Any = info.context
    engine: Any = info.schema.engine  # type: ignore[attr-defined]
    context.cost = (context.cost or 0) + cost
    check_cost(context.cost, engine.cost_limit)
    plan = Plan(
        sql=sql,
        keys=(),
        slots=(),
        checks=(),
        occurrences=(),
        cost=Cost(own=cost),
        needs_viewer=True,
        plan_for_values=True,
    )
    found: Mapping[str, Any] = (await engine.run(context, plan, values))[0]
    return found


def page_info(edges: Sequence[Any], *, goes_on: bool, after: str | None) -> PageInfo:
    """Say where a page lies in its list, which is only read forwards."""
    return PageInfo(
        has_next_page=goes_on,
        has_previous_page=after is not None,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
