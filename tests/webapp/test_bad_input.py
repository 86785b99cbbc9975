"""Whatever is sent to the pages of the interview: never a fault of the server, and what was typed is shown again."""

import html
import re
from io import BytesIO

import pytest

HUGE = "9" * 10_000
TYPED = [
    ("m0.age", "tujuh puluh"),
    ("m0.age", "-3"),
    ("m0.age", HUGE),
    ("m0.age", "🧓"),
    ("m0.birth_date", "2 Maret 2050"),
    ("m0.birth_date", "31-2-1990"),
    ("m0.birth_date", "😀"),
    ("m0.birth_date", HUGE),
    ("m0.birth_date", "<script>alert(1)</script>"),
]
FORGED = [
    {"do": "fly"},
    {"do": ""},
    {"do": "change"},
    {"do": "change-99999"},
    {"do": "change--1"},
    {"do": "change-²"},
    {"do": "remove-0"},
    {"do": "remove-40"},
    {"do": "remove-²"},
    {"do": ["back", "next"]},
    {"do": "another"},
    {"do": "next", "applicant": "king"},
    {"do": "next", "h.residence": "35.06.99.9999"},
    {"do": "next", "t": ["nosuch", "-", "?"]},
    {"do": "next", "aid": ["nosuch", "pbi_jk@99", "@", "pbi_jk@²", "-"], "papers": ["nosuch", "kk"]},
    {"do": "next", "w.pregnant": ["99", "x", "*", "0@0"], "w.": "-", "w.nosuch": "0"},
    {"do": "next", "m0.sex": "X", "m7.sex": "P", "m²": "x", "m": "y", "h.nosuch": "z"},
    {"do": "next", "m0.id": "household"},
    {"do": "next", "m0.id": "\x00\ud7ff:"},
    {"lang_to": "xx", "lang": "yy"},
    {"do": "skip", "helping": "maybe"},
]


@pytest.fixture
def steps(journey):
    """Give the answers sealed in each kind of step of a family of four."""
    return journey("keluarga-h01").kinds


def post(client, sealed, **sent):
    return client.post("/periksa", data={"lang": "id", "sealed": sealed, **sent})


@pytest.mark.parametrize(("name", "text"), TYPED)
def test_what_cannot_be_is_asked_back_in_a_sentence_and_stays_typed(client, steps, name, text):
    """The mistake stands beside its field; the other answers of the page stay too."""
    page = post(client, steps["member"], **{"do": "next", "m0.sex": "P", "m0.id": "Nenek 👵", name: text})

    assert page.status_code == 422
    assert f'id="{name}-error"' in page.text
    assert f'value="{html.escape(text, quote=True)}"'.replace("&#x27;", "&#39;") in page.text
    assert 'value="Nenek 👵"' in page.text and re.search(r'value="P"[^>]* checked', page.text)
    assert "<script>alert" not in page.text


@pytest.mark.parametrize("text", ["👨‍👩‍👧", "ибу", "أم", "a" * 10_000, "<b>x</b>", "household", ":", "'\"&"])
def test_a_member_may_be_called_anything(client, steps, text):
    """Whatever somebody is called, the interview goes on."""
    page = post(client, steps["member"], **{"do": "next", "m0.sex": "P", "m0.age": "40", "m0.id": text})

    assert page.status_code == 200
    assert "<b>x</b>" not in page.text


def test_forty_members_can_be_listed_and_told(client, app):
    """Everybody has a page, and the page of all answers counts them."""
    page = client.post("/periksa", data={"do": "start"}).text
    turns = [{"h.residence": "35.06.07"}, {"applicant": "family"}, {"t": "-", "h.disaster_type": "no_disaster"}]
    for sent in turns:
        page = post(client, sealed_in(page), do="next", **sent).text
    for seat in range(40):
        sent = {f"m{seat}.id": f"Orang {seat}", f"m{seat}.age": "30", f"m{seat}.sex": "L"}
        answer = post(client, sealed_in(page), do="another" if seat < 39 else "next", **sent)
        assert answer.status_code == 200, seat
        page = answer.text

    assert client.post("/hasil", data={"sealed": sealed_in(page)}).status_code == 200
    assert app.extensions["tepat"].sealer.open(sealed_in(page)).members == 40


def sealed_in(page):
    return re.search(r'name="sealed" value="([^"]+)"', page)[1]


@pytest.mark.parametrize("sent", FORGED, ids=str)
@pytest.mark.parametrize("kind", ["who", "member", "tick", "aid"])
def test_a_forged_form_is_answered_with_a_page(client, steps, kind, sent):
    """Names, seats, choices and buttons that no page has."""
    page = post(client, steps[kind], **sent)

    assert page.status_code in (200, 422)
    assert "<h1" in page.text


@pytest.mark.parametrize("path", ["/periksa", "/hasil", "/surat", "/surat.pdf", "/formulir"])
@pytest.mark.parametrize("seal", ["forged", "gAAAAA", "é²", "A" * 250_000])
def test_a_forged_seal_is_refused_with_a_way_to_begin_again(client, path, seal):
    """Nothing is read of it."""
    page = client.post(path, data={"sealed": seal, "do": "show"})

    assert page.status_code == 400
    assert 'href="/mulai"' in page.text.partition("<main")[2].partition("</main>")[0]


def test_an_altered_seal_is_refused(client, steps):
    """One letter is enough."""
    sealed = steps["who"]
    altered = sealed[:50] + ("A" if sealed[50] != "A" else "B") + sealed[51:]

    assert post(client, altered, do="show").status_code == 400


def test_the_same_form_sent_twice_gives_the_same_next_step(client, steps):
    """Nothing is counted twice, for nothing is kept."""
    sent = {"do": "another", "m0.sex": "P", "m0.age": "40", "m0.id": "Ibu"}
    pages = [post(client, steps["member"], **sent).text for _ in range(2)]

    first, second = (page.replace(sealed_in(page), "") for page in pages)
    assert first == second


@pytest.mark.parametrize("name", ["m0.age", "sealed", "do", "t"])
def test_a_file_where_none_is_expected_is_no_answer(client, steps, name):
    """It is left aside, picture or not."""
    sent = {"lang": "id", "sealed": steps["member"], "do": "next", "m0.sex": "P", "m0.age": "40"}
    data = {**sent, name: (BytesIO(b"\x00\xff GIF?"), "foto.gif")}
    page = client.post("/periksa", data=data, content_type="multipart/form-data")

    assert page.status_code in (200, 400, 422)
    assert "<h1" in page.text


@pytest.mark.parametrize(
    "sent",
    [
        {"service": ["nosuch", "²", "pkh"]},
        {"have": ["nosuch"], "ticked": "1"},
        {"change": ["nosuch", "pkh"]},
        {"format": "nosuch"},
    ],
)
@pytest.mark.parametrize("path", ["/hasil", "/surat"])
def test_the_end_of_the_way_survives_forged_ticks(client, journey, path, sent):
    """Services and papers that do not exist are left aside."""
    page = client.post(path, data={"sealed": journey("keluarga-h01").sealed, **sent})

    assert page.status_code == 200
