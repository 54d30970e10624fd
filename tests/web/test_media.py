"""Uploads as a client meets them: what becomes of a picture, where it shows, who may see it."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import httpx2
import pytest
from PIL import Image

from db.pools import open_write_pool
from resolvers.accounts import hash_secret
from resolvers.acting import Context, Origin
from resolvers.commands.media import attach_to_post
from resolvers.performing import Performed, Performer
from tests.making import Maker, Place, Someone
from tests.pictures import opened, packed, picture
from tests.web.serving import ask, data_of, done, refused
from tests.web.uploading import fetched, upload, uploaded
from web.services import services
from web.settings import Settings

POST = """
query Post($id: ID!) {
  node(id: $id) { ... on Post {
    images { id url width height altText contentType purpose name byteCount }
    attachments { id url width height name contentType purpose }
  } }
}
"""
MEDIA = "query Media($id: ID!) { node(id: $id) { id ... on Media { url altText } } }"


def mutation(name: str, selection: str) -> str:
    """Write a mutation document."""
    kind = name[0].upper() + name[1:]
    return (
        f"mutation Do($input: {kind}Input!) {{ {name}(input: $input) {{ {selection} "
        "userErrors { code field message } } }"
    )


SET_LOGO = mutation("organisationSetLogo", "organisation { logoUrl }")
SET_BANNER = mutation("organisationSetBanner", "organisation { bannerUrl }")
SET_AVATAR = mutation("personSetAvatar", "person { id avatarUrl }")
DESCRIBE = mutation("mediaDescribe", "media { id altText }")
DELETE = mutation("mediaDelete", "deletedId")


def do(client: httpx2.Client, document: str, someone: Someone | None, **given: Any) -> Any:
    """Perform a mutation."""
    token = someone.token if someone else None
    return data_of(ask(client, document, {"input": given}, token=token))


async def a_post(
    make: Maker, author: Someone, place: Place, audience: str = "PUBLIC", **columns: Any
) -> Any:
    """Make a post and give its key."""
    return await make.connection.fetchval(
        "insert into post (organisation_id, author_id, body, language, audience, hidden_at)"
        " values ($1, $2, 'Look', 'EN', $3, $4) returning id",
        place.key,
        author.key,
        audience,
        columns.get("hidden_at"),
    )


async def attach(
    town: str, tmp_path: Any, someone: Someone, post: Any, ids: list[str]
) -> Performed:
    """Hang uploads on a post, as publishing and editing do."""

    async def carry(ctx: Context, *, media: list[Any]) -> None:
        await attach_to_post(ctx, post, media)

    pool = await open_write_pool(town, name="test", size=2)
    try:
        performer = Performer(pool, services(Settings(home=tmp_path)))
        return await performer.perform(
            carry,
            {"media": [UUID(value.removeprefix("med_")) for value in ids]},
            Origin(secret_hash=hash_secret(someone.token)),
            name="carry",
        )
    finally:
        await pool.close()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
async def test_a_picture_is_written_anew_as_webp(
    town_client: httpx2.Client, make: Maker, kind: str
) -> None:
    person = await make.person()
    media = uploaded(
        upload(
            town_client,
            picture(kind, (60, 30)),
            token=person.token,
            name="not what it says.exe",
            altText=" A red square ",
        )
    )
    response = fetched(town_client, media["url"], person.token)
    shown = opened(response.content)
    assert media == {
        "id": media["id"],
        "url": media["url"],
        "purpose": "IMAGE",
        "contentType": "image/webp",
        "byteCount": len(response.content),
        "width": 60,
        "height": 30,
        "altText": "A red square",
        "name": "",
    }
    assert (shown.format, shown.size) == ("WEBP", (60, 30))
    assert response.headers["content-type"] == "image/webp"
    red = shown.convert("RGB").getpixel((30, 15))
    assert all(abs(was - now) < 12 for was, now in zip((200, 30, 30), red, strict=True))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("purpose", "sent", "expected"),
    [
        pytest.param("IMAGE", (5000, 100), (2048, 41), id="longest side"),
        pytest.param("IMAGE", (20, 3000), (14, 2048), id="tall"),
        pytest.param("IMAGE", (1, 1), (1, 1), id="smallest"),
        pytest.param("AVATAR", (900, 600), (512, 512), id="portrait"),
        pytest.param("AVATAR", (100, 60), (60, 60), id="small portrait"),
        pytest.param("LOGO", (1000, 200), (512, 512), id="logo"),
        pytest.param("LOGO", (30, 100), (100, 100), id="small logo"),
        pytest.param("BANNER", (3000, 3000), (1600, 400), id="banner"),
        pytest.param("BANNER", (400, 300), (400, 100), id="small banner"),
        pytest.param("BANNER", (2, 1), (2, 1), id="smallest banner"),
    ],
)
async def test_each_purpose_has_its_size(
    town_client: httpx2.Client,
    make: Maker,
    purpose: str,
    sent: tuple[int, int],
    expected: tuple[int, int],
) -> None:
    person = await make.person()
    media = uploaded(
        upload(town_client, picture("JPEG", sent), token=person.token, purpose=purpose)
    )
    assert (media["width"], media["height"]) == expected
    shown = opened(fetched(town_client, media["url"], person.token).content)
    assert shown.size == expected


async def test_a_picture_keeps_no_metadata_and_stands_upright(
    town_client: httpx2.Client, make: Maker
) -> None:
    person = await make.person()
    exif = Image.Exif()
    exif[0x0112] = 6  # Turned by a quarter.
    exif[0x010E] = "secret place"
    exif.get_ifd(0x8825)[2] = (52.0, 5.0, 1.0)
    written = io.BytesIO()
    Image.new("RGB", (80, 40)).save(
        written, "JPEG", exif=exif, comment=b"secret words", dpi=(300, 300)
    )
    media = uploaded(upload(town_client, written.getvalue(), token=person.token))
    assert (media["width"], media["height"]) == (40, 80)
    content = fetched(town_client, media["url"], person.token).content
    shown = opened(content)
    assert dict(shown.getexif()) == {}
    assert not {"exif", "icc_profile", "xmp", "comment"} & set(shown.info)
    assert b"secret" not in content


async def test_transparency_survives(town_client: httpx2.Client, make: Maker) -> None:
    person = await make.person()
    content = picture(colour=(0, 0, 0, 0), size=(9, 9))
    media = uploaded(upload(town_client, content, token=person.token))
    shown = opened(fetched(town_client, media["url"], person.token).content)
    assert shown.convert("RGBA").getpixel((4, 4))[3] == 0  # type: ignore[index]


async def test_a_body_without_a_form_is_an_upload(town_client: httpx2.Client, make: Maker) -> None:
    person = await make.person()
    response = town_client.post(
        "/media",
        params={"purpose": "IMAGE", "altText": "Röd"},
        content=picture(),
        headers={"Authorization": f"Bearer {person.token}", "Content-Type": "image/png"},
    )
    assert uploaded(response)["altText"] == "Röd"


async def test_a_logo_is_seen_by_everyone_and_kept_for_ever(
    town_client: httpx2.Client, make: Maker
) -> None:
    person, place = await make.person(), await make.organisation()
    await make.member(person, place, "ADMIN")
    media = uploaded(upload(town_client, token=person.token, purpose="LOGO"))
    assert fetched(town_client, media["url"]).status_code == 404
    answer = do(town_client, SET_LOGO, person, organisationId=place.id, mediaId=media["id"])
    assert done(answer, "organisationSetLogo")["organisation"] == {"logoUrl": media["url"]}
    shown = fetched(town_client, media["url"])
    assert shown.status_code == 200
    assert shown.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in shown.headers["content-security-policy"]
    again = fetched(town_client, media["url"], **{"If-None-Match": shown.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == shown.headers["etag"]
    audit = await make.connection.fetch(
        "select action, actor_id from audit_entry where organisation_id = $1", place.key
    )
    assert [tuple(row) for row in audit] == [("LOGO_SET", person.key)]


async def test_another_logo_takes_the_place_of_the_first(
    town_client: httpx2.Client, make: Maker
) -> None:
    person, place = await make.person(), await make.organisation()
    await make.member(person, place, "OWNER")
    first, second = (
        uploaded(upload(town_client, token=person.token, purpose="LOGO")) for _ in range(2)
    )
    assert first["url"] != second["url"]
    for media in (first, second):
        do(town_client, SET_LOGO, person, organisationId=place.id, mediaId=media["id"])
    assert fetched(town_client, first["url"], person.token).status_code == 404
    assert fetched(town_client, second["url"]).status_code == 200
    answer = do(town_client, SET_LOGO, person, organisationId=place.id, mediaId=None)
    assert done(answer, "organisationSetLogo")["organisation"] == {"logoUrl": None}
    assert fetched(town_client, second["url"]).status_code == 404


async def test_a_banner_and_a_portrait_are_seen_by_everyone(
    town_client: httpx2.Client, make: Maker
) -> None:
    person, place = await make.person(), await make.organisation()
    await make.member(person, place, "ADMIN")
    banner = uploaded(upload(town_client, token=person.token, purpose="BANNER"))
    portrait = uploaded(upload(town_client, token=person.token, purpose="AVATAR"))
    answer = do(town_client, SET_BANNER, person, organisationId=place.id, mediaId=banner["id"])
    assert done(answer, "organisationSetBanner")["organisation"] == {"bannerUrl": banner["url"]}
    answer = do(town_client, SET_AVATAR, person, mediaId=portrait["id"])
    assert done(answer, "personSetAvatar")["person"] == {
        "id": person.id,
        "avatarUrl": portrait["url"],
    }
    for media in (banner, portrait):
        assert fetched(town_client, media["url"]).status_code == 200


@pytest.mark.parametrize(
    ("role", "purpose", "code", "field"),
    [
        pytest.param("EDITOR", "LOGO", "NOT_ALLOWED", ["organisationId"], id="role"),
        pytest.param("ADMIN", "BANNER", "INVALID", ["mediaId"], id="purpose"),
    ],
)
async def test_a_logo_that_may_not_be_set(
    town_client: httpx2.Client, make: Maker, role: str, purpose: str, code: str, field: list[str]
) -> None:
    person, place = await make.person(), await make.organisation()
    await make.member(person, place, role)
    media = uploaded(upload(town_client, token=person.token, purpose=purpose))
    answer = do(town_client, SET_LOGO, person, organisationId=place.id, mediaId=media["id"])
    assert refused(answer, "organisationSetLogo") == [(code, field)]


async def test_nobody_uses_the_upload_of_another(town_client: httpx2.Client, make: Maker) -> None:
    person, thief = await make.person(), await make.person()
    media = uploaded(upload(town_client, token=person.token, purpose="AVATAR"))
    not_found = [("NOT_FOUND", ["mediaId"])]
    for document, name, given in (
        (SET_AVATAR, "personSetAvatar", {}),
        (DELETE, "mediaDelete", {}),
        (DESCRIBE, "mediaDescribe", {"altText": "Mine"}),
    ):
        answer = do(town_client, document, thief, mediaId=media["id"], **given)
        assert refused(answer, name) == not_found
    assert fetched(town_client, media["url"], thief.token).status_code == 404
    for viewer, seen in ((person, True), (thief, False)):
        node = data_of(ask(town_client, MEDIA, {"id": media["id"]}, token=viewer.token))["node"]
        assert (node is not None) is seen


async def test_an_upload_is_used_once(town_client: httpx2.Client, make: Maker) -> None:
    person, place, other = await make.person(), await make.organisation(), await make.organisation()
    for organisation in (place, other):
        await make.member(person, organisation, "OWNER")
    media = uploaded(upload(town_client, token=person.token, purpose="LOGO"))
    given = {"organisationId": place.id, "mediaId": media["id"]}
    done(do(town_client, SET_LOGO, person, **given), "organisationSetLogo")
    answer = do(town_client, SET_LOGO, person, **{**given, "organisationId": other.id})
    assert refused(answer, "organisationSetLogo") == [("CONFLICT", ["mediaId"])]
    answer = do(town_client, DELETE, person, mediaId=media["id"])
    assert refused(answer, "mediaDelete") == [("CONFLICT", ["mediaId"])]


async def test_an_unused_upload_can_be_described_and_taken_back(
    town_client: httpx2.Client, make: Maker
) -> None:
    person = await make.person()
    media = uploaded(upload(town_client, token=person.token))
    answer = do(town_client, DESCRIBE, person, mediaId=media["id"], altText="A harbour")
    assert done(answer, "mediaDescribe")["media"] == {"id": media["id"], "altText": "A harbour"}
    answer = do(town_client, DESCRIBE, person, mediaId=media["id"], altText="x" * 501)
    assert refused(answer, "mediaDescribe") == [("INVALID", ["altText"])]
    answer = do(town_client, DELETE, person, mediaId=media["id"])
    assert done(answer, "mediaDelete")["deletedId"] == media["id"]
    assert fetched(town_client, media["url"], person.token).status_code == 404


async def test_a_post_carries_pictures_in_their_order(
    town: str, town_client: httpx2.Client, make: Maker, tmp_path: Any
) -> None:
    person, place = await make.person(), await make.organisation()
    post = await a_post(make, person, place)
    media = [
        uploaded(upload(town_client, picture(size=(10 + n, 10)), token=person.token))
        for n in range(3)
    ]
    order = [media[2], media[0], media[1]]
    assert not (await attach(town, tmp_path, person, post, [m["id"] for m in order])).refusals
    node = data_of(ask(town_client, POST, {"id": f"pst_{post}"}))["node"]
    assert node["attachments"] == []
    assert node["images"] == order
    # An edit lists what stays, in another order: what is not listed goes.
    stays = [media[1], media[2]]
    assert not (await attach(town, tmp_path, person, post, [m["id"] for m in stays])).refusals
    node = data_of(ask(town_client, POST, {"id": f"pst_{post}"}))["node"]
    assert node["images"] == stays
    assert fetched(town_client, media[0]["url"], person.token).status_code == 404


@pytest.mark.parametrize(
    ("uploads", "code"),
    [
        pytest.param(["IMAGE"] * 9, "INVALID", id="nine pictures"),
        pytest.param(["IMAGE", "FILE"], "INVALID", id="a picture and a file"),
        pytest.param(["FILE", "FILE"], "INVALID", id="two files"),
        pytest.param(["LOGO"], "INVALID", id="a logo"),
    ],
)
async def test_what_a_post_cannot_carry(
    town: str,
    town_client: httpx2.Client,
    make: Maker,
    tmp_path: Any,
    uploads: list[str],
    code: str,
) -> None:
    person, place = await make.person(), await make.organisation()
    post = await a_post(make, person, place)
    ids = [
        uploaded(
            upload(
                town_client,
                b"a,b\n" if purpose == "FILE" else None,
                token=person.token,
                purpose=purpose,
                name="x.csv",
            )
        )["id"]
        for purpose in uploads
    ]
    outcome = await attach(town, tmp_path, person, post, ids)
    assert [(r.code, r.field) for r in outcome.refusals] == [(code, ("media_ids",))]
    assert data_of(ask(town_client, POST, {"id": f"pst_{post}"}))["node"]["images"] == []


async def test_a_post_carries_only_unused_uploads_of_ones_own(
    town: str, town_client: httpx2.Client, make: Maker, tmp_path: Any
) -> None:
    person, thief, place = await make.person(), await make.person(), await make.organisation()
    post, other = await a_post(make, person, place), await a_post(make, thief, place)
    media = uploaded(upload(town_client, token=person.token))["id"]
    outcome = await attach(town, tmp_path, thief, other, [media])
    assert [r.code for r in outcome.refusals] == ["NOT_FOUND"]
    outcome = await attach(town, tmp_path, person, post, [media, media])
    assert [r.code for r in outcome.refusals] == ["INVALID"]
    assert not (await attach(town, tmp_path, person, post, [media])).refusals
    outcome = await attach(town, tmp_path, person, other, [media])
    assert [r.code for r in outcome.refusals] == ["CONFLICT"]


async def test_pictures_of_a_post_are_served_to_its_readers(
    town: str, town_client: httpx2.Client, make: Maker, tmp_path: Any
) -> None:
    author, member, stranger = [await make.person() for _ in range(3)]
    place = await make.organisation()
    for someone in (author, member):
        await make.member(someone, place, "EDITOR")

    async def statuses(audience: str, **columns: Any) -> list[int]:
        post = await a_post(make, author, place, audience, **columns)
        media = uploaded(upload(town_client, token=author.token))
        assert not (await attach(town, tmp_path, author, post, [media["id"]])).refusals
        tokens = (author.token, member.token, stranger.token, None, "tc_nobody")
        answers = [fetched(town_client, media["url"], token) for token in tokens]
        for answer in answers:
            if answer.status_code == 200:
                assert answer.headers["cache-control"].startswith("private")
                assert answer.headers["vary"] == "Cookie, Authorization"
        return [answer.status_code for answer in answers]

    assert await statuses("PUBLIC") == [200, 200, 200, 200, 404]
    assert await statuses("NETWORK") == [200, 200, 200, 404, 404]
    assert await statuses("ORGANISATION") == [200, 200, 404, 404, 404]
    now = await make.connection.fetchval("select now()")
    assert await statuses("PUBLIC", hidden_at=now) == [200, 404, 404, 404, 404]


async def test_a_file_is_handed_out_to_be_kept(
    town: str, town_client: httpx2.Client, make: Maker, tmp_path: Any
) -> None:
    person, place = await make.person(), await make.organisation()
    content = packed(("[Content_Types].xml", "<x/>"), ("word/document.xml", "<x/>"))
    media = uploaded(
        upload(
            town_client, content, token=person.token, purpose="FILE", name="../Jaarplan “27”.pdf"
        )
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert (media["name"], media["contentType"]) == ("Jaarplan “27”.pdf.docx", kind)
    assert (media["width"], media["height"]) == (None, None)
    post = await a_post(make, person, place)
    assert not (await attach(town, tmp_path, person, post, [media["id"]])).refusals
    node = data_of(ask(town_client, POST, {"id": f"pst_{post}"}))["node"]
    assert [found["id"] for found in node["attachments"]] == [media["id"]]
    response = fetched(town_client, media["url"])
    assert response.content == content
    assert response.headers["content-type"] == kind
    assert response.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''Jaarplan%20%E2%80%9C27%E2%80%9D.pdf.docx"
    )


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        pytest.param(b"%PDF-1.7\n...\n%%EOF\n", "a.pdf", "application/pdf", id="pdf"),
        pytest.param(b"a;b\n1;2\n", "a.CSV", "text/csv; charset=utf-8", id="csv"),
        pytest.param("Zoë\n".encode(), "noot", "text/plain; charset=utf-8", id="text"),
        pytest.param(
            packed(("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "")),
            "a.odt",
            "application/vnd.oasis.opendocument.text",
            id="odt",
        ),
        pytest.param(
            packed(("[Content_Types].xml", ""), ("xl/workbook.xml", "")),
            "a.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            id="xlsx",
        ),
        pytest.param(
            packed(("[Content_Types].xml", ""), ("ppt/presentation.xml", "")),
            "a.pptx",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            id="pptx",
        ),
    ],
)
async def test_a_file_is_told_by_what_it_holds(
    town_client: httpx2.Client, make: Maker, content: bytes, name: str, expected: str
) -> None:
    person = await make.person()
    media = uploaded(upload(town_client, content, token=person.token, purpose="FILE", name=name))
    assert media["contentType"] == expected
    assert media["byteCount"] == len(content)


async def test_a_cookie_uploads_from_our_own_pages_only(
    town_client: httpx2.Client, make: Maker
) -> None:
    person = await make.person()
    secret = "a browser's secret"  # noqa: S105 - made up
    await make.connection.execute(
        "insert into session (person_id, secret_hash, expires_at)"
        " values ($1, $2, now() + interval '1 hour')",
        person.key,
        hash_secret(secret),
    )
    headers = {"Cookie": f"commons_session={secret}", "Content-Type": "image/png"}

    def send(site: str) -> httpx2.Response:
        return town_client.post(
            "/media?purpose=IMAGE",
            content=picture(),
            headers={**headers, "Sec-Fetch-Site": site},
        )

    assert send("cross-site").status_code == 403
    media = uploaded(send("same-origin"))
    shown = fetched(town_client, media["url"], Cookie=headers["Cookie"])
    assert shown.status_code == 200
