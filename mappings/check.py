"""What a set of mappings says when it is read as a whole: contradictions, clusters, chains, dead ends."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from heapq import heappop, heappush

from .claims import Claim
from .derive import Step, clusters, steps
from .findings import WEIGHTS, Finding, listed, short
from .terms import Term, Terms, vocabulary_of
from .text import normal

LOW = 0.5
_ENDED = {"superseded", "withdrawn"}


def check(claims: Iterable[Claim], terms: Terms, low: float = LOW) -> tuple[Finding, ...]:
    """Every finding, the gravest first. `low` is the confidence under which a chain is worth a look."""
    live = [claim for claim in claims if claim.live]
    exact = steps(claim for claim in live if claim.predicate == "exactMatch")
    groups = clusters(live)
    found = [
        *_contradictions(live, exact, groups),
        *_merged(groups, exact),
        *_hierarchy(live, groups, terms),
        *_weak_chains(groups, exact, low),
        *_ended(live, terms),
        *_homonyms(live, terms),
        *_unlike_labels(groups, terms),
        *_unmapped(live, terms),
    ]
    return tuple(sorted(found, key=lambda finding: WEIGHTS.index(finding.weight)))


def _contradictions(
    live: list[Claim], exact: dict[str, list[Step]], groups: list[tuple[str, ...]]
) -> Iterator[Finding]:
    """A exact B, B exact C, yet a record denies that A matches C; or one pair both affirmed and denied."""
    group_of = {term: number for number, group in enumerate(groups) for term in group}
    affirmed: dict[frozenset[str], list[Claim]] = defaultdict(list)
    for claim in live:
        if claim.joins:
            affirmed[claim.pair].append(claim)
    for denial in (claim for claim in live if claim.negated):
        same = [claim for claim in affirmed[denial.pair] if claim.predicate == denial.predicate]
        if same:
            chain = same
        elif denial.predicate in {"exactMatch", "closeMatch"} and denial.subject in group_of:
            if group_of[denial.subject] != group_of.get(denial.object):
                continue
            chain = _chain(denial.subject, denial.object, exact)
        else:
            continue
        yield _contradiction(denial, chain)


def _contradiction(denial: Claim, chain: list[Claim]) -> Finding:
    weakest = min(chain, key=lambda claim: claim.confidence)
    text = (
        f"{short(denial.subject)} is denied to match {short(denial.object)}, "
        f"yet {len(chain)} record(s) make them the same"
    )
    step = f"reject {short(_name(weakest))} (confidence {weakest.confidence:.2f}), or withdraw the denial"
    about = (_name(denial), *map(_name, chain))
    return Finding("contradiction", "error", text, step, about, listed(about))


def _merged(groups: list[tuple[str, ...]], exact: dict[str, list[Step]]) -> Iterator[Finding]:
    """Exact matches that, followed on, make two terms of one vocabulary the same."""
    for group in groups:
        homes: dict[str, list[str]] = defaultdict(list)
        for term in group:
            homes[vocabulary_of(term)].append(term)
        for home, members in homes.items():
            if len(members) > 1:
                chain = _chain(members[0], members[1], exact)
                weakest = min(chain, key=lambda claim: claim.confidence)
                text = f"exact matches merge {listed(members)} of {home}"
                step = f"weaken {short(_name(weakest))} (confidence {weakest.confidence:.2f}) to closeMatch"
                about = (*members, *map(_name, chain))
                yield Finding("merged-terms", "error", text, step, about, listed([*map(_name, chain)]))


def _hierarchy(live: list[Claim], groups: list[tuple[str, ...]], terms: Terms) -> Iterator[Finding]:
    """Called the same, though somewhere one is said to be broader than the other."""
    group_of = {term: number for number, group in enumerate(groups) for term in group}
    for claim in live:
        together = claim.subject in group_of and group_of[claim.subject] == group_of.get(claim.object)
        if claim.joins and claim.predicate in {"broadMatch", "narrowMatch"} and together:
            text = (
                f"{short(claim.subject)} and {short(claim.object)} are the same by one record, not by another"
            )
            step = "keep the relation that the definitions bear out, and supersede the other"
            yield Finding("exact-across-hierarchy", "error", text, step, (_name(claim),), short(_name(claim)))
    for narrow, broad in _broader_pairs(terms):
        if narrow in group_of and group_of[narrow] == group_of.get(broad):
            text = f"{short(narrow)} stands below {short(broad)} in its vocabulary, yet matches make them one"
            step = "make the match at one of the two a broadMatch or narrowMatch"
            yield Finding(
                "exact-across-hierarchy", "error", text, step, (narrow, broad), listed((narrow, broad))
            )


def _broader_pairs(terms: Terms) -> Iterator[tuple[str, str]]:
    for term in terms.all:
        above, queue = set[str](), deque(term.broader)
        while queue:
            iri = queue.popleft()
            if iri not in above:
                above.add(iri)
                yield term.iri, iri
                queue.extend(terms.by_iri[iri].broader if iri in terms.by_iri else ())


def _weak_chains(
    groups: list[tuple[str, ...]], exact: dict[str, list[Step]], low: float
) -> Iterator[Finding]:
    """The pair of each cluster that holds together by the least likely chain, where that is under `low`."""
    for group in groups:
        if len(group) < 3:
            continue
        reached = _likelihoods(group[0], exact)
        far, likely = min(reached.items(), key=lambda item: item[1])
        if likely < low:
            chain = _chain(group[0], far, exact)
            weakest = min(chain, key=lambda claim: claim.confidence)
            text = f"{short(group[0])} and {short(far)} meet only through a chain of likelihood {likely:.2f}"
            step = f"review {short(_name(weakest))} first (confidence {weakest.confidence:.2f})"
            about = (group[0], far, *map(_name, chain))
            yield Finding("weak-chain", "warning", text, step, about, listed([*map(_name, chain)]))


def _likelihoods(start: str, exact: dict[str, list[Step]]) -> dict[str, float]:
    best: dict[str, float] = {}
    heap = [(-1.0, start)]
    while heap:
        weight, at = heappop(heap)
        if at in best:
            continue
        best[at] = -weight
        for step in exact.get(at, ()):
            if step.to not in best:
                heappush(heap, (weight * step.claim.confidence, step.to))
    return best


def _ended(live: list[Claim], terms: Terms) -> Iterator[Finding]:
    """Mappings to a vocabulary whose edition is withdrawn or superseded, one finding a vocabulary."""
    ended: dict[str, list[Claim]] = defaultdict(list)
    for claim in live:
        for home in {vocabulary_of(claim.subject), vocabulary_of(claim.object)}:
            if home in terms.vocabularies and terms.vocabularies[home].status in _ENDED:
                ended[home].append(claim)
    for home, claims in sorted(ended.items()):
        vocabulary = terms.vocabularies[home]
        text = f"{len(claims)} mapping(s) lead to {vocabulary.label}, which is {vocabulary.status}"
        newer = f"map to {vocabulary.newer} instead and supersede these" if vocabulary.newer else (
            "look for the edition in force, map to it and supersede these"
        )  # fmt: skip
        about = tuple(map(_name, claims))
        yield Finding("ended-edition", "warning", text, newer, about, listed(about))


def _homonyms(live: list[Claim], terms: Terms) -> Iterator[Finding]:
    """One label, and a record that says the meanings differ."""
    for claim in live:
        one, other = terms.by_iri.get(claim.subject), terms.by_iri.get(claim.object)
        if one is None or other is None or normal(one.label) != normal(other.label):
            continue
        if claim.negated or claim.predicate in {"broadMatch", "narrowMatch", "relatedMatch"}:
            text = f"{one.label!r} does not mean the same in {one.vocabulary} and {other.vocabulary}"
            step = "name the vocabulary whenever the word is used; do not align the two by label"
            about = (one.iri, other.iri, _name(claim))
            yield Finding("homonym", "note", text, step, about, short(_name(claim)))


def _unlike_labels(groups: list[tuple[str, ...]], terms: Terms) -> Iterator[Finding]:
    """One meaning under several words."""
    for group in groups:
        known = [terms.by_iri[iri] for iri in group if iri in terms.by_iri]
        words = {normal(term.label): term for term in known}
        if len(words) > 1:
            said = "; ".join(f"{term.label} ({term.vocabulary})" for term in words.values())
            step = "offer the others as alternative labels when searching; keep each body's own in its texts"
            yield Finding("unlike-labels", "note", f"one meaning, {len(words)} words: {said}", step, group)


def _unmapped(live: list[Claim], terms: Terms) -> Iterator[Finding]:
    """Terms that no live record mentions, by vocabulary and, where they have themes, by theme."""
    said = {iri for claim in live for iri in (claim.subject, claim.object)}
    for slug, members in sorted(terms.by_vocabulary.items()):
        left = [term for term in members if term.iri not in said]
        if left:
            text = f"{len(left)} of {len(members)} terms of {slug} have no mapping{_by_theme(left)}"
            step = f"run isogloss mappings suggest --from {slug} --to a vocabulary of the same field"
            about = tuple(term.iri for term in left)
            yield Finding("unmapped", "note", text, step, about, listed(about))


def _by_theme(left: list[Term]) -> str:
    counts: dict[str, int] = defaultdict(int)
    for term in left:
        for theme in term.themes:
            counts[theme] += 1
    told = ", ".join(f"{short(theme)} {count}" for theme, count in sorted(counts.items()))
    return f" ({told})" if told else ""


def _chain(start: str, end: str, exact: dict[str, list[Step]]) -> list[Claim]:
    """The shortest chain of records between two terms of one cluster."""
    before: dict[str, tuple[str, Claim]] = {}
    queue, seen = deque([start]), {start}
    while queue and end not in before:
        at = queue.popleft()
        for step in exact.get(at, ()):
            if step.to not in seen:
                seen.add(step.to)
                before[step.to] = (at, step.claim)
                queue.append(step.to)
    chain: list[Claim] = []
    while end != start:
        end, claim = before[end]
        chain.append(claim)
    return chain[::-1]


def _name(claim: Claim) -> str:
    return claim.record or claim.subject
