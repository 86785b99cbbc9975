"""What applicants read can be read: short sentences, both languages, and no office jargon without a word of explanation."""

import re
from pathlib import Path

import pytest
import yaml

from engine.knowledge.check import load
from engine.knowledge.model import Text

CHECKOUT = Path(__file__).resolve().parents[1]
LONGEST = 17
# Words of the office, and the plain words of which one must stand beside them. What every household knows from daily
# life is none of them: KTP, SD, RT/RW, TNI, Polri, Puskesmas, BPJS, PKH, Sembako.
GLOSSARY = {
    r"DTSEN": ("data sosial",),
    r"DTKS": ("data sosial",),
    r"[Dd]esil": ("kesejahteraan",),
    r"PBI(?:-JK)?|PBID": ("dibayar pemerintah", "dibayar kabupaten", "Bantuan Iuran"),
    r"JKN": ("BPJS",),
    r"SIKS-NG": ("aplikasi data",),
    r"PPKS|PMKS": ("perlu dibantu",),
    r"SPM": ("pelayanan minimum",),
    r"NIK": ("nomor",),
    r"KK": ("Kartu Keluarga",),
    r"KIA": ("Kartu Identitas Anak",),
    r"NISN": ("nomor siswa",),
    r"SKTM": ("tidak mampu",),
    r"Dukcapil": ("kependudukan",),
    r"TKSK": ("petugas sosial",),
    r"Puskesos": ("pos layanan", "bertanya"),
    r"KPM": ("keluarga penerima",),
    r"ASN|PPPK": ("pegawai negeri",),
    r"BUMN|BUMD": ("perusahaan",),
    r"APBN|APBD": ("anggaran",),
    r"Kemenkumham": ("Kementerian Hukum",),
    r"UEP|KUBE|PENA": ("usaha",),
    r"PSM|Tagana": ("relawan",),
    r"LKSA": ("panti", "anak"),
    r"LKS": ("lembaga",),
    r"ODGJ": ("jiwa",),
    r"ODKB": ("disabilitas",),
    r"DBHCHT": ("rokok", "tembakau"),
    r"BLT": ("tunai",),
    r"BPNT|KKS": ("pangan",),
    r"RTLH|Rutilahu": ("rumah", "Rumah"),
    r"BP3MI": ("pekerja migran",),
    r"KBRI": ("kedutaan",),
    r"Disnaker": ("tenaga kerja",),
    r"BPBD|BNPB": ("bencana",),
    r"DPMPTSP": ("perizinan",),
    r"PKBM": ("kejar paket",),
    r"PIP": ("sekolah",),
    r"[Aa]sesmen": ("penilaian", "menilai"),
    r"[Vv]erifikasi|[Vv]alidasi|[Vv]alid|[Vv]aliveri|[Vv]erval": ("pemeriksaan", "memeriksa", "diperiksa"),
    r"[Mm]usdes": ("musyawarah desa",),
    r"[Rr]eintegrasi|[Rr]eaktivasi|[Rr]eunifikasi": ("lagi", "mempertemukan"),
    r"debarkasi": ("tiba",),
}
JARGON = {re.compile(rf"(?<![\w-])(?:{word})(?:-?nya)?(?![\w-])"): plain for word, plain in GLOSSARY.items()}
K = load(CHECKOUT)


def texts():
    """Give every text of the knowledge that an applicant may read, each with the place where it stands."""
    shelves = {
        "facts": (K.facts, ("label", "question", "help", "find_out")),
        "services": (K.services, ("label", "summary", "apply_at", "refer_to", "valid_for")),
        "documents": (K.papers, ("label", "issued_by", "how_to_get", "valid_for")),
        "steps": (K.steps, ("label", "actor", "where")),
        "conclusions": (K.conclusions, ("label", "if_yes", "if_no")),
        "rules": (K.rules, ("title", "because", "unverifiable")),
        "exclusivity": (K.exclusivity, ("label",)),
        "evidence": (K.evidence, ("label",)),
        "offices": (K.offices, ("label", "address", "hours", "duty_person")),
        "letters": (K.letters, ("label", "texts")),
    }
    for shelf, (things, keys) in shelves.items():
        for name, thing in things.items():
            found = [(key, getattr(thing, key)) for key in keys]
            found += [(f"choices.{choice}", text) for choice, text in getattr(thing, "choices", {}).items()]
            for key, said in found:
                for text in said if isinstance(said, tuple) and not isinstance(said, Text) else (said,):
                    if isinstance(text, Text):
                        yield f"{shelf} {name} {key}", text


def page_texts():
    """Give every text of the pages, of why something is refused, and of what the engine says itself."""
    folders = CHECKOUT / "webapp" / "texts", CHECKOUT / "casework" / "sentences"
    for path in sorted(path for folder in folders for path in folder.glob("*.yaml")):
        said = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader) or {}
        yield from ((f"{path.name} {key}", Text(text["id"], text.get("en"))) for key, text in said.items())
    words = yaml.load((CHECKOUT / "engine" / "words.yaml").read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    for group, said in words.items():
        yield from ((f"words.yaml {group} {key}", Text(text["id"], text.get("en"))) for key, text in said.items())


def lengths(text):
    """Count the words of each sentence; what is filled in counts as one."""
    for sentence in re.split(r"(?<=[.!?])\s+|\n", text):
        yield sum(1 for word in sentence.split() if any(letter.isalnum() for letter in word)), sentence


def too_long(found):
    return [(where, count, said) for where, text in found for count, said in lengths(text.id) if count > LONGEST]


@pytest.mark.parametrize("found", [texts, page_texts], ids=["knowledge", "pages"])
def test_a_sentence_has_at_most_seventeen_words(found):
    """Whoever reads slowly still has its beginning in mind at its end."""
    assert too_long(found()) == []


@pytest.mark.parametrize("found", [texts, page_texts], ids=["knowledge", "pages"])
def test_every_text_is_there_in_english_too(found):
    """Nothing falls back to Indonesian."""
    assert [where for where, text in found() if not text.en] == []


def unexplained(said, beside=""):
    """Give the jargon of a text that is explained neither in it nor beside it."""
    around = f"{said} {beside}".lower()
    return [
        hit[0]
        for pattern, plain in JARGON.items()
        if (hit := pattern.search(said)) and not any(word.lower() in around for word in plain)
    ]


def applicants_facts():
    """Give the facts that people are asked about, or that they hear are looked up for them."""
    hidden = ("officer_only",)
    facts = K.facts.values()
    return [one for one in facts if not one.computed and one.answered_by != "officer" and one.sensitive not in hidden]


def test_a_question_explains_the_words_of_the_office():
    """In the question itself or in its help; a choice may rest on both."""
    wrong = []
    for fact in applicants_facts():
        shown = [one.id for one in (fact.question, fact.help, fact.find_out) if one]
        beside = " ".join(shown)
        for said in (*shown, *(choice.id for choice in fact.choices.values())):
            wrong += [(fact.name, word, said) for word in unexplained(said, beside)]

    assert wrong == []


def test_the_name_of_a_fact_explains_the_words_of_the_office():
    """It stands alone where a page lists what is not known yet."""
    assert [(one.name, word) for one in applicants_facts() for word in unexplained(one.label.id)] == []


def test_a_service_explains_the_words_of_the_office():
    """In its name or its summary; where to go is understood alone."""
    wrong = []
    for service in K.services.values():
        name, summary = service.label.id, service.summary.id if service.summary else ""
        wrong += [(service.name, word) for word in unexplained(name, summary) + unexplained(summary, name)]
        for place in (service.apply_at, service.refer_to):
            wrong += [(service.name, word) for word in (unexplained(place.id, name) if place else ())]

    assert wrong == []


def test_no_question_fits_only_one_kind_of_applicant():
    """A finder, a group and an organisation are asked where they live, or the person they report, and not about "this family"."""
    assert [
        one.name for one in applicants_facts() if one.question and re.search(r"[Kk]eluarga ini", one.question.id)
    ] == []


@pytest.mark.parametrize(
    ("said", "beside", "found"),
    [
        ("Apakah terdaftar dalam DTSEN?", "", ["DTSEN"]),
        ("Apakah terdaftar dalam data sosial nasional (DTSEN)?", "", []),
        ("Apakah terdaftar dalam DTSEN?", "DTSEN adalah data sosial nasional.", []),
        ("Berapa desilnya, dan apa NIK-nya?", "", ["desilnya", "NIK-nya"]),
        ("Berapa KKS yang ada?", "", ["KKS"]),
    ],
)
def test_what_counts_as_an_explanation(said, beside, found):
    """A plain word in the same text or beside it."""
    assert unexplained(said, beside) == found
