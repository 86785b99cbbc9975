"""The `tepat` command, run as a newcomer runs it."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from tepat.main import cli

CHECKOUT = Path(__file__).resolve().parents[1]
SAMPLES = CHECKOUT / "samples" / "keluarga"
H01, H02, H03, H09 = (
    SAMPLES / name
    for name in (
        "h01-keluarga-besar.yaml",
        "h02-tanpa-tempat-tinggal.yaml",
        "h03-janda-lanjut-usia.yaml",
        "h09-ibu-pppk.yaml",
    )
)


def run(*args):
    return CliRunner().invoke(cli, [str(arg) for arg in args], catch_exceptions=False)


def test_every_command_has_help_with_an_example():
    """`--help` of each command shows how it is used."""
    for command in ("diagnose", "explain", "check", "test", "catalogue", "serve", "new service"):
        shown = run(*command.split(), "--help")

        assert shown.exit_code == 0
        assert "Example" in shown.output


def test_the_real_knowledge_has_no_error_and_confirms_nothing_that_nobody_has_seen():
    """`tepat check` is clean; what is still to be read is not called confirmed."""
    found = run("check", "--json")

    assert (found.exit_code, [one for one in json.loads(found.output) if one["code"] == "confirmed-unseen"]) == (0, [])


def test_every_sample_comes_out_as_its_officer_expects():
    """`tepat test` is green."""
    found = run("test", "--json")
    tally = json.loads(found.output)

    assert (found.exit_code, tally["failures"], tally["refused"]) == (0, [], [])
    assert tally["expectations"] > 400


def test_coverage_names_what_no_sample_tries():
    """`--coverage` lists rules and conditions with their place."""
    gaps = json.loads(run("test", H02, "--coverage", "--json").output)["gaps"]

    assert {"file", "line", "rule", "condition", "never"} == set(gaps[0])


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_report_names_services_papers_and_who_decides(lang):
    """A household's report is in the language asked for."""
    shown = run("diagnose", H03, "--lang", lang).output

    assert {"id": "petugas yang memutuskan", "en": "an officer decides"}[lang] in " ".join(shown.split())
    assert "keluarga-h03" in shown


def test_people_of_whom_the_same_is_said_share_one_row():
    """The three adults of the big family qualify for the premium with the same papers, the three children with fewer."""
    shown = " ".join(run("diagnose", H01, "--lang", "id").output.split("Keluarga keluarga-h01-")[0].split())

    assert "· ayah, ibu dan nenek" in shown and "· anak 4, anak 9 dan anak 13" in shown


def test_a_report_says_in_words_how_sure_it_is_on_what_evidence_and_where_to_apply():
    """A percentage never stands alone, and sources are cited by title."""
    told = " ".join(run("diagnose", SAMPLES / "jawaban-sendiri.yaml").output.split())

    assert "Cukup yakin (60%). Jawaban pemohon: Tempat tinggal." in told
    assert "Diajukan di: Kantor desa" in told
    assert "sumber: Inpres 4/2025 tentang" in told and "inpres-4-2025" not in told


def test_where_one_member_is_enough_an_answer_rests_only_on_those_who_are():
    """The father is no component of the cash for families, so his birth date is not what it rests on."""
    told = " ".join(run("diagnose", H01).output.split("Keluarga keluarga-h01-")[0].split())
    rests = told.split("Program Keluarga Harapan (PKH) · keluarga")[1].split("Cocok dengan data resmi: ")[1]

    assert "Tanggal lahir (anak 4, anak 9, anak 13 dan nenek)" in rests.split(" lainnya.")[0]


def test_the_json_of_a_diagnosis_has_every_field_of_the_contract():
    """Design 6.2, field by field."""
    one = json.loads(run("diagnose", H01, "--json").output)[0]
    row = next(row for row in one["services"] if row["service"] == "pkh")

    assert set(one) == {
        *("household", "applicant", "as_of", "edition", "engine", "lang", "warnings", "services", "not_concerned"),
        *("programs", "conclusions", "computed", "packages", "document_plan", "next_question"),
    }
    assert set(row) == {
        *("service", "program", "activity", "subject", "cf", "cf_as_told", "outcome", "confidence", "status", "held"),
        *("advice", "because", "missing", "waiting_for", "verify", "still_needed", "documents", "steps", "benefit"),
        *("offer", "refer_to", "priority", "conflicts", "unverifiable", "confirmed", "officer_only"),
    }
    assert (row["status"], row["benefit"]["amount"]) == ("eligible", 9_900_000)
    parts = {(one["component"], one["subject"]): one["paid"] for one in row["benefit"]["components"]}
    assert [pair for pair, paid in parts.items() if not paid] == [("sd", "anak-9")]
    assert len(parts) == 5


def test_a_paper_that_each_pupil_needs_is_asked_of_each():
    """The big family brings two school statements and the mother-and-child book of two people."""
    one = json.loads(run("diagnose", H01, "--json").output)[0]
    papers = {paper["document"]: paper["of"] for paper in one["document_plan"]}

    assert papers["surat_keterangan_sekolah"] == ["anak-9", "anak-13"]
    assert papers["buku_kia"] == ["ibu", "anak-4"]


def test_meals_and_cash_are_both_shown_with_their_value_and_none_is_recommended():
    """The meals are worth Rp10,950,000 a year against Rp4,800,000 in cash, but nobody confirmed them."""
    one = json.loads(run("diagnose", H03, "--json").output)[0]
    found = {tuple(s["service"] for s in p["services"]): p for p in one["packages"]}
    meals = next(p for names, p in found.items() if "permakanan_lansia_kemensos" in names)
    cash = next(p for names, p in found.items() if "pkh" in names)
    premium = 12 * 42_000

    assert (meals["in_kind"] - premium, cash["cash"]) == (10_950_000, 4_800_000)
    assert [p["recommended"] for p in one["packages"]] == [False, False]


def test_the_homeless_man_is_not_asked_for_the_eight_criteria():
    """Behind the gate of Kepmensos 262 nothing about a house is missing or asked next."""
    one = json.loads(run("diagnose", H02, "--json").output)[0]
    row = next(row for row in one["conclusions"] if row["conclusion"] == "fakir_miskin")

    assert (row["confidence"], row["missing"]) == (1.0, [])
    assert (one["next_question"] or {}).get("fact") not in ("floor_material", "wall_material", "toilet", "lighting")


def test_what_is_not_about_the_household_is_counted_and_shown_on_request():
    """`--all` lists `not_concerned` too."""
    some = json.loads(run("diagnose", H02, "--json").output)[0]
    every = json.loads(run("diagnose", H02, "--json", "--all").output)[0]

    assert len(every["services"]) == len(some["services"]) + some["not_concerned"]


def test_an_excluded_family_is_told_by_whom_in_words_not_numbers():
    """WHY NOT names the member by role."""
    shown = " ".join(run("explain", H09, "pkh").output.split())

    assert "Tidak dapat diusulkan karena" in shown
    assert "(ibu)" in shown.split("└── PKH")[0]


def test_a_distance_says_how_far_a_value_is_from_its_limit():
    """A failed comparison says by how much."""
    shown = " ".join(
        run(
            "explain", H03, "permakanan_lansia_kemensos", "--household", "keluarga-h03-umur-74", "--lang", "en"
        ).output.split()
    )

    assert "1 year below the limit" in shown


def test_a_no_says_what_would_have_to_change():
    """A birthday to come, with its day; what an office brings up to date; and what stays."""
    umur, decile = "keluarga-h03-umur-74", "keluarga-h01-desil-6"
    older = run("explain", H03, "permakanan_lansia_kemensos", "--household", umur, "--lang", "en").output
    lower = run("explain", H01, "pkh", "--household", decile, "--lang", "en").output
    again = run(
        "explain",
        SAMPLES / "h08-rumah-tidak-layak.yaml",
        "rutilahu",
        "--household",
        "keluarga-h08-pernah-dibantu",
        "--lang",
        "en",
    ).output

    assert "10 June 2027" in older and "Comes with time" in older
    assert "4 or less, now 6" in " ".join(lower.split()) and "Can be shown by papers or a check" in " ".join(
        lower.split()
    )
    assert "Cannot be changed" in again


def test_a_proof_folds_what_does_not_bear_the_result_and_shows_it_on_request():
    """What holds comes first, the rest is one line with a count; `--full` folds nothing."""
    short, long = (run("explain", H01, "pkh", *more).output for more in ((), ("--full",)))

    assert "6 lainnya tidak" in short and "--full" in short
    assert "lainnya tidak" not in long and "--full" not in long
    assert "murid SD atau sederajat" in short
    assert len(short.splitlines()) * 4 < len(long.splitlines())


def test_a_proof_says_what_a_value_was_worked_out_from():
    """The wage and the minimum wage of the year stand under the exclusion they lead to."""
    shown = " ".join(run("explain", SAMPLES / "pengecualian.yaml", "pkh").output.replace("│", "").split())

    assert "dihitung dari Upah tetap sebulan: Rp2.803.206 dan UMK Kabupaten Kediri: Rp2.651.603" in shown


def test_an_excluded_family_is_shown_the_source_that_names_the_exclusion():
    """Each exclusion cites the list it was read in."""
    civil, wage = (run("explain", file, "pkh").output for file in (H09, SAMPLES / "pengecualian.yaml"))

    assert "Daftar 12 kriteria" in civil and "Syarat pencairan bansos" not in civil
    assert "Syarat pencairan bansos" in wage


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("unknown.yaml", "household: {nosuch: 1}\nmembers: []\n"),
        ("type.yaml", "household: {decile: tiga}\nmembers: []\n"),
        ("range.yaml", "household: {decile: 11}\nmembers: []\n"),
        ("entity.yaml", "household: {sex: P}\nmembers: []\n"),
        ("twice.yaml", "members: [{id: a}, {id: a}]\n"),
        ("future.yaml", "members: [{id: a, birth_date: 2999-01-01}]\n"),
        ("computed.yaml", "members: [{id: a, birth_date: 1990-01-01, age: 3}]\n"),
        ("evidence.yaml", "evidence: gosip\nhousehold: {}\n"),
        ("date.yaml", "members: [{id: a, birth_date: 1990-02-30}]\n"),
        ("yaml.yaml", "household: {decile: [1\n"),
        ("json.json", '{"household": {'),
        ("empty.yaml", ""),
        ("binary.yaml", "\x00\x01\x02"),
        ("deep.yaml", "[" * 100_000),
    ],
)
def test_bad_input_ends_with_2_and_says_where(tmp_path, name, text):
    """File, line, column, a sentence; never a traceback."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    found = run("diagnose", path)

    assert found.exit_code == 2
    assert found.stderr.startswith(f"{path}:")
    assert "Traceback" not in found.output


def test_a_file_of_100_mb_is_refused_unread(tmp_path):
    """Its size is enough to refuse it."""
    path = tmp_path / "besar.yaml"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)

    assert run("diagnose", path).exit_code == 2


def copy_of_knowledge(tmp_path):
    for name in ("rules", "knowledge_base", "samples"):
        shutil.copytree(CHECKOUT / name, tmp_path / name)
    shutil.copy(CHECKOUT / "facts_schema.yaml", tmp_path)
    return tmp_path


def test_knowledge_with_errors_is_not_used(tmp_path):
    """`check` ends with 1 and shows every mistake; `diagnose` refuses with 2."""
    folder = copy_of_knowledge(tmp_path)
    (folder / "rules" / "salah.yaml").write_text(
        "topic: x\nrules:\n  - {id: X, then: nosuch}\n  - {id: Y}\n", encoding="utf-8"
    )

    checked = run("--knowledge", folder, "check", "--json")
    assert (checked.exit_code, len(json.loads(checked.output)) > 3) == (1, True)
    assert run("--knowledge", folder, "diagnose", H02).exit_code == 2


def test_a_new_service_can_be_checked_and_tested_at_once(tmp_path):
    """The stubs of `new service` are correct knowledge with a green sample."""
    folder = copy_of_knowledge(tmp_path)
    made = run(
        "--knowledge", folder, "new", "service", "layanan_baru", "--program", "rehabilitasi_sosial", "--for", "person"
    )

    assert (made.exit_code, len(made.output.split())) == (0, 3)
    assert run("--knowledge", folder, "check").exit_code == 0
    assert run("--knowledge", folder, "test", folder / "samples" / "rehabilitasi_sosial").exit_code == 0
    assert run("--knowledge", folder, "new", "service", "pkh", "--program", "rehabilitasi_sosial").exit_code == 2
