"""The sheets: tagged, in their language, complete, and unmoved by whatever somebody typed."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import typst

from tests.webapp.telling.test_checklist import addressed, listed, sample, sealed
from webapp.telling import print as sheets
from webapp.telling.wanted import wanted_by_household

HOSTILE = [
    '#import "/etc/passwd": *',
    '#panic() #eval("1") ] } ) $ x^2 $ \\ *tebal* _miring_ `kode` @rujukan <label> // /* ~ -- --- https://x.id',
    "Nenek \N{GRINNING FACE}\N{ZERO WIDTH JOINER}\N{FLAG IN HOLE}",
    "\u0645\u0631\u062d\u0628\u0627 \u202eterbalik\u202c \u05e9\u05dc\u05d5\u05dd",
    "\u6f22\u5b57 \u0e44\u0e17\u0e22 \ua9a0\ua994\ua9ae",
    "bel\x07 nul\x00 baris\nbaru",
    "a" * 10_000,
    "kata " * 2_000,
]
ADDRESS = "https://tepat.example/surat?l=pkh"


@pytest.fixture(scope="module")
def office(app):
    return app.extensions["tepat"].office


@pytest.fixture(scope="module")
def shown(office):
    return listed(office, wanted_by_household(sample(office, "keluarga/h01-keluarga-besar.yaml"), []))


def of(checklist, who):
    """The same list with another name on its first paper."""
    return replace(checklist, papers=(replace(checklist.papers[0], who=who), *checklist.papers[1:]))


def pages(pdf):
    return int(re.search(rb"/Type/Pages/Count (\d+)", pdf)[1])


def texts(sheet):
    """Everything that the entries of the lists say, as typst laid it out."""
    template = Path(sheets.__file__).with_name("checklist.typ")
    found = typst.query(template, "list", ignore_system_fonts=True, sys_inputs={"data": json.dumps(sheet)})

    def words(node):
        if isinstance(node, dict):
            if node.get("func") == "text":
                yield node["text"]
            if node.get("func") in ("space", "linebreak"):
                yield " "
            node = list(node.values())
        for one in node if isinstance(node, list) else ():
            yield from words(one)

    return "".join(words(json.loads(found)))


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("shape", ["a4", "receipt"])
def test_a_sheet_is_tagged_and_says_its_language(office, shown, lang, shape):
    """A screen reader gets structure, language and title, by the standard PDF/UA-1."""
    in_language = listed(office, addressed(office, l="pkh.sembako"), lang)
    pdf = sheets.pdf("checklist", sheets.sheet_of(in_language, ADDRESS, shape))

    assert pdf.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in pdf
    assert b"/MarkInfo<</Marked true" in pdf
    assert b"/Lang(%s)" % lang.encode() in pdf
    assert b"pdfuaid" in pdf
    assert b"/Figure" in pdf
    assert b"/Alt(" in pdf


def test_a_receipt_is_one_strip_of_80_mm_and_a_sheet_is_a4(shown):
    """The roll is cut where the list ends; the paper has pages."""
    strip, sheet = (sheets.pdf("checklist", sheets.sheet_of(shown, ADDRESS, shape)) for shape in ("receipt", "a4"))
    sizes = [re.search(rb"/MediaBox\[0 0 ([\d.]+) ([\d.]+)\]", one) for one in (strip, sheet)]

    assert pages(strip) == 1
    assert round(float(sizes[0][1]) / 72 * 25.4) == 80
    assert float(sizes[0][2]) > 1500
    assert [round(float(size) / 72 * 25.4) for size in sizes[1].groups()] == [210, 297]
    assert 1 < pages(sheet) < 5


def test_a_sheet_says_every_paper_and_names_its_people(shown):
    """Nothing of the list is left out on paper."""
    said = texts(sheets.sheet_of(shown, ADDRESS, "a4")).replace("\N{ZERO WIDTH SPACE}", "")

    assert all(paper.title in said for paper in shown.papers)
    assert "ayah, ibu dan nenek" in said


@pytest.mark.parametrize("who", HOSTILE, ids=lambda text: ascii(text[:12]))
@pytest.mark.parametrize("shape", ["a4", "receipt"])
def test_no_text_breaks_or_steers_a_sheet(shown, who, shape):
    """Signs of typst, emoji, other scripts and very long words stay plain text; the rest of the sheet stays as it is."""
    sheet = sheets.sheet_of(of(shown, who), ADDRESS, shape)
    pdf = sheets.pdf("checklist", sheet)

    assert b"/StructTreeRoot" in pdf
    assert pages(pdf) <= pages(sheets.pdf("checklist", sheets.sheet_of(shown, ADDRESS, shape))) + 6
    said = texts(sheet).replace("\N{ZERO WIDTH SPACE}", "")
    assert who.replace("\n", " ").strip() in said.replace("\n", " ")


def test_sheets_are_set_side_by_side(shown):
    """Several people may ask for a sheet at the same moment."""
    sheet = sheets.sheet_of(shown, ADDRESS, "a4")
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: sheets.pdf("checklist", sheet), range(8)))

    assert {pages(pdf) for pdf in made} == {pages(made[0])}


def test_the_pdf_is_given_as_a_file_with_the_day_in_its_name(client, app):
    """Both shapes come from the page's own form, and from a list that anybody may open."""
    for data in ({"sealed": sealed(app)}, {"l": "pkh", "s": "ktp.kk"}):
        for shape in ("a4", "struk"):
            answer = client.post(f"/surat.pdf?format={shape}", data=data)
            assert answer.status_code == 200
            assert answer.mimetype == "application/pdf"
            assert 'filename="daftar-surat-2026-11-23.pdf"' in answer.headers["Content-Disposition"]
            assert answer.headers["Cache-Control"] == "no-store"
            assert (pages(answer.data) == 1) or shape == "a4"
