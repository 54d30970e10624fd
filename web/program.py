"""One process that serves, from its start to its end."""

from __future__ import annotations

import gc
import socket
from collections.abc import Callable

import uvicorn

from web.app import create_app
from web.serving import SHUTDOWN_SECONDS, protocols
from web.settings import Settings


def serve_on(
    listener: socket.socket,
    settings: Settings,
    dsn: str,
    *,
    worker: bool,
    server: Callable[[uvicorn.Config], uvicorn.Server] = uvicorn.Server,
) -> bool:
    """Serve until a signal comes; False when the application did not start.

    With `worker` it does background jobs too.
    """
    app = create_app(settings, dsn, worker=worker)
    # The program is some 250,000 objects that live as long as it does. Looked at in each full
    # collection of garbage, they stop all requests for 200 to 300 ms.
    gc.collect()
    gc.freeze()
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        **protocols(settings),
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    serving = server(config)
    serving.run(sockets=[listener])
    return serving.started
