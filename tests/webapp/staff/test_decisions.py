"""Proposals and decisions on the pages: beside the engine's answer, one by one and many together."""

import re

import pytest

from casework.cases import decisions
from casework.cases.models import Claim, Decision, Letter
from tests.casework.decided import OTHER_PROGRAM, PROGRAM, SECRET, case_in, claim_of, proposed


@pytest.fixture
def ani(sign_in):
    """Sign an officer of a Bidang in."""
    return sign_in("bidang_staff", programs=frozenset({PROGRAM}))


@pytest.fixture
def head(sign_in):
    """Sign the head of the office in."""
    return sign_in("head")


def propose(client, sqlite, number, service="sembako", **form):
    with sqlite.reading() as work:
        claim = claim_of(work, number, service)
        form = {"claim": claim.id, "version": claim.version, "proposal": "grant", **form}
    return client.post(f"/kantor/kasus/{number}/usul", form)


def decide(client, sqlite, number, how, **form):
    with sqlite.reading() as work:
        last = work.session.query(Decision).order_by(Decision.id.desc()).first()
        form = {"how": how, "version": last.version, **form}
        return client.post(f"/kantor/kasus/{number}/putusan/{last.id}", form)


def states(sqlite):
    with sqlite.reading() as work:
        return [one.state for one in work.session.query(Claim).order_by(Claim.id)]


def test_proposed_and_decided_on_the_case_page(sqlite, office, ani, head):
    """The form shows what the system says, with its advice chosen; then the head sees who proposed, and decides."""
    number = case_in(sqlite, office)
    page = ani.get(f"/kantor/kasus/{number}").text
    assert "Saran sistem:</strong> memenuhi syarat menurut jawaban" in page
    assert re.search(r'value="grant" checked', page)
    assert "/putusan/" not in page

    assert propose(ani, sqlite, number).status_code == 302
    page = head.get(f"/kantor/kasus/{number}").text
    assert "Diusulkan disetujui.</strong> bidang_staff" in page and "Setujui</button>" in page
    assert decide(head, sqlite, number, "approve").status_code == 302
    page = ani.get(f"/kantor/kasus/{number}").text
    assert "Disetujui untuk diusulkan.</strong> head" in page and "berhak" not in page
    assert states(sqlite) == ["determined"]


def test_a_refusal_stands_beside_its_field_and_nothing_typed_is_lost(sqlite, office, ani, head):
    """Against the engine without a reason; and to send back without one."""
    number = case_in(sqlite, office, "sembako", "layanan_surat_dtsen")
    refused = propose(ani, sqlite, number, proposal="decline", reason=" ")
    assert refused.status_code == 400
    with sqlite.reading() as work:
        name = f"reason-propose-{claim_of(work, number).id}"
    assert f'<p class="error" id="{name}-error">Tulis alasannya.</p>' in refused.text
    assert re.search(r'value="decline" checked', refused.text)
    assert f'<a href="#{name}">' in refused.text

    propose(ani, sqlite, number)
    refused = decide(head, sqlite, number, "send_back")
    assert refused.status_code == 400 and "Tulis alasannya." in refused.text
    assert decide(head, sqlite, number, "send_back", reason="Foto rumah belum ada.").status_code == 302
    assert states(sqlite) == ["open", "open"]


def test_whoever_comes_second_is_told(sqlite, office, ani, head):
    """The form was open while somebody else decided."""
    number = case_in(sqlite, office)
    propose(ani, sqlite, number)
    assert decide(head, sqlite, number, "approve", version=1).status_code == 302
    late = decide(head, sqlite, number, "decline", version=1, reason="Tidak.")

    assert late.status_code == 409 and "Orang lain sudah mengubah data ini" in late.text
    assert propose(ani, sqlite, number, version=1).status_code == 409
    assert states(sqlite) == ["determined"]


def test_a_forged_form_does_nothing(sqlite, office, ani, head):
    """A claim or decision of another case, no number at all, another way to decide, no sign that it is our form."""
    number, other = case_in(sqlite, office), case_in(sqlite, office)
    with sqlite.reading() as work:
        elsewhere = claim_of(work, other).id
    for claim in (elsewhere, "", "x", "-1", "9" * 30, "٣"):
        assert propose(ani, sqlite, number, claim=claim).status_code == 404
    propose(ani, sqlite, number)
    assert decide(head, sqlite, other, "approve").status_code == 404
    assert decide(head, sqlite, number, "burn").status_code == 404
    assert head.client.post(f"/kantor/kasus/{number}/putusan/1", data={"how": "approve"}).status_code == 400
    assert decide(ani, sqlite, number, "approve").status_code == 403
    assert states(sqlite) == ["proposed", "open"]


def test_only_the_bidang_of_the_claim_has_the_form(sqlite, office, sign_in):
    """Others see how it stands."""
    number = case_in(sqlite, office)
    other = sign_in("bidang_staff", programs=frozenset({OTHER_PROGRAM}))

    page = other.get(f"/kantor/kasus/{number}").text
    assert "Usulan dan putusan" in page and 'name="proposal"' not in page
    assert propose(other, sqlite, number).status_code == 403


def waiting(sqlite):
    """Give the picks of what waits, as the page's form has them."""
    with sqlite.reading() as work:
        return [f"{one.id}@{one.version}" for one in work.session.query(Decision).order_by(Decision.id)]


def test_what_waits_is_approved_together_after_a_look(sqlite, office, ani, head):
    """The look changes nothing; then those that can are approved, with their letters, and the rest is told why not."""
    numbers = [case_in(sqlite, office) for _ in range(3)]
    for number in numbers:
        proposed(sqlite, number, ani.actor)
    page = head.get("/kantor/putusan").text
    assert all(number in page for number in numbers) and "bidang_staff" in page
    picks = waiting(sqlite)
    with sqlite.work(head.actor) as work:
        decisions.send_back(work, decisions.decision_of(work, int(picks[1].split("@")[0])), "Lihat lagi.")

    look = head.post("/kantor/putusan/bersama", {"decision": picks}).text
    assert "2 usulan dapat disetujui, 1 tidak." in look and "Orang lain sudah mengubah data ini" in look
    assert states(sqlite) == ["proposed", "open", "proposed"]

    done = head.post("/kantor/putusan/bersama", {"decision": picks, "sure": "1", "letters": "1"}).text
    assert "2 usulan sudah disetujui, 1 tidak." in done
    assert states(sqlite) == ["determined", "open", "determined"]
    with sqlite.reading() as work:
        written = [one.number for one in work.session.query(Letter).order_by(Letter.id)]
    assert len(written) == 2 and all(f"/kantor/surat/{one}" in done for one in written)
    assert "Tidak ada usulan yang menunggu." in head.get("/kantor/putusan").text


def test_about_a_secret_service_no_letter_is_written_in_passing(sqlite, office, sign_in, head):
    """It is approved all the same."""
    ani = sign_in("bidang_staff")
    proposed(sqlite, case_in(sqlite, office, SECRET, secret=True), ani.actor, service=SECRET)
    head.post("/kantor/putusan/bersama", {"decision": waiting(sqlite), "sure": "1", "letters": "1"})

    assert states(sqlite) == ["determined"]
    with sqlite.reading() as work:
        assert work.session.query(Letter).count() == 0


def test_what_one_proposed_oneself_has_no_box_to_tick(sqlite, office, sign_in, head):
    """And is refused when it is sent all the same."""
    number = case_in(sqlite, office)
    id_ = proposed(sqlite, number, sign_in("bidang_staff").actor)
    with sqlite.work() as work:
        work.session.get_one(Decision, id_).proposed_by = head.actor.account
    page = head.get("/kantor/putusan").text
    assert "usulan Anda" in page and 'name="decision"' not in page

    told = head.post("/kantor/putusan/bersama", {"decision": waiting(sqlite), "sure": "1"}).text
    assert "Anda sendiri yang mengusulkan ini." in told
    assert states(sqlite) == ["proposed"]


@pytest.mark.parametrize("picks", [[], ["x@1"], ["-1@1"], ["9" * 40 + "@1"]])
def test_nothing_that_can_be_read_was_chosen(head, picks):
    """It is said, with a way back."""
    response = head.post("/kantor/putusan/bersama", {"decision": picks})

    assert response.status_code == 400 and "Pilih paling sedikit satu usulan." in response.text


def test_the_page_of_what_waits_is_for_those_who_decide(ani, sqlite, office, head):
    """With a choice of program."""
    assert ani.get("/kantor/putusan").status_code == 403
    proposed(sqlite, case_in(sqlite, office), ani.actor)
    assert "Tidak ada usulan" in head.get(f"/kantor/putusan?program={OTHER_PROGRAM}").text
    assert 'name="decision"' in head.get(f"/kantor/putusan?program={PROGRAM}&lang=en").text
