"""Bringing a snapshot to an outside engine, by the SPARQL 1.1 Graph Store HTTP Protocol.

Each named graph is replaced by one PUT, and where it is large by further POSTs. What stands with blank nodes
goes in the first request, whatever its size: their labels mean nothing beyond it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

import httpx
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Store, Triple, serialize

from isogloss.errors import EngineError

TRIPLES = 20_000  # in one request, about 4 MB
SECONDS = 600.0  # that an engine may take over one request

NOWHERE = "urn:isogloss:no-such-graph"

OnGraph = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Login:
    """A user and a password, for Basic or Digest as the engine asks; never shown. Empty: none."""

    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return "Login(…)"


class GraphStore:
    """The graph store at `address`; graphs are named by `parameter` (`graph` in the protocol, 4.2).

    To be used with `with`; that settles how the store wants to be told who we are.
    """

    def __init__(self, address: str, login: Login, parameter: str = "graph") -> None:
        self._address, self._parameter, self._login = address, parameter, login

    def __enter__(self) -> GraphStore:
        """A body that is refused half way breaks the connection, so the first request has none."""
        self._client = httpx.Client(timeout=SECONDS, trust_env=False)
        with _translated():
            refused = self._client.request("DELETE", self._address, params={self._parameter: NOWHERE})
        if refused.status_code == httpx.codes.UNAUTHORIZED and self._login.user:
            digest = refused.headers.get("www-authenticate", "").lower().startswith("digest")
            way = httpx.DigestAuth if digest else httpx.BasicAuth
            self._client.auth = way(self._login.user, self._login.password)
            self.drop(NOWHERE)
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def replace(self, graph: str, triples: Iterable[Triple], on_part: Callable[[int], None]) -> int:
        """Put these triples in place of what the graph held; counts them, and tells `on_part` on the way."""
        done, method = 0, "PUT"
        for part in _parts(triples):
            self._send(method, graph, serialize(part, format=RdfFormat.N_TRIPLES) or b"")
            done, method = done + len(part), "POST"
            on_part(done)
        return done

    def drop(self, graph: str) -> None:
        """Remove a graph; one that is not there is no failure."""
        self._send("DELETE", graph, None)

    def _send(self, method: str, graph: str, body: bytes | None) -> None:
        # N-Triples are Turtle, and every store reads Turtle.
        headers = {"Content-Type": "text/turtle"} if body is not None else {}
        with _translated():
            response = self._client.request(
                method, self._address, params={self._parameter: graph}, content=body, headers=headers
            )
        if response.is_success or (method == "DELETE" and response.status_code == httpx.codes.NOT_FOUND):
            return
        if response.status_code in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
            raise EngineError(
                "The engine does not let us write; ISOGLOSS_ENGINE_USER and _PASSWORD say who we are."
            )
        told = response.text.strip().partition("\n")[0][:300]
        raise EngineError(f"The engine refused {method} of <{graph}>: {response.status_code} {told}")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise EngineError(f"The engine cannot be reached: {error}") from None


def bring(snapshot: Path, target: GraphStore, obsolete: Sequence[str], on_graph: OnGraph) -> dict[str, int]:
    """Replace every named graph of the store at `snapshot` in `target` and drop the `obsolete` ones.

    Gives back the triples a graph. Raises EngineError at the first failure; what was brought so far stays.
    """
    store = Store.read_only(str(snapshot))
    counts: dict[str, int] = {}
    for graph in sorted(store.named_graphs(), key=str):
        if isinstance(graph, NamedNode):
            triples = (quad.triple for quad in store.quads_for_pattern(None, None, None, graph))
            counts[graph.value] = target.replace(graph.value, triples, partial(on_graph, graph.value))
    for name in obsolete:
        if name not in counts:
            target.drop(name)
    return counts


def _parts(triples: Iterable[Triple]) -> Iterator[list[Triple]]:
    """Lists of at most TRIPLES; the first has, beside those, all that stand with a blank node."""
    plain: list[Triple] = []
    blank: list[Triple] = []
    for triple in triples:
        (blank if _has_blank(triple) else plain).append(triple)
    rest = iter(plain)
    first = blank + list(islice(rest, max(0, TRIPLES - len(blank))))
    if first:
        yield first
    while part := list(islice(rest, TRIPLES)):
        yield part


def _has_blank(triple: Triple) -> bool:
    return isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode | Triple)
