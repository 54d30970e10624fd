"""A server that speaks as much of S3 as uploads need: put, whole or in parts, get, delete, list."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from hashlib import md5
from xml.sax.saxutils import escape

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


@dataclass
class Bucket:
    """What the server holds and was asked."""

    url: str
    objects: dict[str, tuple[bytes, datetime]] = field(default_factory=dict)
    authorizations: list[str] = field(default_factory=list)
    parts: dict[str, dict[int, bytes]] = field(default_factory=dict)


@asynccontextmanager
async def bucket_server() -> AsyncIterator[Bucket]:
    """Serve one on a port of its own."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    bucket = Bucket(f"http://127.0.0.1:{listener.getsockname()[1]}")
    app = Starlette(
        routes=[
            Route("/{bucket}", partial(_listed, bucket)),
            Route("/{bucket}", partial(_deleted, bucket), methods=["POST"]),
            Route("/{path:path}", partial(_object, bucket), methods=METHODS),
        ]
    )
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="none", lifespan="off"))
    running = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:  # noqa: ASYNC110 - it has no event to wait for
        await asyncio.sleep(0.01)
    try:
        yield bucket
    finally:
        server.should_exit = True
        await running


METHODS = ["GET", "PUT", "POST"]


async def _object(bucket: Bucket, request: Request) -> Response:
    path = request.path_params["path"]
    bucket.authorizations.append(request.headers.get("authorization", ""))
    if request.method == "POST":
        return _in_parts(bucket, path, request)
    if "partNumber" in request.query_params:
        part = await request.body()
        bucket.parts[path][int(request.query_params["partNumber"])] = part
        return Response(headers={"ETag": _tag(part)})
    if request.method == "PUT":
        content = await request.body()
        bucket.objects[path] = content, datetime.now(UTC)
        return Response(headers={"ETag": _tag(content)})
    if path not in bucket.objects:
        return Response("<Error><Code>NoSuchKey</Code></Error>", 404, media_type="text/xml")
    content, since = bucket.objects[path]
    modified = since.strftime("%a, %d %b %Y %H:%M:%S GMT")
    return Response(content, headers={"ETag": _tag(content), "Last-Modified": modified})


def _in_parts(bucket: Bucket, path: str, request: Request) -> Response:
    if "uploads" in request.query_params:
        bucket.parts[path] = {}
        return Response(
            f"<InitiateMultipartUploadResult><UploadId>{len(bucket.parts)}</UploadId>"
            "</InitiateMultipartUploadResult>",
            media_type="application/xml",
        )
    parts = bucket.parts.pop(path)
    content = b"".join(parts[number] for number in sorted(parts))
    bucket.objects[path] = content, datetime.now(UTC)
    return Response(
        "<CompleteMultipartUploadResult>"
        f"<ETag>{escape(_tag(content))}</ETag></CompleteMultipartUploadResult>",
        media_type="application/xml",
    )


async def _listed(bucket: Bucket, request: Request) -> Response:
    name, prefix = request.path_params["bucket"], request.query_params.get("prefix", "")
    bucket.authorizations.append(request.headers.get("authorization", ""))
    rows = "".join(
        f"<Contents><Key>{escape(path.removeprefix(name + '/'))}</Key><Size>{len(content)}</Size>"
        f"<LastModified>{since:%Y-%m-%dT%H:%M:%S}.000Z</LastModified>"
        f"<ETag>{escape(_tag(content))}</ETag></Contents>"
        for path, (content, since) in bucket.objects.items()
        if path.startswith(f"{name}/{prefix}")
    )
    listed = f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>"
    return Response(listed, media_type="application/xml")


async def _deleted(bucket: Bucket, request: Request) -> Response:
    bucket.authorizations.append(request.headers.get("authorization", ""))
    keys = re.findall(r"<Key>([^<]+)</Key>", (await request.body()).decode())
    for key in keys:
        bucket.objects.pop(f"{request.path_params['bucket']}/{key}", None)
    rows = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
    return Response(f"<DeleteResult>{rows}</DeleteResult>", media_type="application/xml")


def _tag(content: bytes) -> str:
    return f'"{md5(content, usedforsecurity=False).hexdigest()}"'
