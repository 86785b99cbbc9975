"""A small invented edition: a public service, a secret one, and what stands around them."""

from datetime import date

from engine.compile import Compiler
from tests.engine.generated import knowledge_of

DAY = date(2026, 3, 1)
_FACTS = """
facts:
  income: {of: household, type: money, unit: IDR/month, label: {id: Penghasilan, en: Income}, question: {id: Berapa?, en: How much?}, help: {id: Sebulan, en: A month}}
  size: {of: household, type: integer, label: {id: Jumlah orang, en: Number of people}, question: {id: Berapa?, en: How many?}}
  zone: {of: household, type: choice, choices: {hill: {id: Bukit, en: Hill}, town: {id: Kota, en: Town}}, label: {id: Wilayah, en: Zone}, question: {id: Mana?, en: Which?}}
  sick: {of: person, type: boolean, label: {id: Sakit, en: Sick}, question: {id: Sakit?, en: Sick?}}
  old: {of: person, type: boolean, label: {id: Tua, en: Old}, question: {id: Tua?, en: Old?}}
  rich: {of: household, type: boolean, label: {id: Kaya, en: Rich}, question: {id: Kaya?, en: Rich?}}
  secret: {of: person, type: boolean, sensitive: officer_only, label: {id: Hal rahasia, en: A secret thing}, question: {id: Rahasia?, en: Secret?}}
"""
_EVIDENCE = "evidence: {told: {certainty: 0.6, name: {id: Kata orang, en: Told}}}\ndefault_evidence: told\n"
_BASE = """
programs: {help: {name: {id: Pertolongan, en: Help}, source: law-1, activities: {care: {name: {id: Perawatan, en: Care}}}}}
conclusions:
  frail: {about: person, name: {id: Lemah, en: Frail}, if_yes: {id: lemah badannya, en: is frail}}
  household_frail: {about: household, name: {id: Keluarga lemah, en: Frail family}, if_yes: {id: ada yang lemah, en: somebody is frail}}
  poor: {about: household, name: {id: Miskin, en: Poor}, if_yes: {id: keluarga miskin, en: the family is poor}, if_no: {id: tidak miskin, en: not poor}}
  hidden: {about: person, name: {id: Golongan rahasia, en: Secret group}}
services:
  meals: {program: help, activity: care, name: {id: Makanan, en: Meals}, summary: {id: Nasi, en: Rice}, for: household, decided_by: dinsos, benefit: {amount: meal_price * size, per: day, kind: goods}, apply_at: {id: Balai, en: Hall}, time_limit: 3 days}
  roof: {program: help, activity: care, name: {id: Atap, en: Roof}, for: household, offer: refer, refer_to: {id: Dinas lain, en: Another office}, not_with: [meals, whisper], benefit: {amount: roof_price, per: once, kind: cash}}
  whisper: {program: help, activity: care, name: {id: Bisikan, en: Whisper}, for: person}
documents:
  card: {name: {id: Kartu, en: Card}, issued_by: {id: Desa, en: Village}}
  letter: {name: {id: Surat, en: Letter}, instead_of: [card]}
  stamp: {name: {id: Cap, en: Stamp}}
  veil: {name: {id: Kerudung, en: Veil}}
  mask: {name: {id: Topeng, en: Mask}, instead_of: [veil]}
steps:
  ask: {name: {id: Bertanya, en: Ask}, actor: {id: Anda, en: You}, where: {id: Balai, en: Hall}, time: 2 days}
  hush: {name: {id: Diam, en: Hush}}
sources:
  law-1: {title: Aturan satu, kind: regulation, status: in_force, seen: reported, address: "https://example.org/1"}
  law-2: {title: Aturan dua, kind: regulation, status: repealed, repealed_by: law-1, seen: known, address: "javascript:alert(1)"}
  law-3: {title: Aturan tiga, kind: regulation, status: in_force, seen: known}
parameters:
  most_income: {name: {id: Batas penghasilan, en: Income limit}, unit: IDR/month, values: [{from: 2025-01-01, value: 1000000, source: law-2}]}
  meal_price: {name: {id: Harga makan, en: Meal price}, unit: IDR/day, values: [{from: 2025-01-01, value: 15000, source: law-2, confirmed: no}]}
  roof_price: {name: {id: Harga atap, en: Roof price}, unit: IDR, keys: [zone], values: [{from: 2025-01-01, table: {hill: 500, town: 700}, source: law-1}]}
  later: {name: {id: Batas nanti, en: Limit to come}, unit: IDR/month, values: [{from: 2030-01-01, value: 7, source: law-1}]}
"""
_RULES = """
topic: all
rules:
  - {id: A, title: {id: Lemah, en: Frail}, about: person, when any: [{sick: yes}, {old: yes}], decides: frail, source: law-1}
  - {id: B, title: {id: Ada, en: There is}, when all: [{frail: any member}], decides: household_frail, source: law-1}
  - {id: C, title: {id: Penghasilan kecil, en: Small income}, when all: [{income: below most_income}], then: poor, source: law-1}
  - {id: D, title: {id: Makan, en: Meals}, when all: [{poor: yes}, {household_frail: yes}, {income: at most later}], unless any: [{rich: yes}], provided all: [{card: in hand}], decides: meals, source: law-1 Pasal 3, unverifiable: [{id: Kemauan, en: Willingness}]}
  - {id: E, title: {id: Atap, en: Roof}, when all: [{income: at most 50% of most_income}, {zone: is one of hill, town}, {meals: is not received}], decides: roof, source: law-1}
  - {id: F, title: {id: Golongan, en: Group}, about: person, when all: [{secret: yes}], decides: hidden, source: law-3}
  - {id: G, title: {id: Bisikan, en: Whisper}, about: person, when all: [{hidden: yes}], decides: whisper, source: law-3}
  - {id: H, title: {id: Kartu, en: Card}, for: meals, requires: [card], source: law-1}
  - {id: I, title: {id: Kartu anggota, en: Card of a member}, about: person, for: meals, when all: [{sick: yes}], requires: [card, stamp], before: later, source: law-1}
  - {id: J, title: {id: Kerudung, en: Veil}, for: whisper, requires: [veil], source: law-3}
  - {id: K, title: {id: Jalan, en: Way}, for: meals, follow: [ask], source: law-1}
  - {id: L, title: {id: Jalan diam, en: Silent way}, for: whisper, follow: [hush], source: law-3}
"""


def small_plan():
    """Compile the small edition for its day."""
    files = {"facts_schema.yaml": _EVIDENCE + _FACTS, "knowledge_base/a.yaml": _BASE, "rules/a.yaml": _RULES}
    return Compiler(knowledge_of(files)).plan(DAY)
