"""A passkey in a real browser, with an authenticator that the browser plays."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from playwright.sync_api import Page, sync_playwright

from tests.making import Maker, Someone
from tests.web.browsing import OPEN, PASSWORD, with_password
from tests.web.conftest import FLAGS
from tests.web.serving import serving
from tests.web.test_passkeys import BEGIN, FINISH, LIST, SIGN_IN_BEGIN, SIGN_IN_FINISH

CLOSE = "mutation { sessionClose(input: {}) { closed } }"
# What a page does: ask, hand the options to the browser, send what it gives.
PAGE = """
async ({ queries, values }) => {
  const ask = async (query, input) => {
    const response = await fetch("/graphql", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ query, variables: input && { input } }),
    });
    const { data, errors } = await response.json();
    if (errors) throw new Error(JSON.stringify(errors));
    const payload = Object.values(data)[0];
    if (payload?.userErrors?.length) throw new Error(JSON.stringify(payload.userErrors));
    return payload;
  };
  const [open, begin, finish, close, signInBegin, signInFinish, list] = queries;
  await ask(open, values);
  const made = await ask(begin, {});
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(made.options));
  const created = await navigator.credentials.create({ publicKey });
  await ask(finish, {
    secret: made.secret, response: JSON.stringify(created.toJSON()), name: "Of the browser" });
  await ask(close);
  const asked = await ask(signInBegin, {});
  const credential = await navigator.credentials.get({
    publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(asked.options)) });
  const signedIn = await ask(signInFinish, {
    secret: asked.secret, response: JSON.stringify(credential.toJSON()) });
  const viewer = await ask(list);
  return { email: signedIn.viewer.email, method: signedIn.viewer.sessions.nodes[0].method,
    passkeys: viewer.passkeys.nodes.map(({ name, lastUsedAt }) => [name, lastUsedAt !== null]),
    cookie: document.cookie };
}
"""
pytestmark = pytest.mark.skipif(
    os.environ.get("COMMONS_SKIP_BROWSER") == "1", reason="COMMONS_SKIP_BROWSER is set"
)


@pytest.fixture
def owner(town: str) -> Someone:
    """Somebody with a password; made before the browser starts, which has an event loop of its own."""

    async def make() -> Someone:
        connection = await asyncpg.connect(town)
        try:
            maker = Maker(connection)
            return await with_password(maker, await maker.person())
        finally:
            await connection.close()

    return asyncio.run(make())


@pytest.fixture
def page(chromium: str, town: str, tmp_path: Path) -> Iterator[Page]:
    """A page of the application at its own address, as passkeys belong to an address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with serving(town, home=tmp_path, port=port), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page()
        page.goto(f"http://localhost:{port}/healthz")
        yield page
        browser.close()


def test_a_browser_makes_a_passkey_and_signs_in_with_it(owner: Someone, page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    queries = [OPEN, BEGIN, FINISH, CLOSE, SIGN_IN_BEGIN, SIGN_IN_FINISH, LIST]
    values = {"email": owner.email, "password": PASSWORD}
    assert page.evaluate(PAGE, {"queries": queries, "values": values}) == {
        "email": owner.email,
        "method": "PASSKEY",
        "passkeys": [["Of the browser", True]],
        # Scripts do not see the session.
        "cookie": "",
    }
