"""Writes documents from the SDL and a seed: deep, with variables, fragments, aliases, directives.

What hypothesis-graphql writes is shallow and passes no variables; here both are common.
"""

from __future__ import annotations

import json
from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLSchema,
    Undefined,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_leaf_type,
    is_non_null_type,
)

from tests.oracle.drawing import Values
from tests.oracle.running import Request

# Have no naive answer: tests/web/test_discover.py, test_market.py, test_listing_files.py,
# tests/subscriptions/test_log.py.
RANKED = {"discover", "market", "liveCursor", "listingTemplates"}
DEEPEST = 7
FIELDS = 40
PAGING = {"first", "last", "after", "before"}


class Writer:
    """One document in the making."""

    def __init__(self, schema: GraphQLSchema, values: Values, seed: int) -> None:
        self.schema = schema
        self.values = values
        self.random = Random(seed)  # noqa: S311 - to be repeatable
        self.definitions: list[str] = []
        self.variables: dict[str, Any] = {}
        self.fragments: list[str] = []
        self.names = 0
        self.left = FIELDS
        self.constant = False

    def request(self) -> Request:
        """Write the document."""
        root = self.schema.query_type
        assert root is not None
        body = self._selections(root, 0, count=self.random.choice((1, 1, 2, 3)))
        header = f"query Written({', '.join(self.definitions)}) " if self.definitions else ""
        return Request(" ".join([header + body, *self.fragments]), self.variables)

    def _name(self, kind: str) -> str:
        self.names += 1
        return f"{kind}{self.names}"

    def _chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def _selections(
        self,
        type_: Any,
        depth: int,
        *,
        count: int | None = None,
        alone: bool = False,
    ) -> str:
        if is_abstract_type(type_):
            return self._abstract(type_, depth)
        names = list(type_.fields)
        usable = [
            name
            for name in names
            if name not in RANKED
            and (depth < DEEPEST or is_leaf_type(get_named_type(type_.fields[name].type)))
        ]
        if type_.name.endswith("Connection"):
            chosen = self.random.sample(usable, self.random.randint(1, len(usable)))
        else:
            size = count or self.random.choice((1, 2, 2, 3, 4))
            chosen = [self.random.choice(usable) for _ in range(size)]
        parts = [self._field(type_, name, depth, alone=alone) for name in chosen]
        if self._chance(0.12):
            parts.append("__typename")
        if not any(parts):
            parts = ["__typename"]
        return self._wrapped(type_.name, " ".join(part for part in parts if part))

    def _wrapped(self, type_name: str, body: str) -> str:
        kind = self.random.random()
        if kind < 0.06:
            return f"{{ ... on {type_name} {self._directive()} {{ {body} }} __typename }}"
        if kind < 0.1:
            name = self._name("F")
            self.fragments.append(f"fragment {name} on {type_name} {{ {body} }}")
            return f"{{ ...{name} {self._directive()} {f'...{name}' if self._chance(0.3) else '__typename'} }}"
        return f"{{ {body} }}"

    def _abstract(self, type_: Any, depth: int) -> str:
        types = list(self.schema.get_possible_types(type_))
        chosen = self.random.sample(types, self.random.randint(0, min(4, len(types))))
        parts = ["__typename"]
        if self._chance(0.4):
            parts.append("... on Node { id }")
        # Fields of different types may not share a key.
        parts += [
            f"... on {concrete.name} {self._selections(concrete, depth, alone=True)}"
            for concrete in chosen
        ]
        return f"{{ {' '.join(parts)} }}"

    def _field(self, type_: Any, name: str, depth: int, *, alone: bool) -> str:
        if self.left <= 0:
            return ""
        self.left -= 1
        definition: GraphQLField = type_.fields[name]
        inner = get_named_type(definition.type)
        arguments = self._arguments(f"{type_.name}.{name}", definition)
        # Two fields may share a key only when their arguments are the same.
        alias = f"{self._name('a')}:" if arguments or alone or self._chance(0.1) else ""
        directive = self._directive()
        if is_leaf_type(inner):
            return f"{alias}{name}{arguments}{directive}"
        deeper = depth + (0 if type_.name.endswith(("Connection", "Edge")) else 1)
        first = f"{alias}{name}{arguments}{directive}{self._selections(inner, deeper)}"
        if self._chance(0.08) and not is_abstract_type(inner) and not directive:
            return f"{first} {alias}{name}{arguments}{self._selections(inner, deeper)}"
        return first

    def _directive(self) -> str:
        if not self._chance(0.05):
            return ""
        kind = self.random.choice(("skip", "include"))
        if self._chance(0.5):
            return f"@{kind}(if:{self.random.choice(('true', 'false'))})"
        given = self._chance(0.5)
        name = self._name("v")
        self.definitions.append(f"${name}: Boolean!")
        self.variables[name] = given
        return f"@{kind}(if:${name})"

    def _arguments(self, where: str, definition: GraphQLField) -> str:
        given = []
        ends = {
            self.random.choice(("first", "first", "last")),
            self.random.choice(("", "after", "before")),
        }
        key = self.random.choice(("id", "slug"))
        for name, argument in definition.args.items():
            required = is_non_null_type(argument.type) and argument.default_value is Undefined
            if name in PAGING:
                wanted = name in ends and (name in {"first", "last"} or self._chance(0.5))
            elif name in {"slug", "id"} and len(definition.args) == 2:
                wanted = name == key
            else:
                wanted = self._chance(0.35)
            if required or wanted or self._chance(0.003):
                given.append(f"{name}:{self._value(f'{where}.{name}', argument)}")
        return f"({','.join(given)})" if given else ""

    def _value(self, where: str, argument: GraphQLArgument | GraphQLInputField) -> str:
        """Write a value: a literal, or a variable with or without a default."""
        type_ = argument.type
        if not self._chance(0.4):
            return self._literal(self._draw(where, type_), type_)
        name = self._name("v")
        nullable = get_nullable_type(type_)
        value = self._draw(where, type_)
        if where.startswith(("Query.organisation.", "Query.skill.")):
            # One of the two must be there.
            self.definitions.append(f"${name}: {nullable}!")
            self.variables[name] = value if value is not None else "none"
            return f"${name}"
        if is_non_null_type(type_):
            if argument.default_value is not Undefined and self._chance(0.3):
                # Nullable in a place that has a default: may be absent.
                self.definitions.append(f"${name}: {nullable}")
                if self._chance(0.5):
                    self.variables[name] = value
                return f"${name}"
            self.definitions.append(f"${name}: {type_}")
            self.variables[name] = value
            return f"${name}"
        kind = self.random.random()
        default = f" = {self._constant(where, type_)}" if self._chance(0.3) else ""
        self.definitions.append(f"${name}: {type_}{default}")
        if kind < 0.75:
            self.variables[name] = value
        elif kind < 0.85:
            self.variables[name] = None
        return f"${name}"

    def _draw(self, where: str, type_: Any) -> Any:
        random = self.random
        if not is_non_null_type(type_) and random.random() < 0.04:
            return None
        type_ = get_nullable_type(type_)
        if isinstance(type_, GraphQLList):
            if random.random() < 0.1:
                return self._draw(where, type_.of_type)
            return [self._draw(where, type_.of_type) for _ in range(random.choice((0, 1, 2, 3, 5)))]
        if isinstance(type_, GraphQLEnumType):
            return random.choice(list(type_.values))
        if isinstance(type_, GraphQLInputObjectType):
            names = [name for name in type_.fields if random.random() < 0.3]
            if "minimumLevel" in names and "skills" not in names and not self._chance(0.1):
                names.append("skills")
            return {
                name: self._draw(f"{type_.name}.{name}", type_.fields[name].type) for name in names
            }
        name = type_.name
        if name == "Boolean":
            return random.random() < 0.5
        return self.values.scalar(random, name, where)

    def _literal(self, value: Any, type_: Any) -> str:
        type_ = get_nullable_type(type_)
        if value is None:
            return "null"
        if isinstance(value, list):
            return "[" + ",".join(self._literal(item, type_.of_type) for item in value) + "]"
        if isinstance(type_, GraphQLList):
            return self._literal(value, type_.of_type)
        if isinstance(value, dict):
            fields = (
                f"{name}:{self._within(f'{type_.name}.{name}', inner, type_.fields[name])}"
                for name, inner in value.items()
            )
            return "{" + ",".join(fields) + "}"
        if isinstance(type_, GraphQLEnumType):
            return str(value)
        return json.dumps(value, ensure_ascii=False)

    def _constant(self, where: str, type_: Any) -> str:
        self.constant = True
        try:
            return self._literal(self._draw(where, type_), type_)
        finally:
            self.constant = False

    def _within(self, where: str, value: Any, field: GraphQLInputField) -> str:
        if not self.constant and self._chance(0.25):
            return self._value(where, field)
        return self._literal(value, field.type)
