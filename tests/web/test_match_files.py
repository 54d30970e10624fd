"""Files in the conversation of two organisations: told by what they hold, served to both sides alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx2
import pytest

from resolvers.commands.media import KEPT_UNUSED, UNUSED
from tests.making import Maker, Place, Someone
from tests.pictures import packed
from tests.web.marketing import ERRORS, Market
from tests.web.serving import ask, data_of, done, refused
from tests.web.uploading import fetched, upload, uploaded

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
DOCX = packed(("[Content_Types].xml", ""), ("word/document.xml", ""))
XLSX = packed(("[Content_Types].xml", ""), ("xl/workbook.xml", ""))
ODT = packed(("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", ""))
ASK = f"""mutation ($input: MatchRequestAskInput!) {{ answer: matchRequestAsk(input: $input) {{
    matchRequest {{ id }} {ERRORS} }} }}"""
WRITE = f"""mutation ($input: MatchMessageWriteInput!) {{ answer: matchMessageWrite(input: $input) {{
    message {{ id body bodyHtml files {{ id url name contentType purpose }} }} {ERRORS} }} }}"""
FILES = "query ($id: ID!) { node(id: $id) { ... on MatchMessage { files { id } } } }"
FILE = "query ($id: ID!) { node(id: $id) { ... on Media { url } } }"


class Talk:
    """Two organisations that write to each other."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.client = market.client
        self.request = ""

    async def begin(self) -> tuple[tuple[Place, Someone], tuple[Place, Someone]]:
        """Have one organisation ask the other; give both with who manages there."""
        asking, asked = await self.market.manager("Asking"), await self.market.manager("Asked")
        listing = self.market.open(asked[1], asked[0], audience="NETWORK")
        given = {"organisationId": asking[0].id, "listingId": listing}
        self.request = done(self.market.call(ASK, asking[1], **given), "answer")["matchRequest"][
            "id"
        ]
        return asking, asked

    def upload(
        self, who: Someone, content: bytes, name: str, purpose: str = "FILE"
    ) -> dict[str, Any]:
        """Upload a file."""
        sent = upload(self.client, content, token=who.token, purpose=purpose, name=name)
        return uploaded(sent)

    def write(self, who: Someone, place: Place, body: str = "", **more: Any) -> Any:
        """Send a message; give what came of it."""
        given = {"matchRequestId": self.request, "organisationId": place.id, "body": body, **more}
        return self.market.call(WRITE, who, **given)


@pytest.fixture
def talk(town_client: httpx2.Client, make: Maker) -> Talk:
    return Talk(Market(town_client, make))


async def test_files_are_served_to_both_sides_alone_and_only_to_be_kept(
    talk: Talk, make: Maker
) -> None:
    (asking, writer), (asked, reader) = await talk.begin()
    sent = [
        talk.upload(writer, content, name)
        for content, name in ((PDF, "Plan “27”"), (DOCX, "a.pdf"), (XLSX, "b.xlsx"), (ODT, "c.odt"))
    ]
    picture = uploaded(upload(talk.client, token=writer.token, purpose="IMAGE"))
    keys = [each["id"] for each in (*sent, picture)]
    message = done(talk.write(writer, asking, mediaIds=keys), "answer")["message"]
    assert (message["body"], message["bodyHtml"]) == ("", "")
    assert [each["id"] for each in message["files"]] == keys
    assert [each["name"] for each in message["files"]] == [
        *("Plan “27”.pdf", "a.pdf.docx", "b.xlsx", "c.odt", ""),
    ]
    member, stranger, owner = [await make.person() for _ in range(3)]
    await make.member(member, asking)
    await make.member(owner, asked, "OWNER")
    for media in message["files"]:
        for who in (writer, reader, owner):
            response = fetched(talk.client, media["url"], who.token)
            assert response.status_code == 200
            assert response.headers["content-disposition"].startswith("attachment")
            assert response.headers["x-content-type-options"] == "nosniff"
            assert response.headers["cache-control"].startswith("private")
            assert "sandbox" in response.headers["content-security-policy"]
        for token in (member.token, stranger.token, None):
            assert fetched(talk.client, media["url"], token).status_code == 404
            answer = ask(talk.client, FILE, {"id": media["id"]}, token=token)
            assert data_of(answer)["node"] is None
    assert fetched(talk.client, message["files"][0]["url"], reader.token).content == PDF
    seen = data_of(ask(talk.client, FILES, {"id": message["id"]}, token=reader.token))
    assert [each["id"] for each in seen["node"]["files"]] == keys
    assert (
        data_of(ask(talk.client, FILES, {"id": message["id"]}, token=member.token))["node"] is None
    )
    # Who no longer manages listings there sees them no more, though they sent them.
    await make.connection.execute(
        "update membership set role = 'MEMBER' where person_id = $1", writer.key
    )
    assert fetched(talk.client, message["files"][0]["url"], writer.token).status_code == 404


async def test_only_unused_uploads_of_ones_own_go_with_a_message(talk: Talk, make: Maker) -> None:
    (asking, writer), (_, reader) = await talk.begin()
    mine, theirs = talk.upload(writer, PDF, "a"), talk.upload(reader, PDF, "b")
    logo = uploaded(upload(talk.client, token=writer.token, purpose="LOGO"))
    six = [talk.upload(writer, PDF, str(number))["id"] for number in range(6)]
    unknown = "med_01a1f850-1400-7c95-b382-219df50cb3c9"
    for given, expected in (
        ([theirs["id"]], ("NOT_FOUND", ["mediaIds"])),
        ([unknown], ("NOT_FOUND", ["mediaIds"])),
        ([logo["id"]], ("INVALID", ["mediaIds"])),
        ([mine["id"], mine["id"]], ("INVALID", ["mediaIds"])),
        (six, ("INVALID", ["mediaIds"])),
        ([f"per_{writer.key}"], ("INVALID", ["mediaIds", "0"])),
        ([], ("INVALID", ["body"])),
        (None, ("INVALID", ["body"])),
    ):
        answer = talk.write(writer, asking, mediaIds=given)
        assert refused(answer, "answer") == [expected], given
    done(talk.write(writer, asking, "Here", mediaIds=[mine["id"]]), "answer")
    again = talk.write(writer, asking, "Again", mediaIds=[mine["id"]])
    assert refused(again, "answer") == [("CONFLICT", ["mediaIds"])]
    remove = """mutation ($input: MediaDeleteInput!) { answer: mediaDelete(input: $input) {
        userErrors { code field message } } }"""
    gone = talk.market.call(remove, writer, mediaId=mine["id"])
    assert refused(gone, "answer") == [("CONFLICT", ["mediaId"])]
    # What goes with a message is no upload that nobody used.
    await make.connection.execute(
        "update media set created_at = $2 where id = $1",
        UUID(mine["id"].removeprefix("med_")),
        datetime(2020, 1, 1, tzinfo=UTC),
    )
    await make.connection.execute(UNUSED, KEPT_UNUSED)
    assert fetched(talk.client, mine["url"], reader.token).status_code == 200
