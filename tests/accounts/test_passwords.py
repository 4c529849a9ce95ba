import pytest

from app.accounts.passwords import WeakPassword, check_password, common_passwords


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("Ab1", "short"),
        ("a1" * 65, "long"),
        ("1234567890", "letter"),
        ("密码密码12345678", "letter"),
        ("abcdefghijk", "digit"),
        ("Password123", "common"),
        ("WOAINI1314", "common"),
        ("a13800000007", "personal"),
        ("13800000007a", "personal"),
        ("GongSi-01x", "personal"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(password, reason):
    with pytest.raises(WeakPassword) as caught:
        check_password(password, phone="13800000007", login_name="gongsi-01")
    assert caught.value.reason == reason


@pytest.mark.parametrize("password", ["Lvcheng-7731", "abcdefg8x", "密码 8 letters", "a1" * 64])
def test_a_fair_password_is_taken_without_further_demands(password):
    check_password(password, phone="13800000007", login_name="gongsi-01")


def test_the_list_holds_some_thousand_passwords_that_the_other_rules_let_pass():
    assert len(common_passwords()) >= 3000
    assert all(len(each) >= 8 and each == each.lower() for each in common_passwords())
