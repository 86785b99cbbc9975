"""`tepat batch`: many households from tables in files; how far it is, and what came out, for people at a terminal."""

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import click
from babel.numbers import format_decimal
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
)
from rich.progress import Progress as Bars
from rich.table import Table
from rich.text import Text

from engine.advise import STATUSES
from engine.diagnosis import Office
from engine.knowledge.problems import Refused, render
from engine.many.batch import MOST_TOLD, PROBLEMS, Asked, Progress, Result, Stopped, run
from engine.many.table_findings import problem_at
from engine.words import money, say
from tepat.report import COLOURS

SHOWN = 20
MOST_COLUMNS = 8
LEFT_OUT, TROUBLE, INTERRUPTED = 1, 2, 130
WORDS = {
    "id": {
        "reading": "membaca tabel",
        "answering": "menilai keluarga",
        "verifying": "memeriksa ulang",
        "pace": "{rate}/dtk",
        "left": "sisa {left}",
        "answered": "{households} keluarga dinilai; hasilnya di {out}",
        "left_out": "{left_out} keluarga tidak diikutkan karena isinya salah; lihat {report}",
        "strays": "{strays} baris orang tidak dipakai",
        "stopped": "Dihentikan (--strict): ada isi yang salah, dan tidak ada yang disimpan.",
        "more": "... dan {more} kesalahan lagi; semuanya ada di {report}",
        "more_strict": "... dan {more} kesalahan lagi",
        "by_column": "kesalahan menurut kolom: {counts}",
        "interrupted": "Dihentikan; tidak ada yang disimpan.",
        "more_than_told": "... dan {more} kesalahan lagi; {most} yang pertama ada di {report}",
        "same": "{count} keluarga dinilai ulang satu per satu: semuanya sama",
        "differ": "{count} keluarga dinilai ulang satu per satu: {differences} perbedaan",
        "sides": "bersama-sama {columns}, satu per satu {forward}",
        "service": "layanan dan hasilnya",
        "count": "jumlah",
        "yearly": "setahun",
    },
    "en": {
        "reading": "reading tables",
        "answering": "answering",
        "verifying": "one by one",
        "pace": "{rate}/s",
        "left": "{left} left",
        "answered": "Households answered: {households}; the results are in {out}",
        "left_out": "Households left out because of mistakes: {left_out}; see {report}",
        "strays": "Rows of persons not used: {strays}",
        "stopped": "Stopped (--strict): there are mistakes, and nothing was saved.",
        "more": "... and {more} more mistakes; all are in {report}",
        "more_strict": "... and {more} more mistakes",
        "by_column": "mistakes by column: {counts}",
        "interrupted": "Stopped; nothing was saved.",
        "more_than_told": "... and {more} more mistakes; the first {most} are in {report}",
        "same": "Households diagnosed one by one too: {count}; all the same",
        "differ": "Households diagnosed one by one too: {count}; differences: {differences}",
        "sides": "together {columns}, one by one {forward}",
        "service": "service and status",
        "count": "count",
        "yearly": "a year",
    },
}


class Pace(ProgressColumn):
    """How many of all are done, how many in a second, and how long the others will take."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        super().__init__()

    def render(self, task: Task) -> Text:
        words, seconds = WORDS[self.lang], task.finished_time or task.elapsed
        parts = ["/".join(whole(int(count), self.lang) for count in (task.completed, task.total or 0))]
        if task.completed and seconds:
            rate = task.completed / seconds
            parts.append(words["pace"].format(rate=whole(round(rate), self.lang)))
            if not task.finished:
                left = timedelta(seconds=round(task.remaining / rate))
                parts.append(words["left"].format(left=left))
        return Text("  ".join(parts))


class Shown(Progress):
    """Shows how far a run is, in a bar for each thing that it does."""

    def __init__(self, bars: Bars, lang: str) -> None:
        self.bars, self.lang, self.tasks = bars, lang, {}

    def reading(self, done: int, total: int) -> None:
        self._show("reading", done, total)

    def answering(self, done: int, total: int) -> None:
        self._show("answering", done, total)

    def verifying(self, done: int, total: int) -> None:
        self._show("verifying", done, total)

    def _show(self, what: str, done: int, total: int) -> None:
        if what not in self.tasks:
            self.tasks[what] = self.bars.add_task(WORDS[self.lang][what], total=total)
        self.bars.update(self.tasks[what], completed=done)


@contextmanager
def shown(lang: str) -> Iterator[Progress]:
    """Show progress on stderr while it is a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield Progress()
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=16), Pace(lang))
    with Bars(*columns, console=console, transient=True) as bars:
        yield Shown(bars, lang)


def answer(office: Office, asked: Asked, engine: str, as_data: bool) -> int:
    """Run, show what came out, and give the exit code.

    Raises:
        Refused: when the files, their columns or the folder for the results cannot be used.
    """
    if engine == "spark":
        raise Refused([problem_at("--engine", "no-spark")])
    try:
        with shown(asked.lang) as progress:
            result = run(office, asked, progress)
    except Stopped as stopped:
        _print_problems(stopped.result, asked, strict=True)
        return TROUBLE
    except KeyboardInterrupt:
        click.echo(WORDS[asked.lang]["interrupted"], err=True)
        return INTERRUPTED
    _print_problems(result, asked)
    if as_data:
        click.echo(json.dumps(data_of(result, asked), ensure_ascii=False, indent=2, default=sorted))
    else:
        _print_result(Console(highlight=False), office, result, asked)
    return LEFT_OUT if result.left_out or result.persons_left_out or result.differences else 0


def data_of(result: Result, asked: Asked) -> dict[str, Any]:
    """Give what came out as plain data."""
    return {
        "households": result.households,
        "left_out": result.left_out,
        "persons_left_out": result.persons_left_out,
        "problems": [
            {"file": file, "column": column, "count": count} for (file, column), count in sorted(result.found.items())
        ],
        "verified": result.verified,
        "differences": [one._asdict() for one in result.differences],
        "services": result.counts.to_dicts(),
        "out": str(asked.out),
    }


def _print_problems(result: Result, asked: Asked, strict: bool = False) -> None:
    """Print the first mistakes to stderr, and where the others are."""
    words, lang = WORDS[asked.lang], asked.lang
    for problem in result.told[:SHOWN]:
        click.echo(render(problem, lambda file, line: None, lang), err=True)
    more = result.found.total() - min(SHOWN, len(result.told))
    if more:
        key = "more_strict" if strict else "more_than_told" if result.found.total() > MOST_TOLD else "more"
        said = words[key].format(more=whole(more, lang), most=whole(MOST_TOLD, lang), report=asked.out / PROBLEMS)
        click.echo(said, err=True)
        several = result.found.most_common(MOST_COLUMNS)
        counts = "; ".join(f"{file}: {column} ({whole(count, lang)})" for (file, column), count in several)
        click.echo(
            words["by_column"].format(counts=counts + (" ..." if len(result.found) > MOST_COLUMNS else "")), err=True
        )
    if strict:
        click.echo(words["stopped"], err=True)


def _print_result(console: Console, office: Office, result: Result, asked: Asked) -> None:
    words, lang = WORDS[asked.lang], asked.lang
    if result.households:
        console.print(_counts(office, result, lang))
        console.print()
    console.print(words["answered"].format(households=whole(result.households, lang), out=asked.out), soft_wrap=True)
    if result.left_out:
        said = words["left_out"].format(left_out=whole(result.left_out, lang), report=asked.out / PROBLEMS)
        console.print(said, style="yellow", soft_wrap=True)
    if result.persons_left_out:
        strays = words["strays"].format(strays=whole(result.persons_left_out, lang))
        console.print(strays, style="yellow")
    if result.verified:
        count, differences = whole(result.verified, lang), len(result.differences)
        key = "differ" if differences else "same"
        console.print(words[key].format(count=count, differences=differences), style="red" if differences else "green")
        for one in result.differences:
            line = f"{one.household} / {one.service} / {one.subject}: {one.what}: "
            line += words["sides"].format(columns=one.columns, forward=one.forward)
            console.print(escape(line), soft_wrap=True)


def _counts(office: Office, result: Result, lang: str) -> Table:
    """Lay out how many have which status of which service, and what that gives in a year where the outcome is yes."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for key in ("service", "count", "yearly"):
        table.add_column(WORDS[lang][key], justify="left" if key == "service" else "right", no_wrap=key != "service")
    rows = result.counts.to_dicts()
    for name, service in office.knowledge.services.items():
        mine = sorted((row for row in rows if row["service"] == name), key=lambda row: STATUSES.index(row["status"]))
        if mine:
            table.add_row(f"[bold]{escape(service.label.in_(lang))}[/]")
        for row in mine:
            status = f"  [{COLOURS.get(row['status'], 'dim')}]{say('status_short', row['status'], lang)}[/]"
            yearly = money(row["yearly"], lang) if row["outcome"] == "yes" and row["yearly"] else ""
            table.add_row(status, whole(row["count"], lang), yearly)
    return table


def whole(number: int, lang: str) -> str:
    """Write a count as the language writes it."""
    return format_decimal(number, locale=lang)


def services_named(value: str | None, known: Collection[str]) -> tuple[str, ...] | None:
    """Read a list of services, parted by commas.

    Raises:
        click.BadParameter: for a service that the knowledge does not have.
    """
    if value is None:
        return None
    names = tuple(name.strip() for name in value.split(",") if name.strip())
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        wrong = f"not known: {', '.join(unknown)}" if unknown else "no service is named"
        raise click.BadParameter(f"{wrong}; known are {', '.join(known)}.", param_hint="--services")
    return names
