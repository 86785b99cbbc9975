"""Print a diagnosis, a check and a run of samples for people at a terminal."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from engine import certainty
from engine.diagnosis import Diagnosis
from engine.explain import grounds
from engine.knowledge.model import HOUSEHOLD, Knowledge
from engine.knowledge.problems import Problem
from engine.present import status_sentence, warnings
from engine.rows import ServiceRow
from engine.samples import Tally
from engine.words import Speaker, day, joined, money, percent, say, sureness

COLOURS = {
    "eligible": "green",
    "eligible_as_told": "green",
    "conditional": "green",
    "likely": "green",
    "undetermined": "yellow",
    "unlikely": "dim",
    "ineligible": "dim",
    "excluded": "red",
}
_ORDER = tuple(COLOURS)


def print_diagnosis(console: Console, diagnosis: Diagnosis, lang: str, everything: bool) -> None:
    """Print one household's diagnosis: a table of services, then each in words, papers, packages, what to ask."""
    speaker = Speaker(diagnosis.knowledge, lang)
    household = diagnosis.household
    rows = sorted(diagnosis.rows if everything else diagnosis.shown, key=_rank)
    groups = _alike(diagnosis, rows, speaker)
    title = f"{say('report', 'household', lang)} {household.id}, {say('report', 'on', lang, day=day(household.as_of, lang))}"
    console.rule(f"[bold]{escape(title)}[/]", align="left")
    for warning in warnings(diagnosis, lang):
        console.print(f"[yellow]! {escape(warning['sentence'])}[/]")
    console.print(_overview(groups, speaker))
    count = len(diagnosis.rows) - len(rows)
    if count:
        console.print(say("report", "not_concerned", lang, count=count), style="dim")
    for group in groups:
        _print_group(console, group, speaker)
    _print_packages(console, diagnosis, speaker)
    _print_papers(console, diagnosis, speaker)
    if diagnosis.question:
        fact = diagnosis.knowledge.facts[diagnosis.question.fact]
        asked = (fact.question or fact.label).in_(lang)
        who = "" if diagnosis.question.subject == HOUSEHOLD else f" ({speaker.who(diagnosis.question.subject)})"
        console.print(f"\n[bold]{say('report', 'next', lang)}:[/] {escape(asked + who)}")
    console.print(f"\n{say('report', 'recommends', lang)}\n", style="italic dim")


def _rank(row: ServiceRow) -> tuple:
    place = _ORDER.index(row.status) if row.status in _ORDER else len(_ORDER)
    return (row.outcome != "yes" or not row.service.duty, place, row.service.name, row.subject != HOUSEHOLD)


class Group(NamedTuple):
    """Rows of one service that say the same of several people: the first of them, the people, what is said."""

    row: ServiceRow
    who: str
    cells: tuple[str, ...]
    lines: tuple[str, ...]


def _alike(diagnosis: Diagnosis, rows: Iterable[ServiceRow], speaker: Speaker) -> list[Group]:
    """Put rows together that say the same."""
    found: dict[tuple, list[ServiceRow]] = {}
    for row in rows:
        said = (
            row.service.name,
            tuple(_cells(row, speaker)),
            tuple(_lines(diagnosis, row, speaker.about(row.subject))),
        )
        found.setdefault(said, []).append(row)
    return [
        Group(alike[0], joined((speaker.who(row.subject) for row in alike), speaker.lang), cells, lines)
        for (_, cells, lines), alike in found.items()
    ]


def _overview(groups: Iterable[Group], speaker: Speaker) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for key in ("service", "whom", "status", "confidence", "amount", "advice"):
        table.add_column(
            say("report", key, speaker.lang), justify="right" if key in ("confidence", "amount") else "left"
        )
    for group in groups:
        table.add_row(escape(group.row.service.label.in_(speaker.lang)), escape(group.who), *group.cells)
    return table


def _cells(row: ServiceRow, speaker: Speaker) -> Iterable[str]:
    """Give what the table says of a row: status, how sure, value, advice."""
    lang = speaker.lang
    status = "not_here" if row.service.offer == "not_here" else row.status
    yield f"[{COLOURS.get(status, 'dim')}]{say('status_short', status, lang)}[/]"
    yield percent(row.cf, lang) if row.outcome != "unknown" else "-"
    yield _worth(row, lang) if row.outcome == "yes" else ""
    yield say("advice", row.advice, lang)


def _worth(row: ServiceRow, lang: str) -> str:
    if row.worth is None or row.worth.amount is None:
        return ""
    return f"{money(row.worth.amount, lang)} {say('per', row.worth.per, lang)}"


def _print_group(console: Console, group: Group, speaker: Speaker) -> None:
    service = group.row.service
    badge = f" [dim]({say('say', 'unconfirmed', speaker.lang)})[/]" if not service.confirmed else ""
    badge += f" [red]({say('say', 'officer_only', speaker.lang)})[/]" if group.row.officer_only else ""
    console.print(f"\n[bold]{escape(service.label.in_(speaker.lang))}[/] · {escape(group.who)}{badge}")
    for line in group.lines:
        console.print(Padding(line, (0, 0, 0, 2)))


def _lines(diagnosis: Diagnosis, row: ServiceRow, speaker: Speaker) -> Iterable[str]:
    """Say a row in words: status, why, on what it rests, components, papers, steps, where to go."""
    lang, service = speaker.lang, row.service
    yield f"[{COLOURS.get(row.status, 'dim')}]{escape(status_sentence(row, speaker))}[/]"
    if service.offer != "here" and service.refer_to:
        yield escape(say("offer", "refer", lang, place=service.refer_to.in_(lang)))
    if row.outcome == "yes":
        yield from _why(row, speaker)
    if row.outcome != "unknown":
        yield escape(_sure(diagnosis, row, speaker))
    if row.worth and row.worth.parts:
        yield escape(_components(row, speaker))
    if row.outcome == "yes":
        yield from _verify(row, speaker)
    if row.documents:
        yield f"{say('report', 'documents', lang)}: {escape(_papers_of(row, speaker))}"
    if row.steps:
        named = [speaker.label(step.name) for step in row.steps]
        yield f"{say('report', 'steps', lang)}: {escape(' → '.join(named))}"
    if service.apply_at and row.outcome != "no":
        yield f"{say('report', 'apply_at', lang)}: {escape(service.apply_at.in_(lang))}"
    unverifiable = [text.in_(lang) for reason in row.reasons for text in reason.rule.unverifiable]
    if unverifiable and row.outcome != "no":
        yield f"[dim]{say('report', 'unverifiable', lang)}: {escape('; '.join(unverifiable))}[/]"


def _why(row: ServiceRow, speaker: Speaker) -> Iterable[str]:
    for reason in row.reasons:
        held = (line for line in reason.conditions if speaker.mark(line) == "yes" and line.block != "unless any")
        said = joined(map(speaker.finding, held), speaker.lang) or speaker.sentence(reason)
        source = f"{say('say', 'source', speaker.lang)}: {speaker.source(reason.rule)}"
        yield f"{say('report', 'why', speaker.lang)}: {escape(said)} [dim]({escape(source)})[/]"


def _sure(diagnosis: Diagnosis, row: ServiceRow, speaker: Speaker) -> str:
    """Say how sure a yes or no is, and on which evidence it rests."""
    lang = speaker.lang
    rests = speaker.grounds(grounds(diagnosis.trace, row.service.name, row.subject))
    said = ". ".join(rests) or "-"
    sure = sureness(row.cf, lang)
    return say("report", "rests_on", lang, sure=sure.capitalize(), percent=percent(row.cf, lang), list=said)


def _verify(row: ServiceRow, speaker: Speaker) -> Iterable[str]:
    """Name the facts of which one alone, once checked, would make the answer surer."""
    helping = [one for one in row.verify if certainty.confidence(one.cf_then) > certainty.confidence(row.cf)]
    if helping:
        told = joined(speaker.missing((one.fact, one.subject) for one in helping), speaker.lang)
        best = percent(helping[0].cf_then, speaker.lang)
        yield f"{say('report', 'verify', speaker.lang)}: {escape(told)} → {best}"


def _components(row: ServiceRow, speaker: Speaker) -> str:
    benefit = row.service.benefit
    labels = {component.name.text: speaker.label(component.member.text) for component in benefit.components}
    parts = []
    for part in row.worth.parts:
        mark = "✓" if part.paid else "–" if part.known else "?"
        parts.append(
            f"{mark} {labels[part.component]} ({speaker.who(part.subject)}) {money(part.amount, speaker.lang)}"
        )
    return "; ".join(parts)


def _papers_of(row: ServiceRow, speaker: Speaker) -> str:
    said = []
    for one in row.documents:
        who = f" ({joined((speaker.who(m) for m in one.of), speaker.lang)})" if one.of else ""
        perhaps = f" [{say('report', 'perhaps', speaker.lang)}]" if one.needed == "maybe" else ""
        when = f" ({say('before', one.before, speaker.lang)})" if one.before != "proposal" else ""
        said.append(f"{speaker.label(one.name)}{who}{when}{perhaps}")
    return ", ".join(said)


def _print_packages(console: Console, diagnosis: Diagnosis, speaker: Speaker) -> None:
    lang, bundles = speaker.lang, [bundle for bundle in diagnosis.choice.bundles if bundle.services]
    if len(bundles) < 2:
        return
    console.print(f"\n[bold]{say('report', 'packages', lang)}[/]")
    for number, bundle in enumerate(bundles, 1):
        names = joined(dict.fromkeys(speaker.label(name) for name, _ in sorted(bundle.services)), lang)
        values = f"{money(bundle.cash, lang)} {say('report', 'cash', lang)} + {money(bundle.in_kind, lang)} {say('report', 'in_kind', lang)}"
        mark = f" [green]{say('report', 'recommended', lang)}[/]" if bundle.recommended else ""
        unsure = (
            f", {money(bundle.unconfirmed, lang)} {say('report', 'unconfirmed', lang)}" if bundle.unconfirmed else ""
        )
        line = f"{number}. {escape(names)}: {values} {say('report', 'a_year', lang)}{unsure}{mark}"
        console.print(Padding(line, (0, 0, 0, 2)))


def _print_papers(console: Console, diagnosis: Diagnosis, speaker: Speaker) -> None:
    lang = speaker.lang
    if not diagnosis.papers:
        return
    console.print(f"\n[bold]{say('report', 'documents', lang)}[/]")
    for paper in diagnosis.papers:
        who = f" ({joined((speaker.who(one) for one in paper.of), lang)})" if paper.of else ""
        how = diagnosis.knowledge.papers[paper.document].how_to_get
        tail = (
            f"[green]{say('report', 'in_hand', lang)}[/]"
            if paper.in_hand
            else f"[dim]{escape(how.in_(lang)) if how else ''}[/]"
        )
        others = joined(speaker.substitutes(paper.document), lang, "or")
        if others and not paper.in_hand:
            tail += f" [dim]({escape(say('report', 'instead', lang, papers=others))})[/]"
        mark = "[green]☑[/]" if paper.in_hand else "☐"
        console.print(Padding(f"{mark} {escape(speaker.label(paper.document) + who)}  {tail}", (0, 0, 0, 2)))


def check_summary(knowledge: Knowledge, problems: Iterable[Problem], lang: str) -> str:
    """Sum a check up in one line."""
    listed = list(problems)
    warned = sum(problem.is_warning for problem in listed)
    counts = len(knowledge.rules), len(knowledge.services), len(knowledge.facts), len(listed) - warned, warned
    if lang == "en":
        return "{} rules, {} services, {} facts: {} errors, {} warnings".format(*counts)
    return "{} aturan, {} layanan, {} fakta: {} kesalahan, {} peringatan".format(*counts)


def tally_summary(tally: Tally, gaps: list, lang: str) -> str:
    """Sum a run of samples up in one line."""
    counts = tally.households, tally.expectations, len(tally.failures), len(tally.refused)
    if lang == "en":
        line = "{} households, {} expectations: {} failed, {} files refused".format(*counts)
        return f"{line}, {len(gaps)} gaps" if gaps else line
    line = "{} keluarga, {} harapan: {} gagal, {} berkas ditolak".format(*counts)
    return f"{line}, {len(gaps)} celah" if gaps else line


def gap_lines(gaps: list, lang: str) -> list[str]:
    """Say which rules and conditions no sample makes true or false."""
    words = {
        "id": {"true": "tidak pernah benar dalam contoh", "false": "tidak pernah salah dalam contoh"},
        "en": {"true": "never true in a sample", "false": "never false in a sample"},
    }[lang]
    return [
        f"{place.file}:{place.line}: {rule}{': ' + line if line else ''}: {words[which]}"
        for place, rule, line, which in gaps
    ]


def tally_data(tally: Tally, failures: list[Problem], gaps: list, lang: str) -> dict[str, Any]:
    """Give a run of samples as plain data."""
    return {
        "households": tally.households,
        "expectations": tally.expectations,
        "failures": [problem.as_json(lang) for problem in failures],
        "refused": [problem.as_json(lang) for refused in tally.refused for problem in refused.problems],
        "gaps": [
            {"file": place.file, "line": place.line, "rule": rule, "condition": line or None, "never": which}
            for place, rule, line, which in gaps
        ],
    }
