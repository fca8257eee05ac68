"""References on pages are short, and lead where they should from wherever they stand."""

from __future__ import annotations

import string
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.api.addresses import nearby, relative

SEGMENTS = st.lists(
    st.text(string.ascii_lowercase + ":.%", max_size=3).filter(lambda s: s not in (".", ".."))
)
PATHS = SEGMENTS.map(lambda segments: "/" + "/".join(segments)).filter(lambda path: "//" not in path)
ENDS = st.sampled_from(["", "?page=2", "#there", "?a=b/c#d/e", "?q=a:b"])


@given(PATHS, PATHS, ENDS, st.sampled_from(["", "/sub", "/sub/path"]))
def test_a_reference_leads_to_its_path_under_any_prefix(here: str, there: str, end: str, prefix: str) -> None:
    scope = {"path": here, "raw_path": here.encode()}
    asked = f"https://example.org{prefix}{here}?page=7"
    for made in (nearby, relative):
        assert urljoin(asked, made(scope, there + end)) == f"https://example.org{prefix}{there}{end}"
    assert len(nearby(scope, there + end)) <= len(relative(scope, there + end))


@pytest.mark.parametrize(
    ("here", "there", "short"),
    [
        ("/doc/body/itu", "/doc/body/iso", "iso"),
        ("/doc/body/itu", "/doc/theme/edge-ai", "../theme/edge-ai"),
        ("/doc/section/2025/22.4", "/doc/section/2025/22.5", "22.5"),
        ("/doc/body/itu", "/themes", "../../themes"),
        ("/themes", "/doc/theme/edge-ai", "doc/theme/edge-ai"),
        ("/themes", "/", "./"),
        ("/doc/body/itu", "/doc/body/a:b", "./a:b"),
        ("/dumps/", "/dumps/", "./"),
    ],
)
def test_what_both_share_is_left_out(here: str, there: str, short: str) -> None:
    assert nearby({"path": here, "raw_path": here.encode()}, there) == short
