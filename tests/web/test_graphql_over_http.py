"""GraphQL over HTTP, by the specification's own audits and by what our clients rely on."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.web.driving import installed
from tests.web.serving import RESPONSE_JSON, ask, data_of, errors_of

AUDITS = Path(__file__).parent / "audits"
JSON = "application/json"
REQUEST_ID = re.compile(r"[0-9a-f]{32}")
NAME = "query Name($slug: String!) { skill(slug: $slug) { slug } }"


@pytest.fixture(scope="session")
def audits() -> Path:
    """The audits with their packages."""
    return installed(AUDITS) / "audit.mjs"


def test_every_audit_of_the_specification_is_passed(audits: Path, site: str) -> None:
    node = shutil.which("node")
    assert node is not None
    run = subprocess.run(  # noqa: S603 - our own script
        [node, audits, f"{site}/graphql"], capture_output=True, text=True, check=True, timeout=60
    )
    results = json.loads(run.stdout)
    assert [result for result in results if result["status"] != "ok"] == []
    assert len(results) == 61


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        pytest.param(None, JSON, id="silent"),
        pytest.param("", JSON, id="empty"),
        pytest.param("*/*", JSON, id="anything"),
        pytest.param("application/*", JSON, id="any-application"),
        pytest.param(JSON, JSON, id="json"),
        pytest.param("APPLICATION/JSON", JSON, id="case"),
        pytest.param(f"{JSON}; charset=utf-8", JSON, id="charset"),
        pytest.param(RESPONSE_JSON, RESPONSE_JSON, id="response-json"),
        pytest.param(f"{RESPONSE_JSON}, {JSON}", RESPONSE_JSON, id="both"),
        pytest.param(f"{JSON}, {RESPONSE_JSON}", RESPONSE_JSON, id="both-turned"),
        pytest.param(f"{RESPONSE_JSON}, {JSON};q=0.9", RESPONSE_JSON, id="rather-response-json"),
        pytest.param(f"{RESPONSE_JSON};q=0.5, {JSON};q=0.9", JSON, id="rather-json"),
        pytest.param(f"{RESPONSE_JSON}, */*;q=0.1", RESPONSE_JSON, id="or-anything"),
        pytest.param(f"{JSON};q=0.2, */*;q=0.1", JSON, id="json-or-anything"),
        pytest.param(f"*/*, {JSON};q=0", RESPONSE_JSON, id="anything-but-json"),
        pytest.param(f"*/*, {RESPONSE_JSON};q=0", JSON, id="anything-but-response-json"),
        pytest.param(f"text/html, application/xml;q=0.9, {JSON};q=0.1", JSON, id="browser"),
        pytest.param(f"{RESPONSE_JSON};q=nan, {JSON}", JSON, id="senseless-weight"),
    ],
)
def test_client_gets_the_media_type_it_likes_best(
    client: httpx2.Client, accept: str | None, expected: str
) -> None:
    request = client.build_request("POST", "/graphql", json={"query": "{ __typename }"})
    del request.headers["Accept"]
    if accept is not None:
        request.headers["Accept"] = accept
    response = client.send(request)
    assert data_of(response) == {"__typename": "Query"}
    assert response.headers["content-type"] == expected


@pytest.mark.parametrize(
    "accept",
    [
        "text/html",
        "image/*",
        f"{JSON};q=0",
        "*/*;q=0",
        f"*/*, {JSON};q=0, {RESPONSE_JSON};q=0",
        f"{JSON};q=no",
        ",",
        ";",
        "é".encode().decode("latin-1"),
    ],
)
def test_client_that_takes_none_of_ours_is_refused(client: httpx2.Client, accept: str) -> None:
    response = client.post(
        "/graphql",
        json={"query": "{ __typename }"},
        headers={b"Accept": accept.encode("latin-1")},
    )
    assert response.status_code == 406
    assert response.headers["content-type"] == JSON
    assert (
        errors_of(response)[0]["message"] == f"Accept {RESPONSE_JSON}, {JSON} or text/event-stream."
    )


def test_accept_in_several_lines_is_one_list(client: httpx2.Client) -> None:
    response = client.post(
        "/graphql",
        json={"query": "{ __typename }"},
        headers=[("Accept", "text/html"), ("Accept", RESPONSE_JSON)],
    )
    assert data_of(response) == {"__typename": "Query"}
    assert response.headers["content-type"] == RESPONSE_JSON


@pytest.mark.parametrize(
    ("accept", "status"), [(JSON, 200), (RESPONSE_JSON, 400)], ids=["json", "response-json"]
)
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("query($n: Int!) { people(first: $n) { totalCount } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ person(id: 1) { id } }", "INVALID_ID"),
        ("{ people(first: 0) { nodes { id } } }", "INVALID_ARGUMENT"),
    ],
)
def test_failure_before_anything_runs_has_no_data_and_the_status_of_its_media_type(
    client: httpx2.Client, query: str, code: str, accept: str, status: int
) -> None:
    # Twice: the second time the document is known, and takes the short way.
    for _ in range(2):
        response = ask(client, query, accept=accept)
        assert response.status_code == status
        assert response.headers["content-type"] == accept
        assert "data" not in response.json()
        assert [error["extensions"]["code"] for error in errors_of(response)] == [code]


def test_get_answers_a_query_with_variables(client: httpx2.Client) -> None:
    slug = data_of(ask(client, "{ skills(first: 1) { nodes { slug } } }"))
    slug = slug["skills"]["nodes"][0]["slug"]
    response = client.get(
        "/graphql",
        params={
            "query": NAME + " query Other { __typename }",
            "variables": json.dumps({"slug": slug}),
            "operationName": "Name",
        },
    )
    assert data_of(response) == {"skill": {"slug": slug}}


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({}, "query must be a text with a GraphQL document."),
        ({"query": ""}, "query must be a text with a GraphQL document."),
        ({"query": "{ __typename }", "variables": "{"}, "variables is not JSON: "),
        ({"query": "{ __typename }", "variables": "[1]"}, "variables must be an object or null."),
        ({"query": "{ __typename }", "extensions": "3"}, "extensions must be an object or null."),
        ({"query": "query a { __typename }", "operationName": "b"}, "no operation named 'b'."),
    ],
)
def test_bad_parameter_of_a_get_is_named(
    client: httpx2.Client, parameters: dict[str, str], message: str
) -> None:
    response = client.get("/graphql", params=parameters)
    assert response.status_code == 400
    assert message in errors_of(response)[0]["message"]


def test_get_only_reads(client: httpx2.Client) -> None:
    response = client.get("/graphql", params={"query": "mutation { __typename }"})
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"
    assert errors_of(response)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
def test_other_methods_are_refused_with_those_allowed(client: httpx2.Client, method: str) -> None:
    response = client.request(method, "/graphql")
    assert response.status_code == 405
    assert {"GET", "POST"} <= set(response.headers["allow"].split(", "))


def test_head_is_a_get_without_the_body(client: httpx2.Client) -> None:
    response = client.head("/graphql", params={"query": "{ __typename }"})
    assert response.status_code == 200
    assert response.headers["content-type"] == JSON
    assert response.content == b""


@pytest.mark.parametrize(
    "content_type",
    [JSON, "APPLICATION/JSON", f"{JSON}; charset=utf-8", f'{JSON};charset="UTF-8"', f"{JSON};"],
)
def test_body_is_json_however_that_is_spelt(client: httpx2.Client, content_type: str) -> None:
    response = client.post(
        "/graphql", content=b'{"query":"{__typename}"}', headers={"Content-Type": content_type}
    )
    assert data_of(response) == {"__typename": "Query"}


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "text/plain",
        "application/graphql",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        f"{JSON}; charset=iso-8859-1",
        "application/jsonp",
        "json",
        "",
    ],
)
def test_body_that_is_not_json_is_refused(client: httpx2.Client, content_type: str | None) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}
    response = client.post("/graphql", content=b'{"query":"{__typename}"}', headers=headers)
    assert response.status_code == 415
    assert errors_of(response) == [
        {
            "message": f"Send the request as {JSON}.",
            "extensions": {"code": "UNSUPPORTED_MEDIA_TYPE"},
        }
    ]


@pytest.mark.parametrize("accept", [JSON, RESPONSE_JSON])
@pytest.mark.parametrize(
    ("authorization", "message"),
    [
        ("Bearer tc_nobodys", "This token is unknown, expired or revoked. Sign in again."),
        ("bearer tc_nobodys", "This token is unknown, expired or revoked. Sign in again."),
        ("Bearer two words", "This token is unknown, expired or revoked. Sign in again."),
        ("Bearer \xe9\xff", "This token is unknown, expired or revoked. Sign in again."),
        ("Bearer " + "x" * 7_000, "This token is unknown, expired or revoked. Sign in again."),
        ("", "Send the token as “Authorization: Bearer <token>”."),
        ("Bearer", "Send the token as “Authorization: Bearer <token>”."),
        ("Basic dXNlcjpwYXNz", "Send the token as “Authorization: Bearer <token>”."),
        ("tc_without_a_scheme", "Send the token as “Authorization: Bearer <token>”."),
    ],
)
def test_bad_token_is_a_401_that_says_how_to_sign_in(
    client: httpx2.Client, authorization: str, message: str, accept: str
) -> None:
    # Twice: the second time the document is known, and takes the short way.
    for _ in range(2):
        response = client.post(
            "/graphql",
            json={"query": "{ viewer { id } }"},
            headers={
                b"Authorization": authorization.encode("latin-1"),
                b"Accept": accept.encode(),
            },
        )
        assert response.status_code == 401
        assert response.headers["content-type"] == accept
        assert response.headers["www-authenticate"] == "Bearer"
        assert "data" not in response.json()
        (error,) = errors_of(response)
        assert (error["message"], error["extensions"]["code"]) == (message, "UNAUTHENTICATED")


def test_bad_token_is_refused_beside_fields_that_need_no_database(client: httpx2.Client) -> None:
    response = ask(client, "{ __typename viewer { id } }", token="nobody's")  # noqa: S106
    assert response.status_code == 401


def test_good_token_signs_in(client: httpx2.Client, token: str) -> None:
    viewer = data_of(ask(client, "{ viewer { name email } }", token=token))["viewer"]
    assert viewer == {
        "name": "Marit Verhage",
        "email": "marit.verhage@politie-waterland.example",
    }
    assert data_of(ask(client, "{ viewer { name } }")) == {"viewer": None}


@pytest.mark.parametrize(
    "path", ["/graphql?query={__typename}", "/graphql", "/healthz", "/nothing", "/assets/nothing"]
)
def test_every_answer_has_a_request_id_of_its_own_and_safe_headers(
    client: httpx2.Client, path: str
) -> None:
    responses = [client.get(path) for _ in range(3)]
    ids = [response.headers["x-request-id"] for response in responses]
    assert len(set(ids)) == 3
    assert all(REQUEST_ID.fullmatch(id_) for id_ in ids)
    for response in responses:
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "strict-origin-when-cross-origin"
        assert response.headers["cross-origin-opener-policy"] == "same-origin"


def test_cost_is_told(client: httpx2.Client) -> None:
    query = "query($n: Int) { people(first: $n) { nodes { id currentMembership { id } } } }"
    for _ in range(2):
        for first in (3, 7):
            response = ask(client, query, {"n": first})
            assert data_of(response)
            cost = response.json()["extensions"]["cost"]
            assert cost == {"requested": 2 * first, "limit": 50_000}
    assert "extensions" not in ask(client, "{ __typename }").json()


def test_page_visit_of_the_endpoint_leads_to_the_explorer(client: httpx2.Client) -> None:
    visit = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    response = client.get("/graphql", headers=visit)
    assert (response.status_code, response.headers["location"]) == (307, "/graphiql")
    answered = client.get("/graphql", params={"query": "{ __typename }"}, headers=visit)
    assert data_of(answered) == {"__typename": "Query"}


def test_client_that_hangs_up_halfway_is_no_fault_of_ours(
    site: str, client: httpx2.Client, caplog: pytest.LogCaptureFixture
) -> None:
    address = urlsplit(site)
    with socket.create_connection((address.hostname, address.port)) as halfway:
        halfway.sendall(
            b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Content-Length: 1000\r\n\r\n{"
        )
    for _ in range(20):
        assert data_of(ask(client, "{ __typename }"))
    assert caplog.records == []


def test_environment_of_the_suite_names_no_settings() -> None:
    """A COMMONS_ variable of the developer would steer the servers under test."""
    named = {name for name in os.environ if name.startswith("COMMONS_")}
    assert named <= {"COMMONS_TEST_SERVER", "COMMONS_SKIP_BROWSER"}
