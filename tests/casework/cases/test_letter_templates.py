"""From a wording to what a letter says: blanks, parts that are left out, and which wording fits."""

from dataclasses import replace

from casework.cases.letter_templates import GAP, Filling, paragraphs, wording
from engine.knowledge.model import LetterPart, LetterTemplate, Text
from engine.knowledge.read import Place

HERE = Place("x.yaml")


def template(*parts, services=()):
    text_ = Text("Surat", "Letter")
    return LetterTemplate("slip", "receipt", text_, parts, HERE, services)


def test_a_part_is_left_out_while_its_list_or_word_is_empty():
    """`otherwise` is said instead; a word that nobody knows is a row of dots; what somebody typed is never a blank."""
    parts = (
        LetterPart(HERE, text=Text("Dari {recipient}.", "From {recipient}.")),
        LetterPart(HERE, text=Text("Kasus {case}")),
        LetterPart(HERE, heading=Text("Surat"), list="papers", otherwise=Text("Tidak ada surat.", "No paper.")),
        LetterPart(HERE, text=Text("Nomor {receipt}"), only_if="receipt"),
    )
    filling = Filling({"recipient": "{case}", "case": None, "receipt": None}, {"papers": ()})
    said = [part["text"] for part in paragraphs(template(*parts), filling, "en")]
    assert said == ["From {case}.", f"Kasus {GAP}", "No paper."]

    full = Filling({"recipient": "A", "case": "K", "receipt": "T"}, {"papers": ("KTP",)})
    last = paragraphs(template(*parts), full, "id")[2:]
    assert last == [
        {"heading": "Surat", "text": None, "list": ["KTP"]},
        {"heading": None, "text": "Nomor T", "list": []},
    ]


def test_a_wording_for_the_service_comes_before_the_one_for_all(office):
    """A policy officer adds one without Python."""
    mine = replace(template(services=office.knowledge.letters["keterangan_dtsen"].services), name="mine")
    knowledge = replace(office.knowledge, letters={"all": template(), "mine": mine})

    assert wording(knowledge, "receipt", "layanan_surat_dtsen") is mine
    assert wording(knowledge, "receipt", "sembako") is knowledge.letters["all"]
    assert wording(knowledge, "all", "layanan_surat_dtsen") is knowledge.letters["all"]
