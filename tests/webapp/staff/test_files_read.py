"""Every page of the office that shows a person's file: that it was looked at is on record, and what is confidential is
not there for whoever need not know it. Both hold for every address there is, also for those that are added later."""

import pytest
from sqlalchemy import update

from casework.audit.models import AuditEntry
from casework.staff.actors import Actor, Area, Post
from casework.staff.models import AccountPost
from casework.staff.rights import KNOWING, ROLES
from tests.casework import decided, stage
from tests.webapp.staff.family_file import addresses, family_file

OF_PEOPLE = ("/kantor/keluarga/<", "/kantor/warga/<", "/kantor/kasus/<")


@pytest.fixture
def file(sqlite, office):
    """Give what the addresses of one family's file are made of, and under which names it stands on record."""
    return family_file(sqlite, office)


def test_every_look_into_a_file_is_on_record(staff_app, sign_in, sqlite, file):
    """Whichever page it is, under the name of who looked."""
    values, about = file
    clients, unrecorded, looked = {}, [], 0
    for address, rights in addresses(staff_app, values, OF_PEOPLE):
        role = next(role for role in ("bidang_staff", "head", *ROLES) if ROLES[role] & set(rights))
        client = clients.get(role) or clients.setdefault(role, sign_in(role))
        before = _last(sqlite)
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        with sqlite.reading() as work:
            new = work.session.query(AuditEntry).filter(AuditEntry.id > before)
            seen = {(one.kind, one.about) for one in new if one.account_id == client.actor.account}
        looked += 1
        if not seen & about:
            unrecorded.append(address)

    assert looked > 8
    assert unrecorded == []


def _last(database):
    with database.reading() as work:
        return work.session.query(AuditEntry).count()


AREAS = {
    "rt_rw": Area(stage.VILLAGE, stage.HAMLET, stage.RW, stage.RT),
    "kepala_dusun": Area(stage.VILLAGE, stage.HAMLET),
    "village_operator": Area(stage.VILLAGE),
}


@pytest.mark.parametrize("role", sorted(ROLES))
def test_what_is_confidential_is_on_no_page_for_whoever_need_not_know(staff_app, sign_in, sqlite, office, file, role):
    """Neither the fact nor the service that rests on it, in the area and the role in which all else may be seen."""
    values, _ = file
    secret = [office.knowledge.services[decided.SECRET].label, office.knowledge.facts[decided.SECRET_FACT].label]
    client = sign_in(role, AREAS.get(role, Area()))
    if role in KNOWING:
        with sqlite.work() as work:
            work.session.execute(update(AccountPost).values(secrets=False))
    shown = []
    for address, _ in addresses(staff_app, values, tuple(values)):
        answer = client.get(address)
        assert answer.status_code in (200, 403, 404), (address, answer.status_code)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            shown += [(address, text.id) for text in secret if text.id in answer.text]
            shown += [(address, decided.SECRET)] if decided.SECRET in answer.text else []

    assert shown == []


@pytest.mark.parametrize("role", sorted(KNOWING))
def test_it_is_there_for_whoever_needs_to_know(staff_app, sign_in, office, file, role):
    """Else the test above would hold of itself."""
    label = office.knowledge.services[decided.SECRET].label.id

    assert label in sign_in(role).get(f"/kantor/kasus/{file[0]['/kantor/kasus/']['number']}").text


@pytest.mark.parametrize("role", ["rt_rw", "kepala_dusun", "village_operator", "applicant_desk"])
def test_a_file_of_elsewhere_is_not_there(staff_app, sign_in, file, role):
    """At none of its addresses, neither said to be forbidden nor shown; it may be sent to none of them either."""
    elsewhere = {
        "rt_rw": Area(stage.VILLAGE, stage.HAMLET, stage.RW, "03"),
        "kepala_dusun": Area(stage.VILLAGE, "Dusun 2"),
        "village_operator": Area(stage.OTHER_VILLAGE),
        "applicant_desk": Area(stage.OTHER_VILLAGE),
    }[role]
    client, actor = sign_in(role, elsewhere), Actor(role, 1, (Post(role),))
    for address, rights in addresses(staff_app, file[0], tuple(file[0])):
        allowed = any(actor.may(right) for right in rights)
        assert client.get(address).status_code == (404 if allowed else 403), address
