"""Begin a service: its entry, its rules and a first sample, ready to be filled in by an officer."""

from pathlib import Path

from engine.knowledge.model import Knowledge
from engine.knowledge.problems import Problem, Refused, closest
from engine.knowledge.read import Place
from engine.knowledge.shapes import NAME_LETTERS

_SERVICE = """# Layanan {id}. Lengkapi semua yang bertanda titik-titik, lalu jalankan: tepat check
services:
  {id}:
    program: {program}
    name: {{id: "{title}", en: "{title}"}}
    summary: {{id: "...", en: "..."}}
    for: {for_}
    offer: here
    decided_by: dinsos
    confirmed: no
"""
_RULES = """# Kapan {id} dapat diusulkan. Ganti syarat contoh di bawah ini dengan syarat yang sebenarnya.
program: {program}
rules:
  - id: {rule}
    title: {{id: "Memenuhi syarat {title}", en: "Qualifies for {title}"}}
    about: {for_}
    when all:
      - {{{condition}}}
    decides: {id}
    source: {source}
"""
_SAMPLE = """# Contoh pertama untuk {id}: satu keluarga yang hasilnya belum dapat ditentukan.
- id: {sample}
  evidence: registry
  household: {{}}
  members:
    - {{id: pemohon}}
  expect:
    - {{service: {id}{subject}, outcome: unknown}}
"""


def new_service(folder: Path, knowledge: Knowledge, id_: str, program: str, for_: str) -> list[Path]:
    """Write the stubs of a service.

    Args:
        folder: The knowledge folder.
        knowledge: Its knowledge, for names that are taken and for a first condition.
        id_: The new service's id.
        program: The program it belongs to.
        for_: `household` or `person`.

    Returns:
        The files written; none of them existed before.

    Raises:
        Refused: when the id is taken or cannot be a name, the program is unknown, or a file exists.
    """
    _refuse_bad_names(knowledge, id_, program)
    plain = (
        f for f in knowledge.facts.values() if f.of == for_ and not (f.computed or f.only_if or f.presume is not None)
    )
    fact = next((f for f in plain if f.type == "boolean"), None)
    fields = {
        "id": id_,
        "program": program,
        "title": id_.replace("_", " ").capitalize(),
        "for_": for_,
        "rule": id_.upper().replace("_", "-"),
        "condition": f"{fact.name}: yes" if fact else f"{next(iter(knowledge.facts))}: is known",
        "source": next(iter(knowledge.sources)),
        "sample": f"keluarga-{id_.replace('_', '-')}",
        "subject": ", subject: pemohon" if for_ == "person" else "",
    }
    files = {
        folder / "knowledge_base" / "services" / program / f"{id_}.yaml": _SERVICE,
        folder / "rules" / program / f"{id_}.yaml": _RULES,
        folder / "samples" / program / f"{id_}.yaml": _SAMPLE,
    }
    for path in files:
        if path.exists():
            raise Refused([Problem("file-exists", Place(str(path)))])
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(**fields), encoding="utf-8")
    return list(files)


def _refuse_bad_names(knowledge: Knowledge, id_: str, program: str) -> None:
    place = Place("tepat new service")
    if not id_ or not set(id_) <= NAME_LETTERS or id_[0].isdigit():
        raise Refused([Problem("bad-name", place, {"name": id_, "what": "services"})])
    for shelf in (knowledge.facts, knowledge.parameters, knowledge.conclusions, knowledge.papers):
        if id_ in shelf:
            raise Refused([Problem("repeated-name", place, {"name": id_}, shelf[id_].place)])
    if program not in knowledge.programs:
        guess = closest(program, knowledge.programs)
        raise Refused([Problem("unknown-program", place, {"value": program, "did_you_mean": guess})])
