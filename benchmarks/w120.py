"""A made-up knowledge folder of 120 rules in three levels over 40 numeric facts, from a seed.

Every rule has two to four tests `at least 0.3`; rules of the second and third level also test one
conclusion of the level below. There are 20 conclusions a level, and certainties from 0.3 to 0.9.
"""

import random
from pathlib import Path

FACTS, LEVELS, RULES_A_LEVEL, CONCLUSIONS_A_LEVEL = 40, 3, 40, 20


def write_knowledge(folder: Path, seed: int = 1) -> None:
    """Write the folder; the same seed gives the same files."""
    dice = random.Random(seed)
    (folder / "rules").mkdir(parents=True, exist_ok=True)
    (folder / "knowledge_base").mkdir(exist_ok=True)
    (folder / "facts_schema.yaml").write_text(_facts(), encoding="utf-8")
    (folder / "knowledge_base" / "all.yaml").write_text(_base(), encoding="utf-8")
    (folder / "rules" / "all.yaml").write_text(_rules(dice), encoding="utf-8")


def write_household(path: Path, seed: int = 2) -> None:
    """Write one household with a value between 0 and 1 for each fact."""
    dice = random.Random(seed)
    values = "\n".join(f"  f{n}: {dice.random():.3f}" for n in range(FACTS))
    path.write_text(f"id: satu\nas_of: 2026-01-01\nhousehold:\n{values}\nmembers: []\n", encoding="utf-8")


def _facts() -> str:
    one = "  f{n}:\n    of: household\n    type: number\n    label: {{id: F{n}, en: F{n}}}\n    question: {{id: F{n}?, en: F{n}?}}\n"
    return "facts:\n" + "".join(one.format(n=n) for n in range(FACTS))


def _base() -> str:
    names = [f"c{level}_{n}" for level in range(LEVELS) for n in range(CONCLUSIONS_A_LEVEL)]
    conclusions = "".join(f"  {name}: {{about: household, name: {{id: {name}, en: {name}}}}}\n" for name in names)
    evidence = "evidence:\n  told: {certainty: 0.9, name: {id: Diberitahukan, en: Told}}\ndefault_evidence: told\n"
    source = "sources:\n  seed: {title: Made from a seed, kind: decision, status: in_force, seen: yes}\n"
    return evidence + source + "conclusions:\n" + conclusions


def _rules(dice: random.Random) -> str:
    lines = ["topic: w120", "rules:"]
    for level in range(LEVELS):
        for n in range(RULES_A_LEVEL):
            tests = [f"f{fact}: at least 0.3" for fact in dice.sample(range(FACTS), dice.randint(2, 4))]
            if level:
                tests.append(f"c{level - 1}_{dice.randrange(CONCLUSIONS_A_LEVEL)}: yes")
            lines += [
                f"  - id: R{level}-{n:02}",
                f"    title: {{id: R{level}-{n:02}, en: R{level}-{n:02}}}",
                "    when all:",
            ]
            lines += [f"      - {test}" for test in tests]
            lines += [
                f"    then: c{level}_{n % CONCLUSIONS_A_LEVEL}",
                f"    certainty: {dice.uniform(0.3, 0.9):.2f}",
                "    source: seed",
            ]
    return "\n".join(lines) + "\n"
