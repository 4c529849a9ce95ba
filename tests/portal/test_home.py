import pytest


@pytest.mark.requirement("P1")
def test_a_stranger_reads_the_home_page(client):
    answer = client.get("/")
    assert answer.status_code == 200
    assert "<h1>职称申报评审服务平台</h1>" in answer.text
