"""What people write becomes HTML that is safe, whole and soon there."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Text as SqlText
from sqlalchemy import literal_column, select
from sqlalchemy.dialects import postgresql

from resolvers.markdown import Shown, Text, html_of, plain, render

KEY = UUID("01a1f850-1400-7c95-b382-219df50cb3c9")
REL = 'rel="nofollow noopener noreferrer"'
SHOWN = {
    ("org", KEY): Shown('Har<b>our & "Sons"', "/organisations/harbour"),
    ("per", KEY): Shown("Robin", f"/people/{KEY}"),
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("one\ntwo\n\nthree", "<p>one<br>\ntwo</p>\n<p>three</p>", id="lines"),
        pytest.param("**b** *i* ~~s~~ `c`", "<p><strong>b</strong> <em>i</em> <s>s</s> <code>c</code></p>", id="marks"),
        pytest.param("# Title", "<h1>Title</h1>", id="title"),
        pytest.param("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>', id="list"),
        pytest.param("> said", "<blockquote>\n<p>said</p>\n</blockquote>", id="quote"),
        pytest.param("```py\n<x>\n```", "<pre><code>&lt;x&gt;\n</code></pre>", id="code"),
        pytest.param("[a](https://x.example)", f'<p><a href="https://x.example" {REL}>a</a></p>', id="link"),
        pytest.param("[a](mailto:a@x.example)", f'<p><a href="mailto:a@x.example" {REL}>a</a></p>', id="mail"),
        pytest.param(
            "See https://x.example/a_b_c?d=(1).",
            f'<p>See <a href="https://x.example/a_b_c?d=(1)" {REL}>https://x.example/a_b_c?d=(1)</a>.</p>',
            id="bare address",
        ),
        pytest.param("(https://x.example)", f'<p>(<a href="https://x.example" {REL}>https://x.example</a>)</p>', id="address in brackets"),
        pytest.param("`https://x.example`", "<p><code>https://x.example</code></p>", id="address in code"),
        pytest.param("https://", "<p>https://</p>", id="no address"),
        pytest.param("", "", id="nothing"),
    ],
)  # fmt: skip
def test_markup_becomes_html(source: str, expected: str) -> None:
    assert render(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "a <b onmouseover=alert(1)>b</b>",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](&#106;avascript:alert(1))",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "[a](vbscript:x)",
        "[a](/relative)",
        "[a](//other.example)",
        "[a](file:///etc/passwd)",
        "<javascript:alert(1)>",
        "[a]: javascript:alert(1)\n\n[a]",
        "![a](https://x.example/tracker.png)",
        "[a](https://x.example \"onclick='x'\")",
        "| a | b |\n|---|---|\n| c | d |",
        "<!-- hidden -->",
        "<style>p{}</style>",
    ],
)
def test_nothing_but_the_elements_of_the_list_comes_out(source: str) -> None:
    html = render(source)
    for element in ("<script", "<img", "<b", "<table", "<style", "<!--"):
        assert element not in html.replace("<br>", "").replace("<blockquote>", "")
    for part in html.split("href=")[1:]:
        assert part.startswith(('"https://', '"http://', '"mailto:')), html
    assert 'onclick="' not in html
    assert 'title="' not in html


def test_whom_a_text_names_is_told_once_each_and_not_in_code() -> None:
    text = Text(
        f"Hi @[a](org_{KEY}) and @[b](per_{KEY}), again @[c](org_{KEY}); `@[d](per_{UUID(int=1)})`"
        f" and without [e](per_{UUID(int=2)})"
    )
    assert text.named == (("org", KEY), ("per", KEY))


def test_the_named_are_linked_by_what_they_are_called() -> None:
    assert Text(f"Hi @[You **won**](org_{KEY})! @[r](per_{KEY})").html(SHOWN) == (
        f'<p>Hi <a href="/organisations/harbour" class="mention" {REL}>'
        f'@Har&lt;b&gt;our &amp; "Sons"</a>! '
        f'<a href="/people/{KEY}" class="mention" {REL}>@Robin</a></p>'
    )


def test_an_id_that_nobody_looked_up_is_no_link() -> None:
    assert render(f"Hi @[a](org_{KEY}) [b](per_{KEY})") == "<p>Hi @a b</p>"


@pytest.mark.parametrize(
    "source",
    [
        "[" * 10_000,
        "![[" * 3_333,
        "[a](b" * 2_000,
        "*a" * 5_000,
        "*_~" * 3_333,
        "`a" * 5_000,
        "> " * 5_000,
        "- " * 4_999 + "a",
        "~~a " * 2_500,
        "<" * 10_000,
        "&#x" * 3_333,
        "http://" * 1_428,
        f"@[a](per_{KEY})" * 230,
        "[a]: https://x.example\n" * 434,
        "".join("`" * size + " " for size in range(1, 140)),
    ],
)
def test_no_text_takes_long(source: str) -> None:
    begin = time.process_time()
    html = Text(source[:10_000]).html()
    assert time.process_time() - begin < 1.0
    assert len(html) < 200_000


def test_too_many_brackets_are_shown_as_typed() -> None:
    assert render("[" * 501 + "\n*a*") == f"<p>{'[' * 501}<br>*a*</p>"


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab \n*_~`[]()<>@#-!&\"'\\/:.1", max_size=80))
def test_any_text_becomes_html_that_survives_cleaning(source: str) -> None:
    html = render(source)
    assert "<script" not in html
    assert render(source) == html


async def test_plain_text_is_shown_alike_by_python_and_by_sql(
    scratch_connection: asyncpg.Connection[Any],
) -> None:
    column = literal_column("t.body", SqlText())
    html = literal_column("t.html", SqlText())
    dialect: Any = postgresql.dialect()  # type: ignore[no-untyped-call]
    expression = str(
        select(html_of(html, column)).compile(
            dialect=dialect, compile_kwargs={"literal_binds": True}
        )
    ).replace("%%", "%")
    bodies = ["", "a", "a\nb", "a\n\nb\n\n\nc", "<b> & \"x\" 'y' &amp;", "100% \\ é 🦊", "\n\na\n"]
    rows = await scratch_connection.fetch(
        f"{expression} from unnest($1::text[], $2::text[]) as t (body, html)",
        [*bodies, "kept"],
        [*[None for _ in bodies], "<p>stored</p>"],
    )
    assert [row[0] for row in rows] == [*(plain(body) for body in bodies), "<p>stored</p>"]
