import pytest
from stdnum.iso7064 import mod_11_2

from app.certificates.numbering import NumbersUsedUp, certificate_number, normal

pytestmark = pytest.mark.requirement("A20")
FIRST = {"region": "4502", "year": 2026, "series_code": "05", "level_rank": 4, "serial": 1}


def test_a_number_says_region_year_series_level_and_serial():
    assert certificate_number(**FIRST)[:17] == "45022026054000001"


def test_the_last_character_checks_the_others():
    number = certificate_number(**FIRST)
    assert len(number) == 18 and mod_11_2.is_valid(number)
    assert not mod_11_2.is_valid(number.replace("2026", "2062"))


def test_a_local_series_has_two_digits_too():
    assert certificate_number(**FIRST | {"series_code": "L3"})[8:10] == "93"


def test_a_year_has_a_million_numbers_less_one():
    assert certificate_number(**FIRST | {"serial": 999_999})[11:17] == "999999"
    with pytest.raises(NumbersUsedUp):
        certificate_number(**FIRST | {"serial": 1_000_000})


@pytest.mark.parametrize("typed", ["4502 2026 0540 0000 1x", "４５０２2026０540-00001X", " 45022026054000001X\n"])
def test_a_number_is_understood_as_people_type_it(typed):
    assert normal(typed) == "45022026054000001X"
