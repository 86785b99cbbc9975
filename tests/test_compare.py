"""`tepat compare`, run as an analyst runs it: a draft beside the rules in force."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from tepat.main import cli

CHECKOUT = Path(__file__).resolve().parents[1]
ROOMS = ("facts_schema.yaml", "rules", "knowledge_base", "samples")
PARAMETERS = "knowledge_base/parameters/pkh.yaml"
H01 = CHECKOUT / "samples" / "keluarga" / "h01-keluarga-besar.yaml"


@pytest.fixture
def draft(tmp_path):
    """A copy of the office's knowledge, to be edited."""
    folder = tmp_path / "draft"
    folder.mkdir()
    for room in ROOMS:
        source = CHECKOUT / room
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / room)
    return folder


def edit(folder, file, before, after):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def run(*args):
    return CliRunner().invoke(cli, ["compare", *map(str, args)], catch_exceptions=False)


def compared(draft, *args):
    found = run(CHECKOUT, draft, "--json", *args)
    return found.exit_code, json.loads(found.stdout)


def narrower(draft):
    """Let PKH end at decile 2."""
    text = (draft / PARAMETERS).read_text(encoding="utf-8")
    at = text.index("value: 4", text.index("pkh_max_decile:"))
    (draft / PARAMETERS).write_text(text[:at] + "value: 2" + text[at + 8 :], encoding="utf-8")


def test_the_same_knowledge_is_the_same(draft):
    """Not a byte differs: exit code 0, and it says so."""
    found = run(CHECKOUT, draft)

    assert (found.exit_code, "sama persis" in found.stdout) == (0, True)


@pytest.mark.proof
def test_only_texts_are_said_to_be_only_texts(draft):
    """A comment, a label and a sentence change the edition and nobody's answer: exit code 0, the file is named."""
    edit(draft, PARAMETERS, "Desil tertinggi untuk PKH", "Desil teratas bagi PKH")
    edit(draft, "rules/perlindungan_jaminan_sosial/pkh.yaml", "rules:", "# Ditinjau.\nrules:")
    code, data = compared(draft)

    assert (code, data["same"], data["only_texts"], data["edits"]) == (0, True, True, [])
    assert data["old"]["edition"] != data["new"]["edition"]
    assert PARAMETERS in data["reworded"]


def test_a_narrower_limit_names_who_loses_the_edit_and_the_condition(draft):
    """Every lost yes of PKH is laid to the parameter, with the line on which it turns and the distance."""
    narrower(draft)
    code, data = compared(draft)
    lost = [kind for kind in data["kinds"] if kind["after"] == "ineligible"]

    assert code == 1
    assert [(one["shelf"], one["name"]) for one in data["edits"]] == [("parameters", "pkh_max_decile")]
    assert lost and {kind["service"] for kind in data["kinds"]} == {"pkh"}
    for kind in lost:
        (cause,) = kind["found"][0]["causes"]
        assert cause["edits"] == [{"shelf": "parameters", "name": "pkh_max_decile"}]
        assert "paling banyak 2" in cause["turns"][0]["sentence"]
    pkh = next(row for row in data["totals"] if row["service"] == "pkh")
    assert pkh["after"]["yes"] < pkh["before"]["yes"] and pkh["yearly_after"] < pkh["yearly_before"]
    assert data["first"][0]["yearly"] < 0


@pytest.mark.proof
def test_an_amount_changes_budgets_and_no_status(draft):
    """A smaller component: the same people qualify, each difference is in the amount."""
    edit(draft, PARAMETERS, "value: 3_000_000", "value: 2_400_000")
    _, data = compared(draft)

    assert {aspect for kind in data["kinds"] for aspect in kind["aspects"]} == {"amount"}
    assert all(kind["before"] == kind["after"] for kind in data["kinds"])
    assert sum(row["yearly_after"] - row["yearly_before"] for row in data["totals"]) < 0


@pytest.mark.proof
def test_another_document_is_a_difference_too(draft):
    """A paper more in the list: documents differ, outcomes do not."""
    rules = (draft / "rules" / "perlindungan_jaminan_sosial" / "sembako.yaml").read_text(encoding="utf-8")
    listed = re.search(r"requires: \[([a-z_]+)", rules)[1]
    other = "akta_kelahiran" if listed != "akta_kelahiran" else "ktp"
    files = (draft / "knowledge_base" / "documents").glob("*.yaml")
    assert any(re.search(rf"^  {other}:", file.read_text(encoding="utf-8"), re.M) for file in files)
    edit(draft, "rules/perlindungan_jaminan_sosial/sembako.yaml", "requires: [", f"requires: [{other}, ")
    _, data = compared(draft)

    assert {tuple(kind["aspects"]) for kind in data["kinds"]} == {("documents",)}
    assert {kind["service"] for kind in data["kinds"]} == {"sembako"}


@pytest.mark.proof
def test_households_are_sorted_by_district_and_by_any_fact(draft):
    """`--by` takes kecamatan, a fact given, a fact worked out; each sorts every household once."""
    narrower(draft)
    _, data = compared(draft, "--by", "kecamatan", "--by", "decile", "--by", "household_size")

    assert len(data["groups"]) == 3
    assert {sum(row["households"] for row in group["rows"]) for group in data["groups"]} == {data["households"]}
    deciles = {row["label"]: row["lost"] for row in data["groups"][1]["rows"]}
    assert deciles["3"] > 0 and deciles["2"] == 0


def test_one_household_file_is_enough(draft):
    """`--households` takes files; only their households are compared."""
    narrower(draft)
    _, data = compared(draft, "--households", H01)

    assert {change["household"].split("-")[1] for change in data["changes"]} <= {"h01"}


def test_a_folder_of_tables_is_compared_as_a_whole(draft, tmp_path):
    """The same causes are found behind the changes of households in tables."""
    narrower(draft)
    tables = tmp_path / "tables"
    tables.mkdir()
    known = {"household_id": ["a", "b", "c"], "decile": [1, 3, 3], "residence": ["35.06.01"] * 3}
    pl.DataFrame(known).write_parquet(tables / "households.parquet")
    people = {"household_id": ["a", "b", "c"], "person_id": ["1"] * 3, "is_asn_tni_polri": [False, False, True]}
    pl.DataFrame(people).write_parquet(tables / "persons.parquet")
    code, data = compared(draft, "--households", tables)

    assert (code, data["households"]) == (1, 3)
    assert {change["household"] for change in data["changes"] if change["service"] == "pkh"} >= {"b"}
    assert "a" not in {change["household"] for change in data["changes"]}
    causes = [cause for kind in data["kinds"] for found in kind["found"] for cause in found["causes"]]
    assert {edit["name"] for cause in causes for edit in cause["edits"]} == {"pkh_max_decile"}


def test_a_fact_that_the_draft_no_longer_has_is_told_household_by_household(draft):
    """Households that the new edition cannot read are listed with the reason; the others are compared."""
    household = draft / "satu.yaml"
    household.write_text("id: satu\nhousehold: {decile: 3, baru: yes}\nmembers: []\n", encoding="utf-8")
    edit(
        draft,
        "facts_schema.yaml",
        "facts:\n",
        "facts:\n  baru: {of: household, type: boolean, label: {id: Baru, en: New}, question: {id: Baru?, en: New?}}\n",
    )
    found = run(draft, CHECKOUT, "--json", "--households", household)
    data = json.loads(found.stdout)

    assert (found.exit_code, data["households"]) == (1, 0)
    assert [one["household"] for one in data["refused_by_new"]] == ["satu"]
    assert "baru" in data["refused_by_new"][0]["problems"][0]["sentence"]


@pytest.mark.proof
def test_the_page_needs_nothing_else(draft, tmp_path):
    """One file with its plots inside: it names no address but that of SVG, and tells the same summary."""
    narrower(draft)
    page = tmp_path / "page.html"
    for lang, title in (("id", "Perbandingan pengetahuan"), ("en", "Comparison of knowledge")):
        run(CHECKOUT, draft, "--lang", lang, "--html", page)
        text = page.read_text(encoding="utf-8")

        assert title in text and text.count("<svg") >= 2
        assert set(re.findall(r"https?://[^\"' )]+", text)) <= {"http://www.w3.org/2000/svg"}
        assert not re.search(r"<script|<link", text)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--by", "nowhere"), "nowhere"),
        (("--households", "nowhere.yaml"), "nowhere.yaml"),
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(draft, args, said):
    """Exit code 2, no traceback."""
    found = run(CHECKOUT, draft, *args)

    assert (found.exit_code, said in found.stderr, "Traceback" in found.stderr) == (2, True, False)


def test_a_draft_with_mistakes_is_refused_with_all_of_them(draft):
    """Exit code 2 and the checker's report."""
    edit(draft, "rules/perlindungan_jaminan_sosial/pkh.yaml", "at most pkh_max_decile", "at most pkh_max_desile")
    found = run(CHECKOUT, draft)

    assert found.exit_code == 2
    assert "pkh_max_desile" in found.stderr and "pkh_max_decile" in found.stderr


@pytest.mark.proof
def test_a_document_is_laid_to_the_condition_of_the_rule_that_asks_for_it(draft):
    """Another device needs a doctor's letter now: the edited line is named, with what was found in its place."""
    edit(
        draft,
        "rules/rehabilitasi_sosial/alat_bantu_disabilitas.yaml",
        "is one of hearing_aid, prosthetic_leg, prosthetic_arm",
        "is one of hearing_aid, prosthetic_leg, prosthetic_arm, walker",
    )
    _, data = compared(draft)
    found = [one for kind in data["kinds"] for one in kind["found"]]

    assert {one["aspect"] for one in found} == {"documents"}
    for one in found:
        (turn,) = one["causes"][0]["turns"]
        assert (turn["rule"], turn["condition_after"].split(": ")[0]) == ("ALAT-BANTU-DOK-DOKTER", "assistive_need")


def test_an_edition_may_be_an_earlier_revision_of_the_other_folder(draft):
    """`git:REV` is the folder as it was committed; a revision that does not exist is exit code 2."""

    def git(*words):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *words], cwd=draft, check=True)

    git("init", "-q")
    git("add", "-A")
    git("commit", "-q", "-m", "in force")
    narrower(draft)
    found = run("git:HEAD", draft, "--json", "--households", H01.parent / "h09-ibu-pppk.yaml")

    assert found.exit_code == 1
    assert [one["name"] for one in json.loads(found.stdout)["edits"]] == ["pkh_max_decile"]
    assert run("git:nowhere", draft).exit_code == 2
