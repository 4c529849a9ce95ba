"""What three people ask about their own accounts: another name, a new phone for a lost one, the end of the account."""

from __future__ import annotations

import io

from app.demo import pictures
from app.demo.city import City, actor_of
from app.files.services import Format, Taken, take
from app.identities import services as identities
from app.personal_data import services as personal_data

RENAMED, LOST, LEAVING = 6, 7, 13  # the last digits of their phones


def ask(city: City) -> None:
    """Each waits for its answer."""
    person = city.people[RENAMED - 1]
    identities.ask(
        city.session, person, actor_of(person, person.name), name=f"{person.name[0]}思源", id_type=person.id_type or "",
        id_no=person.id_no or "", reason="已在公安机关变更姓名，户口簿变更页见附件。", now=city.ago(1),
        papers={"document": _scan(city, "身份证件"), "proof": _scan(city, "户口簿变更页")},
    )
    identities.start_recovery(
        city.session, city.people[LOST - 1], city.actors["demo-unit"], proof=_scan(city, "换号申请"), now=city.ago(0, 9),
        reason="本人持身份证原件到人事科，原号码已停机。",
    )
    leaving = city.people[LEAVING - 1]
    personal_data.ask(city.session, leaving, actor_of(leaving, leaving.name), now=city.ago(3))


def _scan(city: City, title: str) -> Taken:
    picture = io.BytesIO(pictures.scan(title, ("演示材料",)))
    gateways = city.gateways
    return take(gateways.storage, gateways.scanner, picture, name=f"{title}.jpg", formats=(Format.JPG,))
