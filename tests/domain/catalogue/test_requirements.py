"""What a course asks first, as it is written down."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.catalogue.requirements import (
    Alternatives,
    AtLeast,
    Completed,
    Conferences,
    NotUnderstood,
    Valid,
    parse,
    require_sensible,
    slugs_of,
    written,
)

EK1 = Completed("ek-1")
SLUGS = st.sampled_from(["ek-1", "ek-2", "samenkracht", "kort"])
CONDITIONS = (
    st.builds(Completed, SLUGS)
    | st.builds(Conferences, st.integers(1, 1000))
    | st.builds(Valid, SLUGS, st.integers(1, 600))
    | st.lists(SLUGS, min_size=1, unique=True).flatmap(
        lambda slugs: st.builds(AtLeast, st.integers(1, len(slugs)), st.just(tuple(slugs)))
    )
)
ALTERNATIVES = st.lists(st.lists(CONDITIONS, min_size=1, max_size=4).map(tuple), max_size=4).map(tuple)


@pytest.mark.parametrize(
    ("value", "alternatives"),
    [
        ({}, ()),
        ({"any": []}, ()),
        ({"completed": "ek-1"}, ((EK1,),)),
        ({"completed": "ek-1", "conferences": 2}, ((EK1, Conferences(2)),)),
        ({"conferences": 1}, ((Conferences(1),),)),
        ({"conferences": 0}, ()),
        (
            {"any": [[{"completed": "ek-1"}, {"at_least": 2, "of": "conferences"}], [{"valid": "kort", "months": 24}]]},
            ((EK1, Conferences(2)), (Valid("kort", 24),)),
        ),
        ({"any": [[{"at_least": 2, "of": ["a", "b", "c"]}]]}, ((AtLeast(2, ("a", "b", "c")),),)),
    ],
)
def test_either_way_to_write_it_is_read(value: dict[str, Any], alternatives: Alternatives):
    assert parse(value) == alternatives


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ([], "moet een tabel zijn"),
        ({"meetings": 2}, "mag alleen any, of completed en conferences hebben"),
        ({"any": [], "completed": "ek-1"}, "mag naast any niets hebben"),
        ({"any": {}}, "moet een lijst zijn"),
        ({"any": [[]]}, "any 1 heeft geen voorwaarden"),
        ({"any": [{}]}, "any 1 moet een lijst zijn"),
        ({"any": [[{"completed": "ek-1"}]] * 11}, "heeft er meer dan 10"),
        ({"any": [[{"completed": "ek-1"}] * 11]}, "any 1 heeft er meer dan 10"),
        ({"any": [[{}]]}, "any 1.1 moet completed hebben, at_least en of, of valid en months"),
        ({"any": [["ek-1"]]}, "any 1.1 moet completed hebben, at_least en of, of valid en months"),
        (
            {"any": [[{"completed": "ek-1", "months": 2}]]},
            "any 1.1 moet completed hebben, at_least en of, of valid en months",
        ),
        (
            {"any": [[{"completed": "a"}], [{"completed": "a"}, {"completed": "EK 1"}]]},
            "any 2.2 completed mag alleen kleine letters, cijfers en streepjes hebben",
        ),
        (
            {"any": [[{"valid": "a", "months": 0}]]},
            "any 1.1 months moet een geheel getal van 1 tot en met 600 zijn",
        ),
        (
            {"any": [[{"valid": "a", "months": True}]]},
            "any 1.1 months moet een geheel getal van 1 tot en met 600 zijn",
        ),
        (
            {"any": [[{"at_least": 3, "of": ["a", "b"]}]]},
            "any 1.1 at_least moet een geheel getal van 1 tot en met 2 zijn",
        ),
        ({"any": [[{"at_least": 1, "of": ["a", "a"]}]]}, "any 1.1 of noemt een training twee keer"),
        ({"any": [[{"at_least": 1, "of": []}]]}, "any 1.1 of moet conferences zijn, of een lijst van trainingen"),
        ({"any": [[{"at_least": 1, "of": "ek-1"}]]}, "any 1.1 of moet conferences zijn, of een lijst van trainingen"),
        ({"completed": 1}, "completed mag alleen kleine letters, cijfers en streepjes hebben"),
        ({"conferences": 1.5}, "conferences moet een geheel getal van 0 tot en met 1000 zijn"),
    ],
)
def test_what_is_wrong_is_named_by_place_and_field(value: Any, complaint: str):
    with pytest.raises(NotUnderstood) as refused:
        parse(value)
    assert str(refused.value) == complaint


@given(ALTERNATIVES)
def test_what_is_written_is_read_back_the_same(alternatives: Alternatives):
    assert parse(written(alternatives)) == alternatives


def test_a_course_names_courses_that_are_there_and_never_itself():
    asked: Alternatives = ((EK1, Conferences(2)), (Valid("kort", 3), AtLeast(1, ("a", "b"))))
    assert slugs_of(asked) == {"ek-1", "kort", "a", "b"}
    require_sensible(asked, own_slug="ek-2", known=slugs_of(asked))
    with pytest.raises(NotUnderstood, match=r"^any 2\.2 noemt training b, die er niet is$"):
        require_sensible(asked, own_slug="ek-2", known={"ek-1", "kort", "a"})
    with pytest.raises(NotUnderstood, match=r"^any 2\.1 noemt deze training zelf$"):
        require_sensible(asked, own_slug="kort", known=slugs_of(asked))
