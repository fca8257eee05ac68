# ruff: noqa: E501 - a row of a table stays on one line
"""The twenty questions of the report's own answer sheet, each with its whole answer.

The tables below were written from the answer sheet and from the text of the report, not from what the queries
gave: every row was looked up in its section. Where an answer names more sections than the sheet does, the report
says the same thing there too (a box and the section that it stands in; the launch of an initiative in three places).
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import Store

from isogloss.ontology.names import PREFIXES, slug
from isogloss.queries.library import load_library

from .answers import Table, answer, ask, columns, full

SHEET = Path(__file__).parents[3] / "shared" / "report" / "questions.csv"
IS_PART_OF = PREFIXES["dcterms"] + "isPartOf"
LIBRARY = load_library()


@dataclass(frozen=True)
class Question:
    """One question: the query, the columns that make the answer, and every row (cells between bars)."""

    number: str
    query: str
    columns: tuple[str, ...]
    rows: str

    def expected(self) -> list[tuple[str, ...]]:
        lines = [line.strip() for line in self.rows.strip().splitlines()]
        return [tuple(cell.strip() for cell in line.split("|")) for line in lines]


QUESTIONS = (
    Question("Q01", "quantum-recommendations", ("identifier", "buildsOnIdentifier", "covers", "section"), """
        ITU-T X.1710 | ITU-T Y.3800 | Names threats to QKD networks and sets security requirements and measures. | 22.4
        ITU-T X.1811 | | Weighs quantum threats to the cryptography in 5G and guides the use of quantum-safe algorithms. | 22.4
        ITU-T Y.3800 | | Base framework for QKD networks: their architecture, vocabulary and design principles. | 22.4
        """),
    Question("Q03", "sg21-core-embodied-ai-work-items", ("identifier", "statusLabel", "section"), """
        F.EAI-AC-BK | under development | 21.4
        F.EAI-AC-BK | under development | box-5
        F.RF-EAI | under development | 21.4
        F.RF-EAI | under development | box-5
        """),
    Question("Q06", "study-groups-in-mobility-and-embodied-ai", ("acronym", "themeLabel", "section"), """
        SG2 | smart mobility | 15.5
        SG2 | embodied AI | 21.4
        SG2 | embodied AI | box-5
        SG20 | smart mobility | 15.5
        SG20 | embodied AI | 21.4
        SG20 | embodied AI | box-5
        SG21 | smart mobility | 15.5
        SG21 | embodied AI | 21.4
        SG21 | embodied AI | box-5
        SG21 | embodied AI | 21.5
        SG21 | embodied AI | box-6
        """),
    Question("Q09", "sg17-ai-security-reports", ("identifier", "formerIdentifier", "section"), """
        XSTR.AISec | TR.AISec | 12.6
        XSTR.AISec | TR.AISec | box-3
        XSTR.se-AI | TR.se-AI | 12.6
        XSTR.se-AI | TR.se-AI | box-3
        """),
    Question("Q13", "citiverse-lead-group", ("part", "thing", "section"), """
        lead group | id:body/itu-t-sg20 | 19.1
        citiverse work item | id:publication/itu-t-y.citiverse-reqts | 19.1
        citiverse work item | id:publication/itu-t-y.citiverse-reqts | box-4
        Recommendation on delivery robots | id:publication/itu-t-y.4506 | 21.4
        Recommendation on delivery robots | id:publication/itu-t-y.4506 | box-5
        Recommendation on delivery robots | id:publication/itu-t-y.4607 | 21.4
        Recommendation on delivery robots | id:publication/itu-t-y.4607 | box-5
        """),
    Question("Q18", "amas-clusters", ("part", "label", "value", "section"), """
        cluster | asset identifiers | | 10.2
        cluster | content provenance | | 10.2
        cluster | rights declarations | | 10.2
        cluster | trust and authenticity | | 10.2
        cluster | watermarking | | 10.2
        figure | Over 35: Technical standards from SDOs examined in the mapping | Over 35 | 10.2
        figure | five key clusters: Clusters of standards in the technical paper | five key clusters | 10.2
        """),
    Question("Q20", "table-1-content-types", ("label", "section"), """
        fabricated content | table-1
        false context | table-1
        imposter content | table-1
        manipulated content | table-1
        misleading content | table-1
        satire and parody | table-1
        """),
    Question("Q24", "amas-participants", ("body", "section"), """
        id:body/caict | 10.1
        id:body/c2pa | 10.1
        id:body/datatrails | 10.1
        id:body/deep-media | 10.1
        id:body/iec | 10.1
        id:body/iso | 10.1
        id:body/itu | 10.1
        id:body/microsoft | 10.1
        id:body/witness | 10.1
        """),
    Question("Q26", "amas-founding", ("part", "body", "section"), """
        established under | id:body/wsc | 5.5
        established under | id:body/wsc | 10.1
        formed by | id:body/iec | 2
        formed by | id:body/iec | 5.5
        formed by | id:body/iec | 10.1
        formed by | id:body/iso | 2
        formed by | id:body/iso | 5.5
        formed by | id:body/iso | 10.1
        formed by | id:body/itu | 2
        formed by | id:body/itu | 5.5
        formed by | id:body/itu | 10.1
        """),
    Question("Q28", "database-publication-types", ("label", "class", "section"), """
        guides | ig:Guide | 2
        international standards | ig:InternationalStandard | 2
        national standards | ig:NationalStandard | 2
        other publications | ig:OtherPublication | 2
        technical papers | ig:TechnicalPaper | 2
        technical reports | ig:TechnicalReport | 2
        technical specifications | ig:TechnicalSpecification | 2
        """),
    Question("Q31", "database-partners-without-publications", ("label", "section"), """
        AI Standards Hub | 2
        """),
    Question("Q34", "global-initiatives-backers", ("initiative", "name", "roleLabel", "section"), """
        id:initiative/global-initiative-on-ai-for-food-systems | FAO | leads | executive-summary
        id:initiative/global-initiative-on-ai-for-food-systems | IFAD | leads | executive-summary
        id:initiative/global-initiative-on-ai-for-food-systems | ITU | leads | executive-summary
        id:initiative/global-initiative-on-ai-for-food-systems | WFP | leads | executive-summary
        id:initiative/global-initiative-on-ai-for-food-systems | ITU | announces | 5.8
        id:initiative/global-initiative-on-ai-for-food-systems | FAO | is a partner | 5.8
        id:initiative/global-initiative-on-ai-for-food-systems | IFAD | is a partner | 5.8
        id:initiative/global-initiative-on-ai-for-food-systems | ITU | is a partner | 5.8
        id:initiative/global-initiative-on-ai-for-food-systems | WFP | is a partner | 5.8
        id:initiative/global-initiative-on-ai-for-food-systems | FAO | leads | 17.4
        id:initiative/global-initiative-on-ai-for-food-systems | IFAD | leads | 17.4
        id:initiative/global-initiative-on-ai-for-food-systems | ITU | leads | 17.4
        id:initiative/global-initiative-on-ai-for-food-systems | WFP | leads | 17.4
        id:initiative/gi-ai4h | ITU | founds | 8
        id:initiative/gi-ai4h | WHO | founds | 8
        id:initiative/gi-ai4h | WIPO | founds | 8
        id:initiative/gi-ai4h | ITU | announces | 8.1
        id:initiative/gi-ai4h | WHO | announces | 8.1
        id:initiative/gi-ai4h | WIPO | announces | 8.1
        id:initiative/global-initiative-on-resilience-to-natural-hazards-through-ai-solutions | ITU | supports | 9.1
        id:initiative/global-initiative-on-resilience-to-natural-hazards-through-ai-solutions | UNEP | supports | 9.1
        id:initiative/global-initiative-on-resilience-to-natural-hazards-through-ai-solutions | UNFCCC | supports | 9.1
        id:initiative/global-initiative-on-resilience-to-natural-hazards-through-ai-solutions | UPU | supports | 9.1
        id:initiative/global-initiative-on-resilience-to-natural-hazards-through-ai-solutions | WMO | supports | 9.1
        id:initiative/global-initiative-on-resilience-to-natural-hazards-through-ai-solutions | ITU | is a partner | 9.5
        id:initiative/global-initiative-on-virtual-worlds-and-ai | Digital Dubai | founds | 19
        id:initiative/global-initiative-on-virtual-worlds-and-ai | ITU | founds | 19
        id:initiative/global-initiative-on-virtual-worlds-and-ai | UNICC | founds | 19
        """),
    Question("Q37", "public-warning-standard", ("label", "recommendationIdentifier", "page", "section"), """
        CAP: Common Alerting Protocol | ITU-T X.1303bis | https://www.itu.int/rec/T-REC-X.1303bis | 9.3
        CAP: Common Alerting Protocol | ITU-T X.1303bis | https://www.itu.int/rec/T-REC-X.1303bis | 9.5
        """),
    Question("Q40", "agent-protocols", ("identifier", "kindLabel", "section"), """
        A2A | protocol | 12.2
        A2A | protocol | 12.4
        ACR | protocol | 12.2
        MCP | protocol | 12.2
        MCP | protocol | 12.4
        OASF | framework | 12.2
        """),
    Question("Q42", "iso-iec-ieee-standards", ("identifier", "themeLabel", "section"), """
        IEEE 802.11 | AI-native networks | 11.5
        ISO 13485 | brain-computer interfaces | 20.3
        ISO 14971 | brain-computer interfaces | 20.3
        ISO/IEC 42001 | AI security | 12.2
        """),
    Question("Q46", "energy-reports-named-again", ("report", "announcedIn", "namedAgainIn"), """
        id:publication/guidelines-for-cities-to-achieve-carbon-net-zero | 5.10 | 14.1
        id:publication/measuring-what-matters | 5.10 | 14.1
        id:publication/smarter-smaller-stronger | 5.10 | 14.2
        id:publication/ai-for-climate-action | 5.10 | 14.3
        """),
    Question("Q48", "ai-readiness-factors", ("label", "section"), """
        data | 16.1
        deployment support | 16.1
        open source and code | 16.1
        research | 16.1
        sandbox environments | 16.1
        standards | 16.1
        """),
    Question("Q50", "body-themes", ("themeLabel", "thingLabel", "roleLabel", "detail", "section"), """
        AI, energy and environment | AI and energy | speaks | Qi Shuguang: outcomes of the environment and energy workshop | 5.10
        multimedia authenticity | AI and Multimedia Authenticity Standards Collaboration | participates | participating organization | 10.1
        AI security | China's AI Agents security initiatives | participates | Brings in the testbed | 12.2
        AI security | Trusted Agent Testbed | develops | Built the testbed to advance standards, lower testing costs and ease coordination | 12.2
        AI readiness | Pilot AI readiness plugfest presentation and partner sharing | presents | choice of AI models by domain; actions for the next report and framework | 16.2
        brain-computer interfaces | Brain computer interface (BCI) – Key technical standards and diverse application scenarios | presents | BCI standardization needs and global collaboration pathways | 20.4
        """),
    Question("Q55", "bci-standardization-areas", ("position", "label", "themeLabel", "section"), """
        1 | Unified BCI standards for data formats | BCI data formats | 20.5
        2 | Unified BCI standards for performance metrics | BCI performance and safety | 20.5
        3 | Unified BCI standards for accessibility | BCI for education and inclusion | 20.5
        3 | Unified BCI standards for accessibility | BCI standardization | 20.5
        4 | Unified BCI standards for network infrastructure | BCI interoperability | 20.5
        5 | Unified BCI standards for safety specifications | BCI performance and safety | 20.5
        """),
    Question("Q59", "events-after-the-summit", ("label", "start", "end", "dateAsTold", "section"), """
        Kick-off of the Quantum World Tour | 2025-09 | | in September | 22.6
        International AI Standards Summit | 2025-12-02 | 2025-12-03 | 2 to 3 December | executive-summary
        International AI Standards Summit | 2025-12-02 | 2025-12-03 | 2 to 3 December | 3
        International AI Standards Summit | 2025-12-02 | 2025-12-03 | 2 to 3 December | 5.5
        2nd ITU-T Study Group SG17 meeting | 2025-12-03 | 2025-12-11 | 3-11 December 2025 | 12.6
        2nd ITU-T Study Group SG17 meeting | 2025-12-03 | 2025-12-11 | 3-11 December 2025 | box-3
        Workshop on Digital Identity | 2026-03 | 2026-05 | Spring 2026 | 12.6
        3rd UN Virtual Worlds Day | 2026-05-11 | 2026-05-12 | 11–12 May 2026 | 19
        AI for Good Global Summit 2026 | 2026 | | 2026 | 12.6
        Quantum for Good Summit | 2026 | | 2026 | 22.6
        """),
)  # fmt: skip

every_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.number)


def with_short_sections(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [tuple(cell.removeprefix("id:section/2025/") for cell in row) for row in rows]


def answered(store: Store, question: Question) -> Table:
    return answer(store, LIBRARY[question.query])


@every_question
def test_the_whole_answer_in_its_order(store: Store, question: Question) -> None:
    """Asked of everything that ships: what the catalogue and the glossary add must not change these answers."""
    found = columns(answered(store, question), *question.columns)
    assert with_short_sections(found) == question.expected()


@every_question
def test_no_row_is_given_twice(store: Store, question: Question) -> None:
    _, rows = answered(store, question)
    assert len(set(rows)) == len(rows)


def sections_of(table: Table) -> set[str]:
    names = [name for name in table[0] if name in {"section", "announcedIn", "namedAgainIn"}]
    return {cell for row in columns(table, *names) for cell in row}


def with_what_they_stand_in(store: Store, sections: set[str]) -> set[str]:
    """The slugs of these sections and of every section around them: a box counts for the section it is in."""
    values = " ".join(f"<{full(section)}>" for section in sections)
    text = f"SELECT DISTINCT ?whole WHERE {{ VALUES ?part {{ {values} }} ?part <{IS_PART_OF}>* ?whole }}"
    return {whole.removeprefix("id:section/2025/") for (whole,) in ask(store, text)[1]}


@pytest.mark.skipif(not SHEET.exists(), reason="the answer sheet is not here to compare with")
def test_every_question_of_the_sheet_is_answered_from_the_sections_that_it_names(store: Store) -> None:
    with SHEET.open(encoding="utf-8", newline="") as handle:
        sheet = {row["id"]: row["sections"].split(";") for row in csv.DictReader(handle)}
    asked = {question.number: question for question in QUESTIONS}
    assert asked.keys() == sheet.keys()
    for number, sections in sheet.items():
        given = with_what_they_stand_in(store, sections_of(answered(store, asked[number])))
        assert {slug(section) for section in sections} <= given, number
