"""All checks of a server, in order."""

from __future__ import annotations

from collections.abc import Callable

from isogloss.errors import EngineError

from .accept import TTL
from .fair import check_fair
from .findings import Findings
from .ontologies import Ontology
from .pitfalls import check_available, check_pitfalls
from .places import check_below, check_places, check_proxied
from .site import Site
from .things import check_thing

OnStep = Callable[[str], None]


def check_server(
    base: str, *, each: int, on_step: OnStep = lambda says: None, below: str = "", proxied: str = ""
) -> Findings:
    """Check the server at `base`: `each` things of every kind, its fixed places, its ontology.

    `below` is the same server under a prefix, `proxied` the same trusting the checker as its proxy; where
    they are not given (somebody else's server), what they would show is not asked. EngineError if out of
    reach.
    """
    findings = Findings()
    with Site(base) as site:
        on_step(f"reading the site map of {site.base}")
        sampled = site.sample(each)
        if not sampled:
            raise EngineError(f"{site.base}/sitemap.xml lists no documents: is this an Isogloss server?")
        for kind, things in sampled.items():
            on_step(f"asking for {len(things)} of kind {kind}")
            for thing in things:
                check_thing(site, thing, findings)
        on_step("asking for errors, the data set, crawlers' files")
        check_places(site, findings)
        on_step("checking the ontology (FOOPS!, OOPS!)")
        check_fair(site, findings)
        ontology = Ontology(site.ask("/ontology", {"accept": TTL}).content)
        check_pitfalls(ontology, findings)
        check_available(site, ontology, findings)
    if below:
        on_step("asking under a prefix")
        with Site(below) as site:
            for things in sampled.values():
                check_below(site, things[0], findings)
    if proxied:
        on_step("asking as a trusted proxy")
        with Site(proxied) as site:
            check_proxied(site, findings)
    return findings
