"""The result page: what comes first, what is said of whom, and what is never said."""

import gzip
import html
import re
from datetime import date

import pytest

from engine.household import Given
from engine.household_files import read_households
from tests.webapp.conftest import CHECKOUT
from webapp.asking.told import Told
from webapp.telling.cards import GROUPS
from webapp.telling.results import FOLD, MOST_CHANGED, page

DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def office(app):
    return app.extensions["tepat"].office


@pytest.fixture(scope="module")
def samples(app):
    return app.extensions["shelves"].named


@pytest.fixture(scope="module")
def result(office, samples):
    """The result of a sample household, in words."""

    def made(name, lang="id", asked=()):
        return page(office.diagnose_for_everybody(samples[name]), lang, office, asked)

    return made


def cards(result):
    return [card for _, of in (*result["groups"], *result["folded"]) for card in of]


def card(result, service):
    return next(one for one in cards(result) if one.service == service)


def seen(page):
    """Give the text of a page as it is read."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page.text)).split())


@pytest.mark.proof
@pytest.mark.parametrize("lang", ["id", "en"])
def test_samples_can_be_read_in_both_languages(client, app, lang):
    """None fails, none says that anybody is entitled, none shows a percentage; the variants of a family take turns."""
    client.set_cookie("lang", lang)
    turn = ("id", "en").index(lang)
    names = [
        one.id
        for shelf in app.extensions["shelves"].all
        for one in (shelf.first, *(other for number, other in enumerate(shelf.others) if number % 2 == turn))
    ]

    assert len(names) > 50
    for name in names:
        answer = client.get(f"/sampel/{name}")
        assert (name, answer.status_code) == (name, 200)
        assert "berhak menerima" not in answer.text.lower()
        assert re.findall(r"\d ?%", re.sub(r"<details>.*?</details>", "", answer.text, flags=re.DOTALL)) == [], name


def test_groups_come_in_the_order_of_what_can_be_done(result):
    """Urgent before what can be proposed, then papers to come, what staff look up, the undecided, and the rest."""
    for name in ("keluarga-h01", "keluarga-h02", "keluarga-h05", "keluarga-h08"):
        groups = [GROUPS.index(one.group) for one in cards(result(name))]

        assert groups == sorted(groups)
    assert {one.group for one in cards(result("keluarga-h05"))} >= {"urgent", "propose", "papers", "undecided"}
    assert {one.group for one in cards(result("keluarga-h01"))} == {"propose", "office", "undecided", "no"}


def test_an_emergency_is_urgent_and_comes_first(result):
    """A family after a landslide reads first about food, shelter and care."""
    urgent = [one.service for one in cards(result("keluarga-h05")) if one.group == "urgent"]

    assert "logistik_bencana" in urgent
    assert cards(result("keluarga-h05"))[0].service in urgent


def test_what_staff_must_judge_is_urgent_only_when_the_family_has_told_everything(result):
    """An urgent service that waits for an answer stands among the undecided."""
    for name in ("keluarga-h02", "keluarga-h05", "keluarga-h08"):
        for one in cards(result(name)):
            if one.group == "urgent":
                assert not any(line.group == "undecided" for line in one.lines[:1]), one.service


def test_at_most_seven_cards_stand_before_the_fold_and_none_is_lost(client, result):
    """The rest folds under one heading that counts them."""
    h01 = result("keluarga-h01")
    before = sum(len(of) for _, of in h01["groups"])
    text = client.get("/sampel/keluarga-h01").text
    unfolded, folded = text.split('<details class="fold">')

    assert (before, FOLD) == (7, 7)
    assert unfolded.count("<article") == 7
    assert folded.count("<article") == h01["folded_count"] == len(cards(h01)) - 7
    assert f"Layanan lain ({h01['folded_count']})" in folded


def test_each_service_has_one_card_with_its_members_inside(result):
    """Everybody in a family of six shares one line about health insurance."""
    for name in ("keluarga-h01", "keluarga-h04", "keluarga-h05"):
        services = [one.service for one in cards(result(name))]
        assert len(services) == len(set(services))

    assert [line.who for line in card(result("keluarga-h01"), "pbi_jk").lines] == ["semua anggota"]


def test_people_of_whom_something_else_is_said_have_a_line_of_their_own(result):
    """The mother is vulnerable after a disaster, her children of school age are not; the yes comes first."""
    lines = card(result("keluarga-h05"), "kelompok_rentan_bencana").lines

    assert [line.who for line in lines] == ["ibu", "anak 13 dan anak 9"]
    assert lines[0].sentence.startswith("Memenuhi syarat untuk diusulkan")
    assert lines[1].sentence.startswith("Belum memenuhi syarat karena bukan anak kecil")


def test_the_headline_counts_what_came_out(result):
    """The first screen says how many can be proposed and how many wait, each once."""
    assert result("keluarga-h01")["headline"] == "6 layanan dapat diusulkan, 1 dicek petugas, 4 menunggu jawaban"
    assert result("keluarga-h01", "en")["headline"] == "6 can be proposed, 1 looked up by staff, 4 waiting for answers"


def test_where_nothing_can_be_proposed_the_headline_says_so(office, samples):
    """A no is said as plainly as a yes."""
    stranger = samples["keluarga-h01"].with_given("household", "residence", Given("35.71", 1.0, "registry"))
    said = page(office.diagnose_for_everybody(stranger), "id")["headline"]

    assert said.startswith("Belum ada layanan yang dapat diusulkan")


def test_how_sure_a_result_is_stands_in_words(result):
    """It counts the things that were checked, and names the one check that helps most."""
    h01 = card(result("keluarga-h01"), "pkh").lines[0]
    told = card(result("keluarga-jawaban-sendiri"), "dtsen_usulan").lines[0]

    assert re.fullmatch(r"(\d+) dari \1 hal sudah diperiksa\.", h01.checked)
    assert h01.best_check is None
    assert told.checked == "0 dari 1 hal sudah diperiksa."
    assert told.best_check == "Pemeriksaan yang paling membantu: Tempat tinggal (cocok dengan data resmi)."


def test_no_single_check_is_named_where_none_alone_helps(result):
    """PKH rests on many answers of equal weight, so no one of them is singled out."""
    pkh = card(result("keluarga-jawaban-sendiri"), "pkh").lines[0]

    assert pkh.sentence.startswith("Menurut jawaban Anda, memenuhi syarat untuk diusulkan. Petugas akan memeriksa: ")
    assert pkh.checked.startswith("0 dari ")
    assert pkh.best_check is None


def test_a_thing_counts_as_checked_when_it_is_checked_of_everybody(office, samples):
    """A residence that the registry confirms is one more thing checked."""
    family = samples["keluarga-jawaban-sendiri"]
    seen = family.with_given(
        "household", "residence", family.given("household", "residence")._replace(certainty=1.0, evidence="registry")
    )
    before, after = (
        card(page(office.diagnose_for_everybody(one), "id"), "pkh").lines[0].checked for one in (family, seen)
    )

    assert (before[:6], after[:6]) == ("0 dari", "1 dari")


def test_what_is_received_stays_visible_and_is_no_card(client, result):
    """Aid that is there already is listed outside the fold with whom it reaches."""
    h04 = result("keluarga-h04")
    outside = re.sub(
        r'<details class="fold">.*</article>', "", client.get("/sampel/keluarga-h04").text, flags=re.DOTALL
    )

    assert [(one.title, one.who) for one in h04["received"]] == [
        ("Bantuan Iuran Jaminan Kesehatan (PBI-JK)", "anak"),
        ("Program Keluarga Harapan (PKH)", None),
        ("Program Sembako (BPNT)", None),
    ]
    assert "pkh" not in [one.service for one in cards(h04)]
    assert "Sudah diterima" in outside and "<strong>Program Keluarga Harapan (PKH)</strong>" in outside


def test_the_family_is_told_that_its_side_is_complete_and_what_to_propose(client):
    """Where staff must look in the registry, the next step is the proposal for it."""
    text = seen(client.get("/sampel/keluarga-h08-nol-kriteria"))

    assert "Dari pihak Anda sudah lengkap" in text
    assert 'Langkah Anda: ajukan "Usulan atau pembaruan data sosial (DTSEN)" di kantor desa atau kelurahan.' in text


def test_the_rank_in_the_registry_is_explained_once(client):
    """Nobody needs to know what a decile is."""
    text = seen(client.get("/sampel/keluarga-h08-nol-kriteria"))

    assert text.count("1 paling miskin, 10 paling mampu") == 1


def test_members_who_are_not_listed_are_a_note_and_keep_the_exclusions_open(client, result):
    """With somebody still unlisted nobody can say that no member is excluded."""
    open_ = card(result("keluarga-h01-anggota-belum-lengkap"), "pkh")

    assert card(result("keluarga-h01"), "pkh").group == "propose"
    assert open_.group in ("office", "undecided")
    assert "anggota yang belum dicatat" in seen(client.get("/sampel/keluarga-h01-anggota-belum-lengkap"))
    assert "anggota yang belum dicatat" not in seen(client.get("/sampel/keluarga-h01"))


def test_packages_stand_side_by_side_with_what_a_year_is_worth(client, result):
    """Each shows only what sets it apart; what every choice holds is said once."""
    found = result("keluarga-h08")["packages"]
    text = seen(client.get("/sampel/keluarga-h08"))

    assert [choice["services"] for choice in found["choices"]] == [
        ["Bantuan Stimulan Perumahan Swadaya (BSPS)"],
        ["Rehabilitasi Rumah Tidak Layak Huni (Rutilahu)"],
        ["Perbaikan rumah dari kabupaten (BKK RTLH)"],
    ]
    assert "Program Keluarga Harapan (PKH)" in found["common"]
    assert [choice["in_kind"] for choice in found["choices"]] == ["Rp20.020.000", "Rp17.520.000", "Rp2.520.000"]
    assert all(choice["unconfirmed"] for choice in found["choices"])
    assert not found["recommended"] and "Pilihlah bersama petugas." in text
    assert "Uang setahun Rp6.300.000" in text and "Nilai ini belum dipastikan petugas." in text


def test_a_family_without_a_choice_sees_no_packages(result):
    """One package is no choice."""
    assert result("keluarga-h01")["packages"] is None


def test_reasons_are_folded_and_end_with_their_source(client):
    """Why a service came out so can be opened, with the law that says it."""
    text = client.get("/sampel/keluarga-h01").text
    pkh = text.split("Program Keluarga Harapan (PKH)</h3>")[1].split("</article>")[0]
    why = pkh.split("<summary>Mengapa</summary>")[1]

    assert "Permensos 1/2018" in why
    assert why.index('class="lines"') < why.index("Sumber: ")


def test_what_must_not_be_is_met_when_it_is_not_so_and_names_the_person_when_it_is(client):
    """An exclusion is no cross for a family that has none."""
    free, excluded = (client.get(f"/sampel/keluarga-{name}").text for name in ("h01", "h09"))
    line = r'<li class="{}"><span class="mark">.*?</span><span class="claim">([^<]*)</span>'

    assert "tidak ada anggota KK dan tidak ada keadaan yang dikecualikan" in re.findall(line.format("yes"), free)
    assert any(one.endswith("TNI, atau Polri (ibu)") for one in re.findall(line.format("no"), excluded))


def changes_of(result, service):
    return card(result, service).lines[0].changes


def test_what_papers_or_a_check_can_show_is_told_as_such(result):
    """A rank in the registry can be looked up, or measured anew, and nobody promises how that comes out."""
    unknown, known = (
        changes_of(result("keluarga-h08-nol-kriteria", asked=("bsps",)), "bsps"),
        changes_of(result("keluarga-h01-desil-6", asked=("pkh",)), "pkh"),
    )

    assert (len(unknown), unknown[0].time, unknown[0].fixed) == (1, (), ())
    assert unknown[0].document[0].startswith("Petugas mendapati: ")
    assert "4 atau kurang, sekarang 6. Hasilnya bisa naik, turun, atau tetap." in known[0].document[0]


def test_what_comes_with_time_names_the_day(result):
    """Whoever turns eighteen tomorrow is told the date."""
    (way,) = changes_of(result("keluarga-h11-17-tahun", asked=("reintegrasi_migran",)), "reintegrasi_migran")

    assert way.time == ("Pada 24 November 2026: umur menjadi 18 tahun.",)
    assert (way.document, way.fixed) == ((), ())
    (way,) = changes_of(result("keluarga-h11-17-tahun", "en", ("reintegrasi_migran",)), "reintegrasi_migran")
    assert way.time == ("On 24 November 2026: age becomes 18 years.",)


def test_what_can_not_be_changed_is_told_apart(result):
    """A mother who is a civil servant stays one; the page names it and advises nothing."""
    (way,) = changes_of(result("keluarga-h09", asked=("pkh",)), "pkh")

    assert (way.document, way.time) == ((), ())
    assert len(way.fixed) == 1 and way.fixed[0].endswith("(ibu)")


def test_the_three_kinds_of_change_have_names_of_their_own(client):
    """Papers, time and what stays are never mixed."""
    paper = seen(client.get("/sampel/keluarga-h01-desil-6?change=pkh"))
    time = seen(client.get("/sampel/keluarga-h11-17-tahun?change=reintegrasi_migran"))
    stays = seen(client.get("/sampel/keluarga-h09"))

    assert "Bisa dilengkapi dengan surat atau pemeriksaan Data dimutakhirkan: " in paper
    assert "Datang dengan waktu Pada 24 November 2026: umur menjadi 18 tahun." in time
    assert "Tidak dapat diubah pegawai negeri" in stays


def test_nobody_is_told_to_answer_otherwise(office, result, samples):
    """What a family told of its own life is never among what could be found otherwise."""
    told = {one.label.in_("id").lower() for one in office.knowledge.facts.values() if one.answered_by == "applicant"}
    for name in list(samples)[::20]:
        for one in cards(result(name)):
            for way in (way for line in one.lines for way in line.changes):
                for said in way.document:
                    if said.startswith(("Petugas mendapati: ", "Data dimutakhirkan: ")):
                        assert said.split(": ", 1)[1].split(",")[0].rstrip(".").lower() not in told, (name, said)


def test_what_takes_long_to_find_out_is_asked_for(client, app, result):
    """Only the first cards say at once what would have to change; the others have a button, and answer beside it."""
    h01 = result("keluarga-h01-desil-6")
    waiting = next(one for one in cards(h01)[FOLD:] if one.may_change)
    page = client.get(f"/sampel/keluarga-h01-desil-6?change={waiting.service}").text

    assert sum(bool(one.group == "no" and not one.may_change) for one in cards(h01)) <= MOST_CHANGED
    assert f'href="?change={waiting.service}#{waiting.service}"' in client.get("/sampel/keluarga-h01-desil-6").text
    assert f'href="?change={waiting.service}#{waiting.service}"' not in page
    assert f'id="{waiting.service}"' in page and '<details class="fold" open>' in page


def test_a_service_that_does_not_exist_here_can_not_be_proposed(office, samples, result):
    """Nothing that is offered nowhere stands above the last group, and nothing is said about changing it."""
    for name in list(samples)[::15]:
        for one in cards(result(name)):
            if office.knowledge.services[one.service].offer == "not_here":
                assert one.group == "no"
                assert not one.may_change and all(line.changes == () for line in one.lines)


def test_the_page_ends_with_what_happens_next_honestly(client):
    """It is free, asking costs nobody their aid, and an officer decides."""
    for lang, told in (
        (
            "id",
            (
                "Semua ini gratis. Laporkan siapa pun yang meminta uang.",
                "tidak membuat bantuan siapa pun dihentikan",
                "Seorang petugas yang namanya tercatat memutuskan.",
            ),
        ),
        (
            "en",
            (
                "All of this is free. Report anyone who asks for money.",
                "costs nobody their aid",
                "An officer whose name is recorded decides.",
            ),
        ),
    ):
        client.set_cookie("lang", lang)
        text = seen(client.get("/sampel/keluarga-h01"))
        assert [one for one in told if one not in text] == []


def sealed_result(client, app, by="form"):
    told = Told({"m0.id": ["Nenek"], "m0.age": ["70"], "h.residence": ["35.06.07"]}, 1, by=by)
    return client.post("/hasil", data={"sealed": app.extensions["tepat"].sealer.seal(told)}).text


def test_the_answers_travel_on_to_every_page_the_result_leads_to(client, app):
    """One form carries the seal; each button only changes where it goes."""
    text = sealed_result(client, app)
    form = text.split('<form id="answers"')[1].split("</form>")[0]

    assert 'name="sealed"' in form and 'name="lang"' in form
    assert 'form="answers" formaction="/formulir" name="do" value="check">Ubah jawaban</button>' in text
    assert 'form="answers" formaction="/hapus">Hapus semua jawaban</button>' in text
    assert 'form="answers" formaction="/surat">Daftar surat dan langkah</button>' in text
    assert re.search(r'<input type="checkbox" form="answers" name="service" value="\w+"', text)


def test_what_was_asked_in_the_interview_is_changed_there(client, app):
    """The answers go back to where they were given; what is still missing is answered there too."""
    text = sealed_result(client, app, by="interview")

    assert 'formaction="/periksa" name="do" value="check">Ubah jawaban</button>' in text
    assert 'formaction="/periksa" name="do" value="check">Jawab yang masih kurang</button>' in text


def test_the_office_to_go_to_is_the_one_where_the_family_lives(client):
    """Where nobody has written down an address yet, the page says so."""
    here, city = (seen(client.get(f"/sampel/{name}")) for name in ("keluarga-h01", "keluarga-h01-warga-kota"))

    assert "Dinas Sosial Kabupaten Kediri Alamat:" in here
    assert "Dinas Sosial Kota Kediri Alamat:" in city


def test_every_service_that_can_be_proposed_is_ticked_for_the_checklist(result):
    """What staff still look up may be added; what is undecided or refused is not offered."""
    h01 = result("keluarga-h01")
    group = {one.service: one.group for one in cards(h01)}

    assert {group[service] for service, _, _ in h01["chosen"]} == {"propose", "office"}
    assert {group[service] for service, _, ticked in h01["chosen"] if ticked} == {"propose"}


def test_a_sample_has_nothing_to_change_or_to_delete(client):
    """Nobody's answers stand behind it."""
    text = client.get("/sampel/keluarga-h01").text

    assert "<form" not in text and "Ubah jawaban" not in text


@pytest.mark.parametrize("name", ["keluarga-h01", "keluarga-h05", "keluarga-h08", "kelompok-g01", "yayasan-o01"])
def test_a_result_weighs_less_than_fifteen_kilobytes_on_its_way(client, name):
    """A slow line carries the page of the largest family."""
    assert len(gzip.compress(client.get(f"/sampel/{name}").data)) < 15 * 1024


def test_a_migrant_is_told_the_same_with_and_without_the_secret(office):
    """What only officers know is on no card."""
    told = read_households(CHECKOUT / "samples/penanganan_migran_korban/h11-pekerja-migran.yaml", office.knowledge, DAY)
    hidden = office.plan(DAY).officer_only

    for household in told:
        for one in cards(page(office.diagnose_for_everybody(household), "id")):
            assert one.service not in hidden


@pytest.mark.parametrize(
    ("applicant", "whose"),
    [("family", "Keluarga Anda"), ("group", "Kelompok Anda"), ("organisation", "Lembaga Anda")],
)
def test_the_result_says_whose_it_is(client, app, applicant, whose):
    """A group is no family."""
    told = Told({"h.residence": ["35.06.07"]}, 1, applicant=applicant)
    text = seen(client.post("/hasil", data={"sealed": app.extensions["tepat"].sealer.seal(told)}))

    assert f"{whose}, dinilai pada 23 November 2026" in text


def test_a_value_that_nobody_knows_is_not_said_to_be_nothing(result):
    """No card offers zero rupiah."""
    for name in ("keluarga-h11-17-tahun", "keluarga-h01", "keluarga-h05"):
        assert [
            line.worth for one in cards(result(name)) for line in one.lines if line.worth and "Rp0 " in line.worth
        ] == []
