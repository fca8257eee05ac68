"""An application under a prefix, as a proxy that passes whole paths on would have it."""

from __future__ import annotations

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class Below:
    """ASGI middleware: `app` answers below `prefix`, and nothing answers elsewhere."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self.app, self.prefix = app, prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["path"].startswith(self.prefix + "/"):
            await self.app({**scope, "root_path": self.prefix}, receive, send)
        else:
            await PlainTextResponse("outside the prefix", 404)(scope, receive, send)
