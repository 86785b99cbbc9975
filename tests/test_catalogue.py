"""The page about the knowledge is what the files say now, and its words about rules are the language's own."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from engine.diagnosis import Office
from engine.knowledge.check import load
from engine.knowledge.parse_rules import _PLAIN_BLOCKS, EFFECTS
from engine.knowledge.phrases import SHAPES
from engine.samples import run_samples
from tepat.catalogue import cell, page_of, way_to_files
from tepat.main import cli

CHECKOUT = Path(__file__).resolve().parents[1]
BASE = Path(__file__).parent / "engine" / "knowledge" / "golden" / "base"
DECISIONS = """
decisions:
  batas: {question: {id: "Batas mana?", en: "Which limit?"}, concerns: [limit, A-1], was: C1}
  tunai: {question: {id: "Berapa?", en: "How much?"}, concerns: [aid]}
"""


def run(*args):
    return CliRunner().invoke(cli, [str(arg) for arg in args], catch_exceptions=False)


@pytest.fixture(scope="module")
def page():
    return page_of(load(CHECKOUT))


@pytest.fixture
def folder(tmp_path):
    """The small correct folder, with decisions, one of them settled."""
    shutil.copytree(BASE, tmp_path / "knowledge")
    (tmp_path / "knowledge" / "knowledge_base" / "x.yaml").write_text(DECISIONS, encoding="utf-8")
    everything = tmp_path / "knowledge" / "knowledge_base" / "all.yaml"
    text = everything.read_text(encoding="utf-8").replace(
        "for: household, benefit", "for: household, confirmed: yes, benefit"
    )
    everything.write_text(text, encoding="utf-8")
    return tmp_path / "knowledge"


def test_the_page_in_docs_is_what_the_knowledge_says_now():
    """Whoever changes the knowledge writes it again: `make catalogue`."""
    found = run("catalogue", "--check", "--lang", "en")

    assert (found.output.split(": ")[0].split(" is ")[-1].strip(), found.exit_code) == ("up to date", 0)


def test_the_page_knows_every_block_phrase_and_effect(page):
    """What the language has, the page explains."""
    first = re.sub("```.*?```", "", page[: page.index("## Programs, activities")], flags=re.DOTALL)
    said = " ".join(re.findall(r"`([^`]+)`", first))

    assert [block for block in (*_PLAIN_BLOCKS, "when at least N of", "count of") if f"| `{block}`" not in first] == []
    assert [phrase for phrase in (*SHAPES, *EFFECTS) if phrase not in said] == []


def test_the_samples_of_the_page_are_samples(page, tmp_path):
    """They can be read against the real knowledge, and what they expect is so."""
    block = re.search(r"### Samples.*?```yaml\n(.*?)```", page, re.DOTALL)[1]
    (tmp_path / "contoh.yaml").write_text(block, encoding="utf-8")
    tally = run_samples(Office(load(CHECKOUT)), [tmp_path / "contoh.yaml"], date(2026, 11, 23))

    assert (tally.refused, tally.failures, tally.expectations) == ([], [], 2)


def test_rules_and_numbers_are_quoted_from_their_files(page):
    """Word for word, and each link leads to the line that is meant."""
    quoted = re.findall(r"\[([^\]]+):(\d+)\]\(\.\./([^)#]+)#L(\d+)\)", page)

    assert len(quoted) > 80
    for name, line, path, same in quoted:
        assert (Path(path).name, line) == (name.replace("\\", ""), same)
        assert (CHECKOUT / path).read_text(encoding="utf-8").split("\n")[int(line) - 1].strip()
    first = page[: page.index("### Blocks")]
    for block in re.findall(r"```yaml\n(.*?)\n```", first, re.DOTALL):
        (rule,) = yaml.safe_load(block)
        assert rule["id"] in ("PKH-K-LANSIA", "PKH")


def test_every_service_category_parameter_document_and_source_is_listed(page):
    """Nothing is left out."""
    k = load(CHECKOUT)
    categories = [name for name, one in k.conclusions.items() if one.category]
    names = (*k.services, *categories, *k.parameters, *k.papers, *k.exclusivity, *k.sources)

    assert [name for name in names if f"`{name}`" not in page[page.index("## Programs, activities") :]] == []


def test_open_decisions_say_where_they_are_to_be_confirmed(folder):
    """A box for each place; what can be confirmed nowhere is listed without one."""
    page = page_of(load(folder))
    part = page[page.index("## Open decisions") : page.index("## What the system cannot check")]

    assert (
        "### Batas mana?" in part
        and "Which limit? (`batas`, [x.yaml:3](../knowledge_base/x.yaml#L3); C1) **Open.**" in part
    )
    assert "- [ ] `limit 2020-01-01`, to be confirmed in [all.yaml:" in part
    assert "- `A-1`, [all.yaml:3](../rules/all.yaml#L3)" in part
    assert "How much? (`tunai`, [x.yaml:4](../knowledge_base/x.yaml#L4)) **Settled.**" in part
    assert "- [x] `aid`, to be confirmed in [all.yaml:" in part


def test_a_folder_without_the_quoted_rules_has_its_page_too(folder):
    """The words about rules stay, without a quotation."""
    page = page_of(load(folder))

    assert "```yaml\n- id: PKH" not in page
    assert "`Rp2,400,000`" not in page and "`aid_year` (Rp2,400,000 from 2020-01-01) per year" in page


def test_the_command_writes_the_page_and_notices_when_it_is_out_of_date(folder, tmp_path):
    """Without -o into docs/ of the knowledge folder; a change of a file makes it old."""
    out = tmp_path / "pages" / "know.md"

    assert run("--knowledge", folder, "catalogue", "--check").exit_code == 1
    assert run("--knowledge", folder, "catalogue").exit_code == 0
    assert run("--knowledge", folder, "catalogue", "--check").exit_code == 0
    assert (folder / "docs" / "knowledge.md").is_file()
    assert run("--knowledge", folder, "catalogue", "-o", out).exit_code == 0
    assert "](../knowledge/rules/all.yaml#L3)" in out.read_text(encoding="utf-8")
    (folder / "knowledge_base" / "x.yaml").write_text("# a line more\n" + DECISIONS, encoding="utf-8")
    late = run("--knowledge", folder, "catalogue", "--check", "--lang", "en")
    assert (late.exit_code, "out of date" in late.output) == (1, True)
    assert run("--knowledge", folder / "rules", "catalogue").exit_code == 2


def test_texts_stand_in_tables_as_they_are():
    """What Markdown would read as a mark of its own is shown."""
    assert cell("a | b\n*c* <d> [e] f_g") == r"a \| b \*c\* \<d> \[e] f\_g"
    assert way_to_files(Path("docs/knowledge.md"), Path(".")) == ".."
    assert way_to_files(Path("/a/b/c.md"), Path("/a/x")) == "../x"
