"""Where compiled fields meet graphql-core: root fields of a query, and rows referred to anywhere.

Everything else (introspection, ordinary resolvers, mutations, errors) stays with the stock
executor; a client notices nothing.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

import orjson
from graphql import GraphQLError, GraphQLObjectType, get_named_type
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from typing_extensions import override

from schema.engine.compile import Operation
from schema.engine.engine import Engine


@dataclass(frozen=True)
class Ref:
    """A row: what an ordinary resolver returns for a type that is bound to a table.

    `type` may be None where the field's own type says what it is.
    """

    type: type | None
    id: UUID

    def type_name(self, declared: Any) -> str:
        """Give the GraphQL name of the type, for a field of type `declared`."""
        if self.type is None:
            return str(get_named_type(declared).name)
        name: str = self.type.__strawberry_definition__.name  # type: ignore[attr-defined]
        return name


class CompiledExecutor(StrawberryGraphQLCoreExecutionContext):
    """Runs the compiled root fields of a query as one statement, beside the ordinary ones."""

    engine: ClassVar[Engine]

    @cached_property
    def waiting(self) -> dict[tuple[str, ...], list[tuple[UUID, asyncio.Future[Any]]]]:
        """The rows of this request that are to be rendered, by type and place."""
        return {}

    @property
    def compiled_operation(self) -> Operation:
        """What the compiler needs of this request."""
        return Operation(self.schema, self.operation, self.fragments, self.variable_values)

    @override
    def execute_root_grouped_field_set(
        self,
        root_type: Any,
        root_value: Any,
        grouped_field_set: Any,
        serially: Any,
        position_context: Any,
    ) -> Any:
        fields = {
            key: details
            for key, details in grouped_field_set.items()
            if self.engine.is_compiled(root_type, details)
        }
        if not fields:
            return super().execute_root_grouped_field_set(
                root_type, root_value, grouped_field_set, serially, position_context
            )
        # Planned and filled before anything runs: a bad argument refuses the whole request.
        context = self.context_value
        prepared = self.engine.prepare(context, self.compiled_operation, root_type, fields)
        answers = self.engine.answer(context, prepared)
        rest = {key: details for key, details in grouped_field_set.items() if key not in fields}
        others = (
            super().execute_root_grouped_field_set(
                root_type, root_value, rest, serially, position_context
            )
            if rest
            else {}
        )
        return self._together(root_type, fields, grouped_field_set, answers, others)

    async def _together(
        self, root_type: GraphQLObjectType, fields: Any, wanted: Any, answers: Any, others: Any
    ) -> dict[str, Any]:
        if self.is_awaitable(others):
            data, rest = await asyncio.gather(answers, others)
        else:
            data, rest = await answers, others
        missing = self.engine.illegal_null(root_type, fields, data)
        if missing is not None:
            details = fields[missing]
            name = details[0].node.name.value
            raise GraphQLError(
                f"Cannot return null for non-nullable field {root_type.name}.{name}.",
                [detail.node for detail in details],
                path=[missing],
            )
        rendered = {key: fragment(value) for key, value in data.items()} | rest
        return {key: rendered[key] for key in wanted if key in rendered}

    @override
    def complete_object_value(
        self,
        return_type: Any,
        field_details_list: Any,
        info: Any,
        path: Any,
        result: Any,
        position_context: Any,
    ) -> Any:
        if isinstance(result, Ref):
            return self._render_one(return_type, field_details_list, path, result)
        return super().complete_object_value(
            return_type, field_details_list, info, path, result, position_context
        )

    @override
    def complete_abstract_value(
        self,
        return_type: Any,
        field_details_list: Any,
        info: Any,
        path: Any,
        result: Any,
        position_context: Any,
    ) -> Any:
        if isinstance(result, Ref):
            concrete = self.schema.get_type(result.type_name(return_type))
            return self._render_one(concrete, field_details_list, path, result)
        return super().complete_abstract_value(
            return_type, field_details_list, info, path, result, position_context
        )

    @override
    def complete_list_value(
        self,
        return_type: Any,
        field_details_list: Any,
        info: Any,
        path: Any,
        result: Any,
        position_context: Any,
    ) -> Any:
        if isinstance(result, list) and result and all(isinstance(item, Ref) for item in result):
            names = {item.type_name(return_type) for item in result}
            if len(names) == 1:
                return self._render_many(names.pop(), field_details_list, path, result)
        return super().complete_list_value(
            return_type, field_details_list, info, path, result, position_context
        )

    async def _render_one(self, type_: Any, details: Any, path: Any, ref: Ref) -> Any:
        item = await self._together_with_others(type_, details, path, ref.id)
        if item is None:
            raise GraphQLError(f"{type_.name} is gone, or the viewer may no longer see it.")
        return item

    async def _together_with_others(
        self, type_: Any, details: Any, path: Any, key: UUID
    ) -> orjson.Fragment | None:
        """Render a row in one statement with all others of its type at the same place.

        The rows of a list are completed one after another before anything runs, so those that wait
        for the loop to turn are all of them.
        """
        place = (type_.name, *(key for key in path.as_list() if isinstance(key, str)))
        waiting = self.waiting.setdefault(place, [])
        rendered: asyncio.Future[orjson.Fragment | None] = (
            asyncio.get_running_loop().create_future()
        )
        waiting.append((key, rendered))
        if len(waiting) == 1:
            await asyncio.sleep(0)
            del self.waiting[place]
            try:
                items = await self._render(type_, details, path, [key for key, _ in waiting])
            except BaseException as error:
                for _, other in waiting[1:]:
                    if not other.done():
                        other.set_exception(error)
                raise
            for (_, other), item in zip(waiting, items, strict=True):
                if not other.done():
                    other.set_result(item)
        return await rendered

    async def _render_many(self, name: str, details: Any, path: Any, refs: list[Ref]) -> Any:
        items = await self._render(
            self.schema.get_type(name), details, path, [ref.id for ref in refs]
        )
        return [item for item in items if item is not None]

    async def _render(
        self, type_: Any, details: Any, path: Any, ids: list[UUID]
    ) -> list[orjson.Fragment | None]:
        keys = tuple(key for key in path.as_list() if isinstance(key, str))
        items = await self.engine.refs(
            self.context_value, self.compiled_operation, type_, details, keys, ids
        )
        return [fragment(item) for item in items]


def fragment(value: bytes | None) -> orjson.Fragment | None:
    """Give JSON from the database as something that orjson copies untouched."""
    return None if value is None else orjson.Fragment(value)
