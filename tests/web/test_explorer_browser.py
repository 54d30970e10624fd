"""The explorer in a real browser, under its real policy."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.web.conftest import FLAGS

# Reported by the page itself: the console does not name every violation.
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", event =>
    window.violations.push([event.violatedDirective, event.blockedURI, event.sourceFile]));
"""
PATIENCE_MS = 30_000
pytestmark = pytest.mark.skipif(
    os.environ.get("COMMONS_SKIP_BROWSER") == "1", reason="COMMONS_SKIP_BROWSER is set"
)


@dataclass
class Visit:
    """A page, and what went wrong on it."""

    page: Page
    site: str
    troubles: list[str] = field(default_factory=list)

    def watch(self) -> None:
        page = self.page
        page.set_default_timeout(PATIENCE_MS)
        page.add_init_script(WATCH)
        page.on(
            "console",
            lambda said: (
                self.troubles.append(f"{said.type}: {said.text}")
                if said.type in {"error", "warning"}
                else None
            ),
        )
        page.on("pageerror", lambda error: self.troubles.append(f"uncaught: {error}"))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((self.site, "data:", "blob:"))
                else self.troubles.append(f"left the site: {request.url}")
            ),
        )

    def open(self) -> None:
        self.page.goto(f"{self.site}/")
        self.page.locator(".monaco-editor .view-line", has_text="query").first.wait_for()

    def answer(self, text: str) -> None:
        """Run what is in the editor, and wait for an answer with `text`."""
        self.page.locator("button.graphiql-execute-button").click()
        self.page.locator(".graphiql-response .view-line", has_text=text).first.wait_for()

    def sign_in(self, token: str) -> None:
        self.page.locator("input[name=token]").fill(token)
        self.page.locator("form button[type=submit]").click()

    def state(self, name: str) -> str:
        self.page.locator(f"[data-state={name}]").wait_for()
        return self.page.locator("[role=status]").inner_text()

    def assert_well(self) -> None:
        assert self.troubles == []
        assert self.page.evaluate("window.violations") == []


@pytest.fixture(scope="module")
def browser(chromium: str, token: str) -> Iterator[Browser]:  # noqa: ARG001 - made before
    # A browser has an event loop of its own, and nothing else can run one meanwhile.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    visit = Visit(context.new_page(), site)
    visit.watch()
    yield visit
    context.close()


def test_explorer_loads_and_answers_a_query_within_its_policy(visit: Visit) -> None:
    visit.open()
    assert visit.page.url == f"{visit.site}/graphiql"
    assert visit.page.title() == "Talent Commons graph explorer"
    assert visit.state("anonymous")
    visit.answer('"data"')
    visit.assert_well()


def test_signing_in_shows_who_it_is_and_asks_in_their_name(visit: Visit, token: str) -> None:
    visit.open()
    # Copied with its scheme and a space, as people do.
    visit.sign_in(f" Bearer {token}")
    assert "Marit Verhage" in visit.state("signedIn")
    visit.answer("Marit Verhage")
    # Kept for this tab only.
    assert visit.page.evaluate("JSON.stringify(localStorage)").count(token) == 0
    visit.page.reload()
    assert "Marit Verhage" in visit.state("signedIn")
    visit.assert_well()


def test_refused_token_is_said_and_can_be_forgotten(visit: Visit) -> None:
    visit.open()
    visit.sign_in("tc_nobodys")
    assert visit.state("refused")
    visit.page.locator("form button[type=button]").click()
    assert visit.state("anonymous")
    assert visit.page.evaluate("sessionStorage.length") == 0
    # The browser itself notes a 401 in the console.
    visit.troubles = [trouble for trouble in visit.troubles if "401" not in trouble]
    visit.assert_well()


def test_documentation_and_checking_come_from_the_schema(visit: Visit) -> None:
    visit.open()
    page = visit.page
    page.locator(".graphiql-sidebar button").nth(0).click()
    page.locator(".graphiql-doc-explorer a", has_text="Query").first.click()
    page.locator(".graphiql-doc-explorer a", has_text="organisations").first.wait_for()
    # Workers check what is typed: they are allowed by the policy, and they run.
    page.locator(".graphiql-query-editor .view-line").first.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("{ nothingLikeIt }")
    page.locator(".graphiql-query-editor .squiggly-error").first.wait_for()
    visit.assert_well()


def test_phone_shows_it_without_scrolling_sideways(browser: Browser, site: str) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="nl-NL", color_scheme="dark"
    )
    visit = Visit(context.new_page(), site)
    visit.watch()
    visit.open()
    assert visit.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    visit.assert_well()
    context.close()
