"""Uploads that are turned down: with a code, a field and a text in the viewer's language."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from resolvers.accounts import issue_token
from tests.making import Maker
from tests.pictures import bomb, packed, picture
from tests.web.serving import client_of, serving
from tests.web.uploading import upload, uploaded

MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the site of this module keeps what it is sent."""
    return tmp_path_factory.mktemp("uploads")


@pytest.fixture(scope="module")
def client(town: str, home: Path) -> Iterator[httpx2.Client]:
    with serving(town, home=home) as url, client_of(url) as client:
        yield client


def kept(home: Path) -> list[str]:
    """Give what is on the disk."""
    return sorted(path.name for path in (home / "media").rglob("*") if path.is_file())


def why(response: httpx2.Response) -> list[tuple[str, list[str]]]:
    """Give code and field of each reason."""
    answer = response.json()
    assert answer["media"] is None
    return [(error["code"], error["field"]) for error in answer["userErrors"]]


JPEG = picture("JPEG", (300, 300), colour=(1, 2, 3), quality=95)
MACROS = packed(("[Content_Types].xml", ""), ("word/document.xml", ""), ("word/vbaProject.bin", ""))


@pytest.mark.parametrize(
    ("purpose", "content", "name", "field"),
    [
        pytest.param("IMAGE", b"", "a.png", "file", id="empty"),
        pytest.param("IMAGE", b"GIF89a<script>", "a.gif", "file", id="a script in a gif's head"),
        pytest.param(
            "IMAGE", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "file", id="svg"
        ),
        pytest.param("IMAGE", b"%PDF-1.7\n%%EOF", "a.png", "file", id="a file as a picture"),
        pytest.param("IMAGE", JPEG[: len(JPEG) // 2], "a.jpg", "file", id="half a picture"),
        pytest.param("IMAGE", picture()[:40], "a.png", "file", id="a header alone"),
        pytest.param("IMAGE", picture("TIFF"), "a.tif", "file", id="a kind that is not taken"),
        pytest.param("IMAGE", bomb(8_000), "a.png", "file", id="64 million pixels"),
        pytest.param("IMAGE", bomb(12_000), "a.png", "file", id="144 million pixels"),
        pytest.param("IMAGE", bomb(60_000), "a.png", "file", id="3.6 billion pixels"),
        pytest.param("AVATAR", bomb(6_000), "a.png", "file", id="pixels that are not there"),
        pytest.param("FILE", b"MZ\x90\0", "a.pdf", "file", id="a program"),
        pytest.param("FILE", b"%PDF-1.7\nhalf", "a.pdf", "file", id="half a pdf"),
        pytest.param("FILE", MACROS, "a.docx", "file", id="macros"),
        pytest.param("FILE", packed(("a.txt", "")), "a.docx", "file", id="any zip"),
        pytest.param("FILE", b"PK\x03\x04broken", "a.docx", "file", id="a broken zip"),
        pytest.param("FILE", b"caf\xe9", "a.txt", "file", id="not utf-8"),
        pytest.param("FILE", b"a\0b", "a.txt", "file", id="a nul"),
        pytest.param("FILE", b"text", "a\u202egpj.txt", "name", id="a name that runs backwards"),
        pytest.param("FILE", b"text", "a" * 201 + ".txt", "name", id="a long name"),
        pytest.param("POSTER", picture(), "a.png", "purpose", id="another purpose"),
        pytest.param("", picture(), "a.png", "purpose", id="no purpose"),
    ],
)
async def test_what_is_no_upload_is_a_user_error(
    client: httpx2.Client,
    make: Maker,
    home: Path,
    purpose: str,
    content: bytes,
    name: str,
    field: str,
) -> None:
    person = await make.person()
    before = kept(home)
    # In the query, so that an odd name arrives as it is.
    response = client.post(
        "/media",
        params={"purpose": purpose, "name": name},
        content=content,
        headers={"Authorization": f"Bearer {person.token}"},
    )
    assert (response.status_code, why(response)) == (422, [("INVALID", [field])])
    assert kept(home) == before
    count = "select count(*) from media where uploaded_by_id = $1"
    assert await make.connection.fetchval(count, person.key) == 0


@pytest.mark.parametrize(
    ("locale", "message"),
    [
        ("EN", "This is too large: at most 10 MB fit."),
        ("NL", "Dit is te groot: er past hoogstens 10 MB."),
    ],
)
@pytest.mark.parametrize("announced", [True, False])
async def test_a_picture_of_20_megabytes_is_refused(
    client: httpx2.Client, make: Maker, home: Path, locale: str, message: str, *, announced: bool
) -> None:
    person = await make.person(locale=locale)
    before = kept(home)
    content = picture() + bytes(20 * MEGABYTE)

    def pieces() -> Iterator[bytes]:
        for start in range(0, len(content), MEGABYTE):
            yield content[start : start + MEGABYTE]

    response = client.post(
        "/media?purpose=IMAGE",
        content=content if announced else pieces(),
        headers={"Authorization": f"Bearer {person.token}"},
    )
    assert response.status_code == 413
    assert response.json() == {
        "media": None,
        "userErrors": [{"code": "INVALID", "field": ["file"], "message": message}],
    }
    assert kept(home) == before
    # The site lives on.
    uploaded(upload(client, token=person.token))


async def test_a_form_is_no_way_around_the_limit(client: httpx2.Client, make: Maker) -> None:
    person = await make.person()
    response = upload(client, picture() + bytes(10 * MEGABYTE), token=person.token)
    assert (response.status_code, why(response)) == (413, [("INVALID", ["file"])])
    response = upload(client, b"a" * (25 * MEGABYTE + 1), token=person.token, purpose="FILE")
    assert (response.status_code, why(response)) == (413, [("INVALID", ["file"])])
    response = upload(client, b"a" * 25 * MEGABYTE, token=person.token, purpose="FILE")
    assert uploaded(response)["byteCount"] == 25 * MEGABYTE


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        pytest.param("multipart/form-data", b"x", id="no boundary"),
        pytest.param("multipart/form-data; boundary=b", b"nonsense", id="no form"),
        pytest.param(
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\ntext\r\n--b--\r\n',
            id="no file",
        ),
        pytest.param(
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nx\r\n'
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="b"\r\n\r\nx\r\n--b--\r\n',
            id="two files",
        ),
    ],
)
async def test_a_broken_form_is_a_user_error(
    client: httpx2.Client, make: Maker, content_type: str, content: bytes
) -> None:
    person = await make.person()
    response = client.post(
        "/media?purpose=IMAGE",
        content=content,
        headers={"Authorization": f"Bearer {person.token}", "Content-Type": content_type},
    )
    assert (response.status_code, why(response)) == (422, [("INVALID", ["file"])])


async def test_words_for_a_picture_are_checked(
    client: httpx2.Client, make: Maker, home: Path
) -> None:
    person = await make.person()
    before = kept(home)
    for words in ("x" * 501, "a\u202eb", "a\0b"):
        response = upload(client, token=person.token, altText=words)
        assert (response.status_code, why(response)) == (422, [("INVALID", ["altText"])])
    assert kept(home) == before


async def test_whoever_may_not_write_may_not_upload(client: httpx2.Client, make: Maker) -> None:
    person = await make.person()
    suspended = await make.person(
        suspended_at=await make.connection.fetchval("select now()"), locale="NL"
    )
    await make.connection.execute(
        "update access_token set scopes = '{READ}' where person_id = $1", person.key
    )
    token: Any
    for token, status, code in (
        (None, 401, "NOT_SIGNED_IN"),
        ("tc_nobody", 401, "NOT_SIGNED_IN"),
        (person.token, 403, "NOT_ALLOWED"),
        (suspended.token, 403, "NOT_ALLOWED"),
    ):
        response = upload(client, token=token)
        assert (response.status_code, why(response)) == (status, [(code, [])])


async def test_unused_uploads_of_one_person_are_bounded(client: httpx2.Client, make: Maker) -> None:
    person = await make.person()
    await make.connection.execute(
        "insert into media (uploaded_by_id, purpose, storage_key, content_type, byte_count)"
        " select $1::uuid, 'IMAGE', $1::uuid::text || n, 'image/webp', 1 from generate_series(1, 49) n",
        person.key,
    )
    uploaded(upload(client, token=person.token))
    response = upload(client, token=person.token)
    assert (response.status_code, why(response)) == (429, [("TOO_MANY", [])])
    # Of another person's uploads nothing is said.
    other = await make.person()
    assert await issue_token(make.connection, other.key, name="again")
    uploaded(upload(client, token=other.token))


@pytest.mark.parametrize(
    "key", ["none.webp", "..%2f..%2fsecret.key", "%00", "a" * 4_000, "' or 1=1 --"]
)
async def test_what_is_not_there_is_not_found(client: httpx2.Client, key: str) -> None:
    assert client.get(f"/media/{key}").status_code == 404
