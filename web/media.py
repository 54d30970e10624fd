"""Uploads over HTTP: taken in by `POST /media`, given out by `GET /media/<key>`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

import asyncpg
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from strawberry.utils.str_converters import to_camel_case

from db.storage import KEY, new_key
from db.tables.people import Locale
from db.tables.posts import ALT_TEXT_MAX, MediaPurpose
from resolvers import checking
from resolvers.acting import Connection, Origin
from resolvers.commands.media import Upload, add_media, may_upload
from resolvers.files import recognise
from resolvers.media import MEDIA_PATH
from resolvers.performing import Performer, UnknownSecret, sign_in
from resolvers.refusals import InvalidInput, NotSignedIn, Refusal, RefusalCode
from resolvers.seeing import sees
from resolvers.wording import say
from schema import prefixes
from web.origins import Refused, origin_of

if TYPE_CHECKING:
    from resolvers.pictures import Picture

MEGABYTE = 1024 * 1024
PICTURE_MB = 10
FILE_MB = 25
# What a form adds around its file: boundaries, headers, the texts beside it.
FORM_BYTES = 64 * 1024
# Decoding takes up to 160 MB for a moment: not many at once.
DECODED_AT_ONCE = 2
STATUSES = {RefusalCode.NOT_SIGNED_IN: 401, RefusalCode.NOT_ALLOWED: 403, RefusalCode.TOO_MANY: 429}
TOO_LARGE = "media.too_large"
NOTHING = "Nothing is here that you may see."
FIND = """
select id, content_type, name, byte_count, purpose,
       organisation_id is not null or person_id is not null as is_public,
       match_message_id is not null as is_private
from media where storage_key = $1
"""
# Nothing that is uploaded may act: no script, no form, no frame of ours around it.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
FOR_EVERYONE = "public, max-age=31536000, immutable"
# Short, and by person: who may see it can change, and so can who sits at the browser.
FOR_ONE = "private, max-age=600"


class _TooLarge(MultiPartException):
    """More was sent than may be; a form's parser closes what it has opened."""


@dataclass(frozen=True)
class _Sent:
    """What was sent: the file, and what was said beside it."""

    content: bytes
    name: str
    alt_text: str


class Uploads:
    """Takes one picture or file: as a form with the field `file`, or as the body itself."""

    def __init__(self) -> None:
        self._decoding = asyncio.Semaphore(DECODED_AT_ONCE)

    async def take(self, request: Request) -> Response:
        """Answer with the media object, or with why nothing was kept."""
        try:
            origin = origin_of(request)
        except Refused as refused:
            code = "UNAUTHENTICATED" if refused.status == 401 else "CROSS_SITE"  # noqa: PLR2004
            error = {"message": str(refused), "extensions": {"code": code}}
            return JSONResponse({"errors": [error]}, refused.status)
        performer: Performer = request.app.state.performer
        try:
            # Who may not upload is told before anything of it is read.
            allowed = await performer.perform(may_upload, {}, origin, name="mediaUpload")
            if allowed.refusals:
                return _refused(allowed.refusals[0], allowed.locale)
            try:
                upload = await self._prepare(request, performer)
            except Refusal as refusal:
                return _refused(refusal, allowed.locale)
            return await _keep(performer, upload, origin)
        except UnknownSecret:
            return _refused(NotSignedIn(), origin.locale)

    async def _prepare(self, request: Request, performer: Performer) -> Upload:
        """Read, check and write anew what was sent; keep its object; give what its row holds."""
        purpose = _purpose(request)
        sent = await _read(request, FILE_MB if purpose is MediaPurpose.FILE else PICTURE_MB)
        if not sent.content:
            raise InvalidInput("media.empty", field=("file",))
        alt_text = checking.text(sent.alt_text, "alt_text", at_most=ALT_TEXT_MAX)
        if purpose is MediaPurpose.FILE:
            file = await asyncio.to_thread(recognise, sent.content, sent.name)
            content = sent.content
            upload = Upload(
                purpose=purpose,
                storage_key=new_key(content, file.extension),
                content_type=file.content_type,
                byte_count=len(content),
                name=file.name,
                alt_text=alt_text,
            )
        else:
            async with self._decoding:
                picture = await asyncio.to_thread(_rewritten, sent.content, purpose)
            content = picture.content
            upload = Upload(
                purpose=purpose,
                storage_key=new_key(content, picture.extension),
                content_type=picture.content_type,
                byte_count=len(content),
                name="",
                alt_text=alt_text,
                width=picture.width,
                height=picture.height,
            )
        await performer.services.storage.put(upload.storage_key, content)
        return upload


async def _keep(performer: Performer, upload: Upload, origin: Origin) -> Response:
    """Note what is kept; when that is refused, nothing stays."""
    try:
        added = await performer.perform(add_media, {"upload": upload}, origin, name="mediaUpload")
    except BaseException:
        await performer.services.storage.delete([upload.storage_key])
        raise
    if added.refusals:
        await performer.services.storage.delete([upload.storage_key])
        return _refused(added.refusals[0], added.locale)
    media = {
        "id": f"{prefixes.MEDIA}_{added.values['']}",
        "url": MEDIA_PATH + upload.storage_key,
        "purpose": upload.purpose,
        "contentType": upload.content_type,
        "byteCount": upload.byte_count,
        "width": upload.width,
        "height": upload.height,
        "altText": upload.alt_text,
        "name": upload.name,
    }
    return JSONResponse({"media": media, "userErrors": []}, 201)


def _purpose(request: Request) -> MediaPurpose:
    try:
        return MediaPurpose(request.query_params.get("purpose", ""))
    except ValueError:
        raise InvalidInput("media.purpose", field=("purpose",)) from None


async def _read(request: Request, megabytes: int) -> _Sent:
    """Read the upload, no further than it may go.

    Raises:
        InvalidInput: It is too large, or no upload.
    """
    beside = {name: request.query_params.get(name, "") for name in ("name", "altText")}
    is_form = request.headers.get("content-type", "").startswith("multipart/form-data")
    limit = megabytes * MEGABYTE
    most = limit + (FORM_BYTES if is_form else 0)
    too_large = InvalidInput(TOO_LARGE, field=("file",), limit=megabytes)
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > most:
        raise too_large
    stream = _limited(request.stream(), most)
    try:
        sent = await (_form(request, stream, beside) if is_form else _body(stream, beside))
    except _TooLarge:
        raise too_large from None
    except (MultiPartException, KeyError, UnicodeDecodeError) as error:
        raise InvalidInput("media.unreadable", field=("file",)) from error
    if len(sent.content) > limit:
        raise too_large
    return sent


async def _body(stream: AsyncGenerator[bytes, None], beside: Mapping[str, str]) -> _Sent:
    content = b"".join([chunk async for chunk in stream])
    return _Sent(content, beside["name"], beside["altText"])


async def _form(
    request: Request, stream: AsyncGenerator[bytes, None], beside: Mapping[str, str]
) -> _Sent:
    parser = MultiPartParser(
        request.headers,
        stream,
        max_files=1,
        max_fields=len(beside),
        max_part_size=FORM_BYTES,
    )
    form = await parser.parse()
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise InvalidInput("media.unreadable", field=("file",))
        said = {name: str(form.get(name) or value) for name, value in beside.items()}
        return _Sent(await file.read(), said["name"] or file.filename or "", said["altText"])
    finally:
        await form.close()


async def _limited(stream: AsyncGenerator[bytes, None], most: int) -> AsyncGenerator[bytes, None]:
    received = 0
    async for chunk in stream:
        received += len(chunk)
        if received > most:
            raise _TooLarge("too large")
        yield chunk


def _refused(refusal: Refusal, locale: Locale) -> Response:
    error = {
        "code": refusal.code,
        "field": [to_camel_case(part) for part in refusal.field],
        "message": say(refusal.text, locale, **refusal.values),
    }
    status = 413 if refusal.text == TOO_LARGE else STATUSES.get(refusal.code, 422)
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None  # noqa: PLR2004
    return JSONResponse({"media": None, "userErrors": [error]}, status, headers)


async def serve(request: Request) -> Response:
    """Give an object to whoever may see it: for ever to everyone, or for a while to one."""
    key = request.path_params["key"]
    if not KEY.fullmatch(key):
        return PlainTextResponse(NOTHING, 404)
    async with request.app.state.pool.acquire() as connection:
        found = await connection.fetchrow(FIND, key)
        if found is None or not (found["is_public"] or await _may_see(request, connection, found)):
            return PlainTextResponse(NOTHING, 404)
    headers = {
        "ETag": f'"{key}"',
        "Cache-Control": FOR_EVERYONE if found["is_public"] else FOR_ONE,
        "Content-Security-Policy": POLICY,
        "Content-Disposition": _disposition(found),
    }
    if not found["is_public"]:
        headers["Vary"] = "Cookie, Authorization"
    if _is_known(request.headers.get("if-none-match", ""), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    pieces = await request.app.state.performer.services.storage.get(key)
    if pieces is None:
        return PlainTextResponse(NOTHING, 404)
    headers["Content-Length"] = str(found["byte_count"])
    return StreamingResponse(pieces, headers=headers, media_type=found["content_type"])


def _rewritten(content: bytes, purpose: MediaPurpose) -> Picture:
    # Not at start-up: 7 MiB and 60 ms that only uploads need; and they come here in a thread.
    from resolvers.pictures import rewrite  # noqa: PLC0415

    return rewrite(content, purpose)


async def _may_see(request: Request, connection: Connection, found: asyncpg.Record) -> bool:
    try:
        actor = await sign_in(connection, origin_of(request).secret_hash)
    except (UnknownSecret, Refused):
        return False
    return await sees(connection, actor.id if actor else None, "media", found["id"])


def _is_known(asked: str, tag: str) -> bool:
    known = {part.strip().removeprefix("W/") for part in asked.split(",")}
    return tag in known or "*" in known


def _disposition(found: asyncpg.Record) -> str:
    """Pictures are shown in their place; a file is kept under its name, never opened by the site.

    Of a message between two organisations everything is kept: a picture is shown in it all the same.
    """
    if found["purpose"] != MediaPurpose.FILE:
        return "attachment" if found["is_private"] else "inline"
    return f"attachment; filename*=UTF-8''{quote(found['name'], safe='')}"
