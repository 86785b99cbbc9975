"""Where is my application: number and PIN open it, it says how far it is in plain words, and takes what is to be added."""

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from casework.audit.models import AuditEntry
from casework.cases import letters, papers, pins
from casework.cases.letter_blanks import Matter
from casework.cases.models import Case, Claim, Move, Objection, PaperReceived, PaperRequest
from casework.cases.moving import move_case
from casework.cases.transitions import CASE_STATES, CLAIM_STATES
from casework.people.models import Attachment
from casework.staff.actors import SYSTEM
from engine.words import day
from tests.casework import stage
from tests.webapp.applications.conftest import csrf_in, photo
from webapp.applications.ticket import COOKIE
from webapp.words import words_in

STATUS = "/permohonan"


def open_with(client, number, pin):
    return client.post(STATUS, data={"number": number, "pin": pin})


def post(client, path, **data):
    """Send a form as it stands on the page of the case."""
    csrf = csrf_in(client.get(STATUS).text)
    return client.post(f"{STATUS}/{path}", data={"csrf": csrf, **data}, content_type="multipart/form-data")


def ask_for(house, app, document="ktp", note="Yang terbaru"):
    """Let an officer ask for a paper; gives the number of the request."""
    with house.work() as work:
        desk = stage.actor(work, "applicant_desk", name="Rahayu Petugas")
    with house.work(desk) as work:
        case = work.session.scalar(select(Case))
        return papers.request(work, app.extensions["tepat"].office, case, document, None, note).id


def receipt_letter(work, app):
    """Write the letter of the papers that came in."""
    matter = Matter(work.session.scalar(select(Case)), about=work.session.scalar(select(PaperReceived.receipt)))
    return letters.write(work, app.extensions["tepat"].office, "receipt", matter)


def all_of(house, what):
    with house.reading() as work:
        return work.session.scalars(select(what)).all()


def test_number_and_pin_open_the_page_of_the_case(opened, handed, house):
    """It says how far it is, since when, what comes next and by when."""
    page = opened.get(STATUS).text
    due = day(all_of(house, Case.due_on)[0], "id")

    assert f"<h1>{handed[0]}</h1>" in page
    for said in ("Permohonan sudah diterima", "Sejak 23 November 2026", "RT/RW memeriksa", f"paling lambat {due}"):
        assert said in page


def test_a_step_that_is_late_is_called_late(opened, clock, house):
    """And the applicant may ask."""
    number = all_of(house, Case.number)[0]
    clock.moment += timedelta(days=60)
    with house.work() as work:
        pins.set_pin(work.session.scalar(select(Case)), "12345678")
    open_with(opened, number, "12345678")

    assert "sudah lewat" in opened.get(STATUS).text


@pytest.mark.parametrize("said", ["number", "pin", "both", "nothing"])
def test_an_unknown_number_and_a_wrong_pin_get_the_same_answer(client, handed, said):
    """To the letter, so that nobody learns which numbers there are."""
    number, pin = handed
    wrong = {
        "number": ("KDR-2026-000009-4", pin),
        "pin": (number, "0000 0000"),
        "both": ("x", "y"),
        "nothing": ("", ""),
    }
    answers = [open_with(client, *wrong[said]), open_with(client, number, "1111 1111")]
    bodies = [re.sub(r'name="number" value="[^"]*"', "", one.text) for one in answers]

    assert [one.status_code for one in answers] == [422, 422]
    assert bodies[0] == bodies[1]
    assert COOKIE not in answers[0].headers.get("Set-Cookie", "")


def test_a_locked_case_gets_that_answer_too_even_with_the_right_pin(client, handed, house, clock):
    """Until the lock is over."""
    number, pin = handed
    wrong = [open_with(client, number, "1111 1111") for _ in range(pins.FREE_FAILURES + 1)][-1]
    locked = open_with(client, number, pin)
    assert locked.text == wrong.text
    clock.moment += timedelta(minutes=2)

    assert open_with(client, number, pin).status_code == 302


def test_the_number_is_kept_in_the_field_and_the_pin_is_not(client, handed):
    """After a failure."""
    page = open_with(client, handed[0], "1111 1111").text

    assert f'value="{handed[0]}"' in page and "1111" not in page


def test_the_page_closes_by_itself_after_half_an_hour(opened, clock):
    """And says why when something is sent from it."""
    page = opened.get(STATUS).text
    clock.moment += timedelta(minutes=31)
    closed = opened.post(f"{STATUS}/lihat-lagi", data={"csrf": csrf_in(page), "text": "salah"})

    assert "sudah tertutup" in closed.text and 'name="pin"' in closed.text
    assert 'name="pin"' in opened.get(STATUS).text


def test_the_ticket_is_sealed_and_for_this_page_only(client, handed):
    """No script reads it, no other page of the browser gets it, and nothing can be read from it."""
    cookie = open_with(client, *handed).headers["Set-Cookie"]

    assert all(said in cookie for said in ("HttpOnly", "SameSite=Strict", "Path=/permohonan", "Max-Age=1800"))
    assert handed[0] not in cookie


@pytest.mark.parametrize("forged", ["", "x", "QUFBQQ==", "é"])
def test_a_forged_ticket_opens_nothing(client, handed, forged):
    """It is as if there were none."""
    client.set_cookie(COOKIE, forged, path=STATUS)

    assert 'name="pin"' in client.get(STATUS).text


def test_a_new_pin_closes_pages_that_the_old_one_opened(opened, house):
    """Whoever took the old one sees nothing more."""
    with house.work() as work:
        pins.set_pin(work.session.scalar(select(Case)), "12345678")

    assert 'name="pin"' in opened.get(STATUS).text


def test_done_closes_the_page(opened):
    """On a phone that others use."""
    post(opened, "selesai")

    assert 'name="pin"' in opened.get(STATUS).text


def test_every_state_is_said_in_both_languages(client):
    """Of the case with what comes next, and of each service."""
    keys = [f"apply_{kind}_{state}" for state in CASE_STATES for kind in ("state", "next")]
    keys += [f"apply_claim_{state}" for state in CLAIM_STATES]

    assert all(words_in(lang)(key) for lang in ("id", "en") for key in keys)


def test_no_name_of_staff_stands_on_the_page(opened, app, house):
    """Neither who asked nor who took in nor who decided."""
    ask_for(house, app)
    page = opened.get(STATUS).text

    assert "Yang terbaru" in page and "Rahayu" not in page


def test_what_only_officers_may_know_is_not_on_the_page(opened, app, house):
    """Neither the service nor a paper for it; that there is more to speak of is said."""
    with house.work() as work:
        case = work.session.scalar(select(Case))
        hidden = Claim(service="rehab_odhiv", program="rehabilitasi_sosial", state="open", officer_only=True)
        hidden.asked_on = work.today
        case.claims.append(hidden)
        label = app.extensions["tepat"].office.knowledge.services
        secret = next(one for one in label if one in app.extensions["tepat"].office.plan(work.today).officer_only)
        hidden.service = secret
    page = opened.get(STATUS).text

    assert label[secret].label.id not in page and secret not in page
    assert "hanya dibicarakan langsung dengan petugas" in page


def test_a_paper_that_is_asked_for_is_answered_with_photos(opened, app, house):
    """Several at once; the receipt stands on the page, and the request is gone."""
    request = ask_for(house, app)
    assert f"/permohonan/surat/{request}" in opened.get(STATUS).text
    answer = post(opened, f"surat/{request}", file=[(photo(), "a.jpg"), (photo("blue"), "b.jpg")])
    page = opened.get(answer.location).text
    receipts = set(re.findall(r"TT-\d{4}-\d{6}-\d", page))

    assert answer.status_code == 302 and "Foto sudah diterima" in page
    assert len(receipts) == 1 and "Petugas masih perlu melihat aslinya" in page
    assert f"/permohonan/surat/{request}" not in page
    assert len(all_of(house, Attachment)) == 2


def test_what_is_no_photo_is_said_at_its_field(opened, app, house):
    """The request stays, and nothing is kept."""
    request = ask_for(house, app)
    answer = post(opened, f"surat/{request}", file=[(io.BytesIO(b"<script>alert(1)</script>"), "ktp.jpg")])

    assert answer.status_code == 422
    assert re.search(rf'id="file-{request}-error">Hanya foto', answer.text)
    assert all_of(house, Attachment) == all_of(house, PaperReceived) == []


def test_no_photo_at_all_is_said(opened, app, house):
    """The browser sends an empty field."""
    request = ask_for(house, app)

    assert "Pilih paling sedikit satu foto" in post(opened, f"surat/{request}", file=[(io.BytesIO(b""), "")]).text


def test_too_large_an_upload_is_said_on_the_page_of_the_case(opened, app, house):
    """Nothing is lost: the case is still open, the request still there."""
    request = ask_for(house, app)
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
    body = head + b"0" * 13_000_000 + b"\r\n--x--\r\n"
    answer = opened.post(f"{STATUS}/surat/{request}", data=body, content_type="multipart/form-data; boundary=x")

    assert answer.status_code == 413
    assert "lebih dari 12 MB" in answer.text and f"/permohonan/surat/{request}" in answer.text
    assert f'id="file-{request}-error"' in answer.text
    assert opened.get(STATUS).status_code == 200


def test_a_request_of_another_case_is_not_there(opened, app, house):
    """A forged number in the address."""
    request = ask_for(house, app)

    assert post(opened, f"surat/{request + 5}", file=[(photo(), "a.jpg")]).status_code == 404
    assert all_of(house, Attachment) == []


def test_a_form_of_another_page_does_nothing(opened, house):
    """Without what ours carries, or with something else."""
    for csrf in ("", "x", "é"):
        assert opened.post(f"{STATUS}/tarik", data={"csrf": csrf}).status_code == 400

    assert list(all_of(house, Case.state)) == ["submitted"]


def test_an_application_is_withdrawn_after_a_question(opened, handed, house):
    """What it asked for is withdrawn too; afterwards it cannot be withdrawn again."""
    question = opened.get(f"{STATUS}/tarik").text
    assert handed[0] in question and 'name="reason"' in question
    answer = opened.post(
        f"{STATUS}/tarik", data={"csrf": csrf_in(question), "reason": "Sudah dibantu 3506165006490000"}
    )
    page = opened.get(answer.location).text

    assert "Permohonan sudah ditarik" in page and f'href="{STATUS}/tarik"' not in page
    assert "Sudah dibantu 350616********00" in all_of(house, Move.reason)
    assert set(all_of(house, Claim.state)) == {"withdrawn"} and all_of(house, Case.state) == ["withdrawn"]
    assert post(opened, "tarik").status_code == 422


def test_what_is_granted_already_cannot_be_withdrawn_here(opened, house):
    """It says so, and the case stays."""
    with house.work() as work:
        work.session.scalar(select(Claim)).state = "determined"
    assert f'href="{STATUS}/tarik"' not in opened.get(STATUS).text

    assert "sudah ditetapkan" in post(opened, "tarik").text
    assert all_of(house, Case.state) == ["submitted"]


def test_a_human_is_asked_to_look_again(opened, house):
    """Once at a time; the wish has a number, and by when it is answered if that is in force."""
    answer = post(opened, "lihat-lagi", text="Pendapatan saya salah dicatat, NIK 3506165006490000")
    page = opened.get(answer.location).text
    number = all_of(house, Objection.number)[0]

    assert number in page and "Pendapatan saya salah dicatat" in page and "3506165006490000" not in page
    assert all_of(house, Objection.kind) == ["review"] and 'name="text"' not in page
    assert "masih dijawab" in post(opened, "lihat-lagi", text="lagi").text


def test_an_empty_wish_is_said_at_its_field(opened):
    """And what is too long stays typed."""
    empty, long_ = (post(opened, "lihat-lagi", text=text) for text in (" ", "x" * 4001))

    assert 'id="text-error"' in empty.text and 'id="text-error"' in long_.text
    assert "x" * 4001 in long_.text


def test_an_answer_to_the_wish_stands_on_the_page(opened, house):
    """As it was given."""
    post(opened, "lihat-lagi", text="Tolong lihat lagi")
    with house.work() as work:
        wish = work.session.scalar(select(Objection))
        wish.state, wish.answer, wish.answered_by = "answered", "Sudah kami betulkan.", "Rahayu"
    page = opened.get(STATUS).text

    assert "Sudah kami betulkan." in page and "Rahayu" not in page and 'name="text"' in page


def test_a_case_that_came_back_is_sent_again_by_its_applicant(opened, house):
    """Once it is complete."""
    with house.work(SYSTEM) as work:
        move_case(work, work.session.scalar(select(Case)), "returned", "Foto KK kurang jelas menurut Pak RT")
    page = opened.get(STATUS).text
    assert "dikembalikan untuk dilengkapi" in page and "Pak RT" not in page
    post(opened, "kirim-lagi")

    assert all_of(house, Case.state) == ["submitted"]


def test_a_letter_of_the_office_can_be_taken_home(opened, app, house):
    """The same that was sent, as a PDF; a letter of another case is not there."""
    request = ask_for(house, app)
    post(opened, f"surat/{request}", file=[(photo(), "a.jpg")])
    with house.work() as work:
        letter = receipt_letter(work, app)
        number = letter.number
        content = letters.content_of(work, letter)
    assert f"/permohonan/surat-keluar/{number}" in opened.get(STATUS).text
    sheet = opened.get(f"{STATUS}/surat-keluar/{number}")

    assert (sheet.mimetype, sheet.data) == ("application/pdf", content)
    assert opened.get(f"{STATUS}/surat-keluar/SRT-2026-000099-1").status_code == 404


def test_a_letter_about_what_only_officers_may_know_is_not_given_out(opened, app, house):
    """Nor named."""
    request = ask_for(house, app)
    post(opened, f"surat/{request}", file=[(photo(), "a.jpg")])
    with house.work() as work:
        claim, letter = work.session.scalars(select(Claim)).first(), receipt_letter(work, app)
        letter.claim_id, claim.officer_only = claim.id, True
        number = letter.number

    assert number not in opened.get(STATUS).text
    assert opened.get(f"{STATUS}/surat-keluar/{number}").status_code == 404


def test_that_the_applicant_looked_is_on_the_record(opened, handed, house):
    """As everybody's look is."""
    opened.get(STATUS)
    found = {(one.action, one.actor) for one in records(house) if one.about == handed[0]}

    assert {("case.opened_by_pin", "pemohon"), ("case.read_by_applicant", "pemohon")} <= found


def records(house):
    with house.reading() as work:
        found = work.session.scalars(select(AuditEntry)).all()
        work.session.expunge_all()
        return found


def test_the_language_is_changed_on_the_page(opened):
    """And comes back to it."""
    opened.get("/bahasa/en?back=/permohonan")
    page = opened.get(STATUS).text

    assert "The application was received" in page and "paling lambat" not in page


def test_without_a_ticket_every_page_asks_for_number_and_pin(client, house):
    """None of them tells anything."""
    for path in ("tarik", "surat-keluar/SRT-2026-000001-1"):
        assert client.get(f"{STATUS}/{path}").location == STATUS
    for path in ("tarik", "kirim-lagi", "lihat-lagi", "selesai", "surat/1"):
        assert 'name="pin"' in client.post(f"{STATUS}/{path}").text
    assert all_of(house, PaperRequest) == []
