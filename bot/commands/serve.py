"""`chat --serve`: the chat in a browser on this machine, by textual-serve, for whoever has the address it prints."""

import secrets
import shlex
import sys
from collections.abc import Callable

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from textual_serve.server import Server

from bot.errors import BotError

HOST = "127.0.0.1"
START = "from bot.cli.main import main; main()"
COOKIE = "footnote"


class ChatServer(Server):
    """A server whose pages and sockets want the cookie that its address gives; its pages fetch nothing elsewhere."""

    def __init__(self, port: int, tell: Callable[[str], None]) -> None:
        command = shlex.join((sys.executable, "-P", "-c", START, *sys.argv[1:]))
        super().__init__(command, HOST, port, title="Footnote")
        self.secret, self.tell = secrets.token_urlsafe(16), tell

    @property
    def address(self) -> str:
        return f"{self.public_url}/?key={self.secret}"

    def initialize_logging(self) -> None:
        """Leaves logging as it is."""

    async def on_startup(self, app: web.Application) -> None:
        self.tell(f"The chat stands at {self.address}\nEvery tab is a chat of its own. Ctrl-C ends them all.")

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._guarded())
        return app

    def _guarded(self) -> Middleware:
        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            """Turns away other sites' pages, other names for this machine and whoever lacks the key."""
            own = request.headers.get("Origin", self.public_url) == self.public_url
            known = any(
                secrets.compare_digest(given.encode(), self.secret.encode())
                for given in (request.query.get("key", ""), request.cookies.get(COOKIE, ""))
            )
            if not (own and known and request.host == f"{HOST}:{self.port}"):
                raise web.HTTPForbidden(text="Open the address that footnote chat --serve has printed.")
            response = await handler(request)
            if not response.prepared:
                response.set_cookie(COOKIE, self.secret, httponly=True, samesite="Strict")
                response.headers["Content-Security-Policy"] = (
                    "default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; "
                    f"connect-src 'self' ws://{HOST}:{self.port}; img-src 'self' data:; font-src 'self' data:"
                )
            return response

        return guard


def serve(port: int, tell: Callable[[str], None]) -> None:
    """Serves the chat until Ctrl-C. Raises BotError where the port is taken."""
    try:
        ChatServer(port, tell).serve()
    except OSError as error:
        reason = (error.strerror or str(error)).rstrip(".")
        raise BotError(f"The chat cannot be served at port {port}: {reason}.", "Name another: --port 8001") from error
