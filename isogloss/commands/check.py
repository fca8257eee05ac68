"""`isogloss check`: the ontology and the facts, proved."""

from __future__ import annotations

from typing import Annotated

import typer
from pyoxigraph import Store

from isogloss.errors import CheckFailed
from isogloss.graph.proof import classes_that_rules_miss, shaped_facts, stated_facts
from isogloss.graph.snapshot import current
from isogloss.ontology import check as ontology_check

from .options import StateOption, progress, read_settings

FactsOption = Annotated[bool, typer.Option("--facts", help="Check the records against the shapes only.")]


def check(state: StateOption = None, facts: FactsOption = False) -> None:
    """Prove that every record is well-shaped (SHACL) and that ontology and facts agree (HermiT)."""
    snapshot = current(read_settings(state=state).state)
    store = Store.read_only(str(snapshot.store))
    with progress() as on_step:
        on_step("checking every record against its shape")
        records = ontology_check.shapes(shaped_facts(store))
        print(f"shapes: {records} records hold")
        if facts:
            return
        if not ontology_check.has_java():
            print("HermiT: skipped, because there is no Java on this machine")
            return
        on_step("HermiT is reasoning")
        members = ontology_check.classify(stated_facts(store))
        missing = classes_that_rules_miss(store, members)
    if missing:
        raise CheckFailed("the rules and HermiT disagree on members of defined classes", missing)
    print(f"HermiT: consistent; {len(members)} classes, and the rules find the same members")
