"""Declaring mutations: a command, its input and its payload; and how one is performed.

    @mutations
    class PostMutations:
        post_publish: PostPublishPayload | None = mutation(
            command.publish_post, "Publish a post.", PostPublishInput, PostPublishPayload
        )

The fields of the input become the keyword arguments of the command under the same names: ids
decoded, what was left out left out, so that a command's defaults hold. What the command gives
becomes the payload: keys become objects that the compiler renders as the viewer may see them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import SimpleNamespace
from typing import Annotated, Any, Protocol, TypeVar
from uuid import UUID

import strawberry
from strawberry.types import Info
from strawberry.utils.str_converters import to_camel_case

from db.tables.people import Locale
from resolvers.acting import Command, Origin
from resolvers.performing import Performed, UnknownSecret
from resolvers.refusals import InvalidInput, Refusal
from resolvers.steps import is_in_steps
from resolvers.wording import say
from schema.engine import ids
from schema.engine.arguments import INPUT_LIST_MAX
from schema.engine.declare import ID_PREFIX
from schema.engine.engine import database_faults
from schema.engine.errors import InvalidId, Unauthenticated
from schema.engine.execute import Ref
from schema.user_errors import UserError

COMMAND = "command"
C = TypeVar("C", bound=type)


class Performs(Protocol):
    """Performs commands; see `resolvers.performing`."""

    async def perform(
        self,
        command: Command,
        arguments: Mapping[str, Any],
        origin: Origin,
        *,
        name: str,
        key: str | None = None,
    ) -> Performed:
        """Perform one command in one transaction."""
        ...


@dataclass(frozen=True)
class CompiledMutation:
    """One mutation, as it was declared."""

    command: Command
    description: str
    input: type
    payload: type


@strawberry.input(description="What every mutation that is safe to repeat takes.")
class Keyed:
    """An input with an idempotency key."""

    idempotency_key: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="A text of your own, at most 120 characters. The same key and input again give "
        "the same answer without doing anything again; another input is refused. Kept for 7 days.",
    )


def mutation(command: Command, description: str, input: type, payload: type) -> Any:
    """Declare a mutation that performs `command`. Its annotation is the payload, nullable."""
    expected = {field.python_name for field in _fields(input)} - {"idempotency_key"}
    parameters = inspect.signature(command).parameters
    accepted = {name for name, p in parameters.items() if p.kind is p.KEYWORD_ONLY}
    if expected != accepted:
        raise TypeError(
            f"{command.__qualname__} takes {sorted(accepted)}, {input.__name__} has {sorted(expected)}"
        )
    if is_in_steps(command) and issubclass(input, Keyed):
        raise TypeError(f"{command.__qualname__} is in steps: its input takes no idempotency key")
    return CompiledMutation(command, description, input, payload)


def result(description: str) -> Any:
    """A field of a payload: null when the mutation was refused."""
    return strawberry.field(default=None, description=description)


def input_field(description: str, *, prefix: str | None = None, required: bool = True) -> Any:
    """A field of an input; with `prefix` it takes ids of that type. Optional: it may be left out."""
    options: dict[str, Any] = {} if required else {"default": strawberry.UNSET}
    if prefix is not None:
        options["metadata"] = {ID_PREFIX: prefix}
    return strawberry.field(description=description, **options)


def payload(cls: C) -> C:
    """Make a payload type: its own fields, and why the mutation was refused."""
    cls.__annotations__["user_errors"] = list[UserError]
    cls.user_errors = strawberry.field(  # type: ignore[attr-defined]
        default_factory=list, description="Why nothing was done; empty when it was."
    )
    return strawberry.type(cls, description=inspect.getdoc(cls))


def mutations(cls: C) -> C:
    """Make a part of the root type `Mutation`."""
    for name, annotation in list(inspect.get_annotations(cls).items()):
        spec = cls.__dict__.get(name)
        if isinstance(spec, CompiledMutation):
            setattr(cls, name, _strawberry_field(cls, name, annotation, spec))
    return strawberry.type(cls, description=inspect.getdoc(cls))


def _strawberry_field(cls: type, name: str, annotation: Any, spec: CompiledMutation) -> Any:
    taken: Any = spec.input
    argument: Any = Annotated[taken, strawberry.argument(description="What is asked for.")]
    parameters = [
        inspect.Parameter("info", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Info),
        inspect.Parameter("input", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=argument),
    ]

    async def resolver(info: Info, input: Any) -> Any:
        return await _perform(info.context, info.schema, name, spec, input)

    resolver.__name__ = name
    resolver.__module__ = cls.__module__
    resolver.__signature__ = inspect.Signature(parameters, return_annotation=annotation)  # type: ignore[attr-defined]
    resolver.__annotations__ = {p.name: p.annotation for p in parameters} | {"return": annotation}
    return strawberry.mutation(
        resolver=resolver, description=spec.description, metadata={COMMAND: spec}
    )


async def _perform(context: Any, schema: Any, name: str, spec: CompiledMutation, given: Any) -> Any:
    names: Mapping[str, str] = schema.engine.bindings.names
    key = getattr(given, "idempotency_key", None) or None
    try:
        arguments = _arguments(given, names)
    except Refusal as refusal:
        return _refused(spec, [refusal], context.origin.locale)
    try:
        with database_faults(context):
            performed = await context.performer.perform(
                spec.command, arguments, context.origin, name=name, key=key
            )
    except UnknownSecret as error:
        raise Unauthenticated(
            "This token is unknown, expired or revoked. Sign in again."
        ) from error
    # The secret was looked at, and the payload renders for whoever it is by now.
    context.is_authenticated = True
    context.outcomes.append(performed.outcome)
    if performed.outcome.session_hash is not None:
        context.secret_hash = performed.outcome.session_hash
    if performed.refusals:
        return _refused(spec, performed.refusals, performed.locale)
    return spec.payload(**_results(spec.payload, performed.values))


def _refused(spec: CompiledMutation, refusals: Any, locale: Locale) -> Any:
    return spec.payload(
        user_errors=[
            UserError(
                code=refusal.code,
                field=[to_camel_case(part) for part in refusal.field],
                message=say(refusal.text, locale, **refusal.values),
            )
            for refusal in refusals
        ]
    )


def _results(payload: type, values: Mapping[str, Any]) -> dict[str, Any]:
    """Give a payload's fields; a key under the empty name is its first field, the object."""
    first = next(
        field.python_name for field in _fields(payload) if field.python_name != "user_errors"
    )
    return {name or first: _result(value) for name, value in values.items()}


def _result(value: Any) -> Any:
    if isinstance(value, UUID):
        return Ref(None, value)
    if isinstance(value, list):
        return [_result(item) for item in value]
    return value


def _arguments(given: Any, names: Mapping[str, str]) -> dict[str, Any]:
    """Give the keyword arguments in an input object.

    Raises:
        InvalidInput: An id is of another type, a list is too long, or a text holds U+0000.
    """
    return {
        field.python_name: _value(
            getattr(given, field.python_name),
            field.metadata.get(ID_PREFIX),
            names,
            field.python_name,
        )
        for field in _fields(type(given))
        if field.python_name != "idempotency_key"
        and getattr(given, field.python_name) is not strawberry.UNSET
    }


def _value(value: Any, prefix: str | None, names: Mapping[str, str], *where: str) -> Any:
    if isinstance(value, list):
        if len(value) > INPUT_LIST_MAX:
            raise InvalidInput(
                "common.list_too_long", field=where, limit=INPUT_LIST_MAX, actual=len(value)
            )
        return [_value(item, prefix, names, *where, str(n)) for n, item in enumerate(value)]
    if hasattr(type(value), "__strawberry_definition__") and not isinstance(value, Enum):
        return SimpleNamespace(
            **{
                field.python_name: None
                if getattr(value, field.python_name) is strawberry.UNSET
                else _value(
                    getattr(value, field.python_name),
                    field.metadata.get(ID_PREFIX),
                    names,
                    *where,
                    field.python_name,
                )
                for field in _fields(type(value))
            }
        )
    if prefix is None or value is None:
        if isinstance(value, str) and "\0" in value:
            # Postgres has no such texts, so no command needs to look for them.
            raise InvalidInput("common.text_control", field=where, code="0000")
        return value
    try:
        return ids.decode(value, prefix, names[prefix])
    except InvalidId as error:
        raise InvalidInput("common.id_invalid", field=where, expected=names[prefix]) from error


def _fields(cls: type) -> Any:
    definition: Callable[..., Any] = cls.__strawberry_definition__  # type: ignore[attr-defined]
    return definition.fields  # type: ignore[attr-defined]
