"""The blank form on paper: what one kind of applicant may be asked in public, and never the number of a card."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
import typst

from engine.knowledge.parse_offer import APPLICANTS
from engine.plan_of_applicant import served
from webapp.asking.forms import Form
from webapp.telling import print as sheets
from webapp.telling.intake import SEATS, paper_form
from webapp.words import words_in

DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def office(app):
    return app.extensions["tepat"].office


def paper(office, applicant, lang="id"):
    return paper_form(Form(office.knowledge, lang, words_in(lang), served(office.plan(DAY), applicant), applicant))


def questions(form):
    groups = [form["members"], *form["everybody"]["groups"], *form["household"]["groups"]]
    return [row["label"] for group in groups for row in group["rows"]]


@pytest.mark.parametrize("applicant", APPLICANTS)
@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_public_question_of_an_applicant_is_on_paper_and_no_other(office, applicant, lang):
    """The form has what the schema lets this applicant be asked: neither secrets, nor facts of officers, nor a NIK."""
    knowledge, mine = office.knowledge, served(office.plan(DAY), applicant).facts
    facts = [fact for fact in knowledge.facts.values() if not fact.computed]
    asked = questions(paper(office, applicant, lang))

    def said(fact):
        return (fact.question or fact.label).in_(lang)

    public = [
        fact
        for fact in facts
        if fact.name in mine
        and fact.answered_by == "applicant"
        and fact.sensitive != "officer_only"
        and not fact.format
    ]
    assert {said(fact) for fact in public} == set(asked) - {words_in(lang)("or_age")}
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize("applicant", APPLICANTS)
@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_form_has_two_to_six_tagged_pages(client, applicant, lang):
    """It comes as a file for each kind of applicant, in the language asked for."""
    answer = client.get(f"/formulir-kosong.pdf?untuk={applicant}&lang={lang}")
    pages = int(re.search(rb"/Type/Pages/Count (\d+)", answer.data)[1])

    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert 2 <= pages <= 6
    assert b"/StructTreeRoot" in answer.data
    assert b"/Lang(%s)" % lang.encode() in answer.data


def test_every_question_can_be_answered_with_do_not_know(office):
    """In a table there is a box for it in each row, or in each cell; below each other question there is one too."""
    form = paper(office, "family")
    template = Path(sheets.__file__).with_name("intake.typ")
    laid = typst.query(template, "table", ignore_system_fonts=True, sys_inputs={"data": json.dumps(form)})
    members, everybody, aid = json.loads(laid)

    assert json.dumps(members).count("?") >= SEATS * len(form["members"]["rows"])
    rows = sum(len(group["rows"]) for group in form["everybody"]["groups"])
    assert json.dumps(everybody, ensure_ascii=False).count("☐") == rows * (SEATS + 2)
    assert json.dumps(aid, ensure_ascii=False).count("☐") == len(form["aid"]["each"]) * (SEATS + 2)


def test_the_form_says_that_it_is_free_and_wants_no_numbers(office):
    """The honest sentences stand on top, and a place for who helped."""
    form = paper(office, "family")

    assert "Semua layanan gratis. Laporkan siapa pun yang meminta uang." in form["notes"]
    assert any("Jangan tulis NIK" in note for note in form["notes"])
    assert form["helper"][0] == "Nama yang membantu mengisi"


def test_several_choices_can_be_none_of_them(office):
    """Where more than one may be ticked, nothing at all can be told from a question that was left open."""
    rows = [row for group in paper(office, "organisation")["household"]["groups"] for row in group["rows"]]

    assert [row["choices"][-1] for row in rows if "Boleh lebih dari satu" in row["label"]] == [
        "Tidak ada di antara ini"
    ]


def test_there_is_no_form_for_an_applicant_nobody_knows(client):
    """Without a name it is the form of a family; the language falls back to that of the visitor."""
    assert client.get("/formulir-kosong.pdf?untuk=../etc/passwd").status_code == 404
    assert b"/Lang(id)" in client.get("/formulir-kosong.pdf?lang=xx").data
