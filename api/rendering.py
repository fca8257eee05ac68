"""Pages from templates: one environment, autoescaped, whose links hold under any host and prefix."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse, Response

from isogloss.errors import SnapshotError
from isogloss.graph.search.finder import Finder
from isogloss.ontology.names import BASE

from .addresses import nearby, path_of, route_path, with_query
from .deps import Services
from .description import short_name
from .problems import Problem
from .wording import plural, status_name

_TEMPLATES = Path(__file__).parent / "templates"
_BUNDLE = Path(__file__).parent / "web" / "dist"


def environment() -> Environment:
    """The template environment; an unknown name in a template is an error, not an empty text.

    `has_bundle` says whether this installation has the scripts of the pages.
    """
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,
    )
    made.filters["thousands"] = _thousands
    made.filters["capitalize_first"] = lambda text: text[:1].upper() + text[1:]
    made.filters["plural"] = plural
    made.filters["status"] = status_name
    made.filters["code_marks"] = _code_marks
    made.filters["breakable"] = _breakable
    made.filters["short_name"] = short_name
    made.filters["path_of"] = lambda iri: path_of(iri) or "/"
    made.filters["short_path"] = lambda iri: iri.removeprefix(BASE).removeprefix("id/")
    made.globals["with_query"] = with_query
    made.globals["has_bundle"] = (_BUNDLE / "editor.js").is_file()
    return made


def render(request: Request, services: Services, template: str, **context: Any) -> Response:
    """A page; templates get `link(path)` for links and `own` for whether the graph is ours.

    `canonical` is the path that search engines are told; by default the one that was asked for.
    """
    query = request.url.query
    asked = {"canonical": route_path(request.scope) + (f"?{query}" if query else ""), **context}
    text = services.templates.get_template(template).render(
        link=lambda path: nearby(request.scope, path),
        own=services.snapshot is not None,
        here=request.url.path,
        code=services.code,
        **asked,
    )
    response = HTMLResponse(text)
    response.headers["Content-Language"] = "en"
    return response


def problem_page(request: Request, problem: Problem) -> Response:
    """An error as a page: what was wrong, and where to go from there."""
    services: Services = request.app.state.services
    near = problem.details.get("suggestions", ())
    names = _names(services, near if isinstance(near, (list, tuple)) else ())
    response = render(request, services, "problem.html", problem=problem, names=names, canonical="")
    response.status_code = problem.kind.status
    return response


def _names(services: Services, iris: Iterable[str]) -> dict[str, str]:
    """What the index calls these things; an error is told also where there is no index."""
    if services.snapshot is None:
        return {}
    with suppress(SnapshotError):
        return {item.iri: item.label for item in Finder(services.snapshot.index).items(iris)}
    return {}


def _code_marks(text: str) -> Markup:
    """Text whose words between backticks are code.

    >>> str(_code_marks("`cap` < 3"))
    '<code>cap</code> &lt; 3'
    """
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before


def _breakable(address: str) -> Markup:
    """An address that may go on in the next line after each slash.

    >>> str(_breakable("a/b<c"))
    'a/<wbr>b&lt;c'
    """
    return Markup(str(escape(address)).replace("/", "/<wbr>"))  # noqa: S704 - escaped before


def _thousands(number: int) -> str:
    """A count with a thin space every three digits.

    >>> _thousands(1234567)
    '1\\u202f234\\u202f567'
    """
    return f"{number:,}".replace(",", "\u202f")
