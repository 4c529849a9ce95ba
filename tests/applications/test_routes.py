"""The way through the bodies, as a property of every tree."""

from __future__ import annotations

import random

import pytest

from app.applications.routes import NoWay, climb, route

OFFICE, CITY_BODY, DISTRICT, STREET, OTHER = 1, 2, 3, 4, 5
TREE = {OFFICE: None, CITY_BODY: OFFICE, DISTRICT: OFFICE, STREET: DISTRICT, OTHER: CITY_BODY}


@pytest.mark.parametrize(
    "reports_to, campaign, expected",
    [
        (STREET, CITY_BODY, (STREET, DISTRICT, CITY_BODY)),
        (DISTRICT, CITY_BODY, (DISTRICT, CITY_BODY)),
        (OFFICE, CITY_BODY, (CITY_BODY,)),
        (CITY_BODY, CITY_BODY, (CITY_BODY,)),
        (STREET, OFFICE, (STREET, DISTRICT, OFFICE)),
        (STREET, OTHER, (STREET, DISTRICT, OTHER)),
    ],
)
def test_the_route_climbs_from_the_unit_to_the_body_of_the_campaign(reports_to, campaign, expected):
    assert route(TREE, reports_to, campaign) == expected


def test_a_campaign_may_prescribe_another_route_that_ends_with_its_own_body():
    assert route(TREE, STREET, CITY_BODY, [DISTRICT, DISTRICT, OTHER]) == (DISTRICT, OTHER, CITY_BODY)
    assert route(TREE, STREET, CITY_BODY, []) == (STREET, DISTRICT, CITY_BODY)


def test_in_every_tree_the_route_names_no_body_twice_and_none_above_the_campaign():
    chance = random.Random(7)
    for _ in range(500):
        size = chance.randint(1, 12)
        tree = {
            body: chance.randint(0, body - 1) or None if body > 1 else None for body in range(1, size + 1)
        }
        unit, campaign = chance.randint(1, size), chance.randint(1, size)
        way = route(tree, unit, campaign)
        assert way[-1] == campaign
        assert len(set(way)) == len(way)
        assert set(way[:-1]) <= set(climb(tree, unit))
        assert not set(way[:-1]) & set(climb(tree, campaign))


@pytest.mark.parametrize("tree", [{1: 2, 2: 1}, {1: 9}, {}])
def test_a_broken_tree_has_no_way(tree):
    with pytest.raises(NoWay):
        route(tree, 1, 1)
