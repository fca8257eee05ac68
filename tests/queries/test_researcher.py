"""What a researcher writes with nothing but the ontology page, against the ready question for it."""

from pyoxigraph import Store

from isogloss.ontology.names import ONTOLOGY
from isogloss.queries.library import load_library

from .answers import answer, ask, columns

LIBRARY = load_library()
PREFIX = f"PREFIX ig: <{ONTOLOGY}#>\n"

EMBODIED_AI = """
SELECT DISTINCT ?item ?section WHERE {
  ?group ig:acronym "SG21" .
  ?item a ig:EmbodiedAIWorkItem ; ig:developedBy ?group ; ig:citedIn ?section .
}"""

ADDRESSED_TO_SG5 = """
SELECT DISTINCT ?opportunity ?section WHERE {
  ?group ig:acronym "SG5" .
  ?opportunity a ig:StudyGroupOpportunity ; ig:addressedTo ?group ; ig:statedIn ?section .
}"""

CAICT = """
SELECT DISTINCT ?thing ?section WHERE {
  ?body ig:acronym "CAICT" .
  ?part a ig:Involvement ; ig:involves ?body ; ig:involvedIn ?thing ; ig:statedIn ?section .
}"""


def test_the_work_items_of_study_group_21_on_embodied_ai(store: Store) -> None:
    _, rows = ask(store, PREFIX + EMBODIED_AI)
    assert set(rows) == set(columns(answer(store, LIBRARY["work-items-of-study-group"]), "item", "section"))
    assert {item for item, _ in rows} == {
        f"id:publication/itu-t-{name}"
        for name in (
            "f.rf-eai", "f.eai-ac-bk", "f.mttir", "f.dcor-reqs", "f.dche-reqs", "f.dchu",
            "h.fdm-ac-gen", "h.fdm-ac-v",
        )
    }  # fmt: skip


def test_what_is_addressed_to_study_group_5(store: Store) -> None:
    """Four opportunities in 14.1, one in 14.2 that builds on its work, three each in 14.3 and 14.4."""
    _, rows = ask(store, PREFIX + ADDRESSED_TO_SG5)
    ready = answer(store, LIBRARY["opportunities-for-body"])
    assert set(rows) == set(columns(ready, "opportunity", "section"))
    sections = [section.removeprefix("id:section/2025/") for _, section in rows]
    assert {name: sections.count(name) for name in sections} == {"14.1": 4, "14.2": 1, "14.3": 3, "14.4": 3}


def test_what_caict_appears_in(store: Store) -> None:
    _, rows = ask(store, PREFIX + CAICT)
    assert set(rows) == set(columns(answer(store, LIBRARY["body-themes"]), "thing", "section"))
    assert {section.removeprefix("id:section/2025/") for _, section in rows} == {
        "5.10", "10.1", "12.2", "16.2", "20.4",
    }  # fmt: skip
