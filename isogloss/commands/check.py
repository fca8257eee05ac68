"""`isogloss check`: the ontology and the facts, proved; with --links, what every IRI answers."""

from __future__ import annotations

from typing import Annotated

import typer
from pyoxigraph import Store

from isogloss.errors import CheckFailed
from isogloss.graph.proof import classes_that_rules_miss, shaped_facts, stated_facts
from isogloss.graph.shipped import check_shipped
from isogloss.graph.snapshot import current
from isogloss.ontology import check as ontology_check

from .links import check_links
from .options import StateOption, progress, read_settings

LinksOption = Annotated[
    bool, typer.Option("--links", help="Check what every kind of IRI answers, as its clients ask.")
]
BaseOption = Annotated[
    str | None, typer.Option("--base", help="With --links: check this server instead of one of its own.")
]
EachOption = Annotated[int, typer.Option("--each", min=1, help="With --links: things a kind to ask for.")]
FactsOption = Annotated[bool, typer.Option("--facts", help="Check the records against the shapes only.")]


def check(
    state: StateOption = None,
    facts: FactsOption = False,
    links: LinksOption = False,
    base: BaseOption = None,
    each: EachOption = 2,
) -> None:
    """Prove that every record is well-shaped (SHACL) and that ontology and facts agree (HermiT).

    With --links: that every kind of IRI answers rightly whatever is asked of it, here or at --base.
    """
    if base and not links:
        raise typer.BadParameter("--base goes with --links")
    settings = read_settings(state=state)
    if links:
        check_links(settings, base, each)
        return
    store = Store.read_only(str(current(settings.state).store))
    _check_records(store)
    if not facts:
        _reason(store)


def _check_records(store: Store) -> None:
    with progress() as on_step:
        on_step("checking every record against its shape")
        records = ontology_check.shapes(shaped_facts(store))
        shipped = check_shipped(store)
    print(f"shapes: {records} records hold")
    print(
        f"shipped: {shipped.works} publications have title, body, type, status, page, source and theme, "
        f"but for {shipped.without_body} without a body, {shipped.without_page} without a page and "
        f"{shipped.without_theme} without a theme, with reasons"
    )


def _reason(store: Store) -> None:
    if not ontology_check.has_java():
        print("HermiT: skipped, because there is no Java on this machine")
        return
    with progress() as on_step:
        on_step("HermiT is reasoning")
        members = ontology_check.classify(stated_facts(store))
        missing = classes_that_rules_miss(store, members)
    if missing:
        raise CheckFailed("the rules and HermiT disagree on members of defined classes", missing)
    print(f"HermiT: consistent; {len(members)} classes, and the rules find the same members")
