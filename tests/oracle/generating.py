"""Documents that hypothesis-graphql generates from the SDL, with values that hit real rows.

Its own values are noise: ids of nothing, pages out of range. Most are replaced by what exists.
"""

from __future__ import annotations

from random import Random
from typing import Any

from graphql import (
    REMOVE,
    ArgumentNode,
    DocumentNode,
    GraphQLSchema,
    IntValueNode,
    ListValueNode,
    Node,
    NullValueNode,
    ObjectFieldNode,
    ObjectValueNode,
    StringValueNode,
    TypeInfo,
    TypeInfoVisitor,
    ValueNode,
    Visitor,
    get_named_type,
    is_non_null_type,
    print_ast,
    visit,
)
from hypothesis import strategies as st
from hypothesis_graphql import queries

from tests.oracle.drawing import MOSTLY, Values
from tests.oracle.running import Request

NOTHING = StringValueNode(value="")
LEFT_OUT = {"last": 0.8, "after": 0.7, "before": 0.7, "first": 0.2}


def documents(schema: GraphQLSchema, values: Values, field: str) -> st.SearchStrategy[Request]:
    """Generate requests for one root field."""
    nothing = st.just(NOTHING)
    trees: st.SearchStrategy[Any] = queries(
        schema,
        fields=[field],
        print_ast=lambda tree: tree,
        custom_scalars=dict.fromkeys(("DateTime", "Date", "ID", "String"), nothing),
    )
    return st.builds(
        lambda tree, seed: _filled(schema, values, tree, Random(seed)),  # noqa: S311
        trees,
        st.integers(0, 2**16),
    )


def _filled(schema: GraphQLSchema, values: Values, tree: DocumentNode, random: Random) -> Request:
    info = TypeInfo(schema)
    return Request(print_ast(visit(tree, TypeInfoVisitor(info, _Filler(info, values, random)))), {})


class _Filler(Visitor):
    def __init__(self, info: TypeInfo, values: Values, random: Random) -> None:
        super().__init__()
        self.info = info
        self.values = values
        self.random = random

    def enter_field(self, node: Any, *_: Any) -> Any:
        """Keep one of slug and id, and one end of a page."""
        names = {argument.name.value for argument in node.arguments}
        drop = {name for name, chance in LEFT_OUT.items() if self.random.random() < chance}
        if "last" not in drop:
            drop.add("first")
        if names >= {"slug", "id"}:
            drop.add(self.random.choice(("slug", "id")))
        kept = tuple(argument for argument in node.arguments if argument.name.value not in drop)
        return _copy(node, arguments=kept)

    def enter_object_value(self, node: ObjectValueNode, *_: Any) -> Any:
        """Mostly ask for a level only where skills are asked for."""
        given = {
            field.name.value for field in node.fields if not isinstance(field.value, NullValueNode)
        }
        if "skills" in given or self.random.random() >= MOSTLY:
            return None
        kept = tuple(field for field in node.fields if field.name.value != "minimumLevel")
        return _copy(node, fields=kept)

    def leave_argument(self, node: ArgumentNode, *_: Any) -> Any:
        """Replace what an argument is given."""
        argument, parent, field = (
            self.info.get_argument(),
            self.info.get_parent_type(),
            self.info.get_field_def(),
        )
        if argument is None or parent is None or field is None:
            return None
        name = node.name.value
        where = f"{parent.name}.{field.ast_node.name.value if field.ast_node else ''}.{name}"
        if isinstance(node.value, NullValueNode):
            return (
                REMOVE if name in {"slug", "id"} and not is_non_null_type(argument.type) else None
            )
        return _copy(node, value=self._value(where, node.value, argument.type))

    def leave_object_field(self, node: ObjectFieldNode, *_: Any) -> Any:
        """Replace what an input field is given."""
        type_ = self.info.get_input_type()
        if type_ is None or isinstance(node.value, NullValueNode):
            return None
        return _copy(node, value=self._value(f"filter.{node.name.value}", node.value, type_))

    def _value(self, where: str, value: ValueNode, type_: Any) -> ValueNode:
        kind = get_named_type(type_).name
        if isinstance(value, ListValueNode) and kind == "ID":
            items = (self._value(where, item, type_) for item in value.values[:20])
            return ListValueNode(values=tuple(items))
        if kind == "ID":
            return StringValueNode(value=self.values.id(self.random, where))
        if kind == "String":
            return StringValueNode(value=self.values.text(self.random, where))
        if kind == "DateTime":
            return StringValueNode(value=self.values.time(self.random))
        if kind == "Int":
            return IntValueNode(value=str(self.values.number(self.random, where)))
        return value


def _copy(node: Node, **changes: Any) -> Any:
    kept = {key: getattr(node, key) for key in node.keys if key != "loc"}
    return type(node)(**{**kept, **changes})
