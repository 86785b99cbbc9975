"""`tepat compare`: the two editions and the households it is asked about, and its report at a terminal."""

import io
import subprocess
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from engine.change.compare import Comparison, compare
from engine.change.crowd import Crowd, Files, Folder, holds_tables
from engine.change.sorting import By, NoSuchFact, by_of
from engine.diagnosis import Office
from engine.words import joined, money
from tepat.compared import say

GIT = "git:"
KINDS, GROUPS, LINES, TURNS, NAMES = 12, 15, 6, 3, 4


@contextmanager
def folder_of(name: str, beside: str) -> Iterator[Path]:
    """Give the folder that holds an edition: the one named, or for `git:REV` the other edition's at that revision."""
    if not name.startswith(GIT):
        yield Path(name)
        return
    with TemporaryDirectory() as place:
        command = ["git", "archive", "--format=tar", name.removeprefix(GIT), "."]
        try:
            made = subprocess.run(command, cwd=beside, capture_output=True, check=False)
        except OSError as error:
            raise click.BadParameter(f"{name}: {error.strerror}") from error
        if made.returncode:
            raise click.BadParameter(f"{name}: {made.stderr.decode(errors='replace').strip()}")
        with tarfile.open(fileobj=io.BytesIO(made.stdout)) as archive:
            archive.extractall(place, filter="data")
        yield Path(place)


def compared(
    names: tuple[str, str], households: Sequence[Path], by: Sequence[str], today: date, as_of: date | None
) -> tuple[Comparison, tuple[By, ...]]:
    """Compare two editions over some households (default: the samples of the new, or else of the old edition).

    Raises:
        Refused: when an edition or a file of households cannot be read.
        click.BadParameter: when something named is not there.
    """
    with ExitStack() as stack:
        folders = [stack.enter_context(folder_of(name, names[1 - at])) for at, name in enumerate(names)]
        old, new = (Office.open(folder) for folder in folders)
        paths = households or [next((f / "samples" for f in reversed(folders) if (f / "samples").is_dir()), folders[1])]
        crowd = crowd_of(paths, (old, new), today, as_of)
        chosen = tuple(_by(name, old, new) for name in by) or _by_default(new)
        return compare(old, new, crowd, chosen), chosen


def crowd_of(paths: Sequence[Path], offices: Iterable[Office], today: date, as_of: date | None) -> Crowd:
    """Find the households of some paths: of files, or of one folder of tables.

    Raises:
        click.BadParameter: when there are none, or tables beside other paths.
    """
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise click.BadParameter(", ".join(missing), param_hint="--households")
    tables = [path for path in paths if holds_tables(path)]
    if tables and len(paths) == 1:
        return Folder(tables[0], [office.knowledge for office in offices], today, as_of)
    if tables:
        raise click.BadParameter(f"{tables[0]}: a folder of tables stands alone", param_hint="--households")
    files = Files(paths, today, as_of)
    if not files.paths:
        raise click.BadParameter(", ".join(map(str, paths)), param_hint="--households")
    return files


def _by(name: str, old: Office, new: Office) -> By:
    try:
        return by_of(name, new.knowledge)
    except NoSuchFact as unknown:
        try:
            return by_of(name, old.knowledge)
        except NoSuchFact:
            raise click.BadParameter(f"{name}: {', '.join(unknown.known)}", param_hint="--by") from None


def _by_default(new: Office) -> tuple[By, ...]:
    try:
        return (by_of("kecamatan", new.knowledge),)
    except NoSuchFact:
        return ()


def print_comparison(console: Console, data: dict[str, Any]) -> None:
    """Print a comparison (`compared.data_of`) for people."""
    _Report(console, data).print()


def summary(data: dict[str, Any]) -> str:
    """Say in one sentence what the comparison found."""
    lang, edits = data["lang"], data["edits"]
    if not data["same"]:
        if not data["changed_answers"]:
            return say("report", "nobody", lang, households=data["households"])
        counts = {"answers": data["changed_answers"], "changed": data["changed_households"]}
        return say("report", "differs", lang, **counts, households=data["households"])
    if data["only_texts"]:
        return say("report", "only_texts", lang, files=joined(data["reworded"], lang))
    if not edits:
        return say("report", "identical", lang)
    return say("report", "same", lang, households=data["households"], edits=len(edits))


def signed(amount: float, lang: str) -> str:
    """Write a difference in rupiah with its sign."""
    return money(amount, lang) if amount <= 0 else f"+{money(amount, lang)}"


class _Report:
    """Prints the parts of one comparison."""

    def __init__(self, console: Console, data: dict[str, Any]) -> None:
        self.console, self.data, self.lang = console, data, data["lang"]
        self.edits = {(one["shelf"], one["name"]): one for one in data["edits"]}

    def say(self, key: str, **details: Any) -> str:
        return say("report", key, self.lang, **details)

    def print(self) -> None:
        names = f"{self.data['old']['folder']} → {self.data['new']['folder']}"
        self.console.rule(f"[bold]{escape(self.say('title'))}[/] {escape(names)}", align="left")
        self.console.print(escape(summary(self.data)), style="bold green" if self.data["same"] else "bold")
        self._edits()
        for side in ("refused_by_new", "refused_by_old", "refused_by_both"):
            self._refused(side)
        if self.data["changed_answers"]:
            self._kinds()
            self._totals()
            for group in self.data["groups"]:
                self._group(group)
            self._first()
        self.console.print(f"\n{self.say('recommends')}\n", style="italic dim")

    def _heading(self, text: str) -> None:
        self.console.print(f"\n[bold]{escape(text)}[/]")

    def _indented(self, text: str, by: int = 2, style: str = "") -> None:
        self.console.print(Padding(escape(text), (0, 0, 0, by)), style=style)

    def _edits(self) -> None:
        if not self.data["edits"]:
            return
        self._heading(self.say("edits", count=len(self.data["edits"])))
        for one in self.data["edits"]:
            where = f"  [dim]{escape(one['file'])}:{one['line']}[/]" if one["file"] else ""
            without = "" if one["effective"] else f" [dim]({self.say('no_effect')})[/]"
            label = f": {escape(one['label'])}" if one["label"] else ""
            how = say("how", one["how"], self.lang)
            title = f"{how} · {escape(one['what'])} [bold]{escape(one['name'])}[/]{label}{without}{where}"
            self.console.print(Padding(title, (0, 0, 0, 2)))
            if one["how"] == "changed":
                for text in _some([_changed(line) for line in one["lines"]], LINES, self.lang):
                    self._indented(text, 6)

    def _refused(self, side: str) -> None:
        refused = self.data[side]
        if not refused:
            return
        self._heading(self.say(side.replace("refused_by", "refused"), count=len(refused)))
        for one in refused[:GROUPS]:
            self._indented(f"{one['household']}: {'; '.join(problem['sentence'] for problem in one['problems'])}")
        self._more(len(refused) - GROUPS)

    def _more(self, count: int) -> None:
        if count > 0:
            self._indented(self.say("more", count=count), style="dim")

    def _kinds(self) -> None:
        self._heading(self.say("kinds"))
        kinds = self.data["kinds"]
        for number, kind in enumerate(kinds[:KINDS], 1):
            turned = kind["before"] != kind["after"]
            labels = f"{kind['before_label']} → {kind['after_label']}" if turned else kind["after_label"]
            self.console.print(f"{number}. [bold]{escape(kind['label'])}[/]: {escape(labels)}")
            what = ", ".join(say("aspect", one, self.lang) for one in kind["aspects"])
            counts = f"{kind['answers']} {self.say('answers')}, {kind['households']} {self.say('households')}"
            cost = f"; {signed(kind['yearly'], self.lang)} {self.say('a_year')}" if kind["yearly"] else ""
            self._indented(f"{counts}{cost} ({what})", 3)
            for found in kind["found"]:
                self._found(found, kind)
            examples = joined(_some(kind["examples"], NAMES, self.lang), self.lang)
            self._indented(f"{self.say('for_example')}: {examples}", 3, "dim")
        if len(kinds) > KINDS:
            self.console.print(self.say("more_kinds", count=len(kinds) - KINDS), style="dim")

    def _found(self, found: dict[str, Any], kind: dict[str, Any]) -> None:
        aspect = say("aspect", found["aspect"], self.lang)
        if not found["causes"]:
            self._indented(f"{aspect}: {self.say('not_found')}", 3)
        for place, cause in enumerate(found["causes"]):
            seen = self.say("seen", seen=found["seen"], looked_at=kind["looked_at"]) if place == 0 else ""
            word = self.say("or_alone") if place else f"{aspect} {self.say('because')}"
            together = f"{self.say('together')} " if cause["together"] else ""
            names = " + ".join(self._edit(one) for one in cause["edits"])
            self._indented(f"{word} {together}{names}{f' ({seen})' if seen else ''}", 3)
            for turn in cause["turns"][:TURNS]:
                rule = f"{turn['rule']}: " if turn["rule"] else ""
                self._indented(f"{self.say('turns')}: {rule}{turn['sentence']}", 5)

    def _edit(self, key: dict[str, str]) -> str:
        edit = self.edits[key["shelf"], key["name"]]
        name = f"{edit['what']} {edit['name']}"
        if edit["how"] != "changed":
            return f"{name} ({say('how', edit['how'], self.lang)})"
        lines = edit["lines"]
        return f"{name} ({_changed(lines[0])})" if len(lines) == 1 else name

    def _table(self, *columns: str) -> Table:
        table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 1))
        for place, column in enumerate(columns):
            table.add_column(column, justify="right" if place else "left", overflow="fold")
        return table

    def _totals(self) -> None:
        self._heading(self.say("totals"))
        rows = [row for row in self.data["totals"] if row["changed"]]
        table = self._table(*(self.say(key) for key in ("service", "qualify", "undecided", "budget", "difference")))
        for row in rows:
            mark = "" if row["confirmed"] or row["yearly_after"] == row["yearly_before"] == 0 else " *"
            table.add_row(
                escape(row["label"]),
                *(_pair(row["before"].get(key, 0), row["after"].get(key, 0)) for key in ("yes", "unknown")),
                money(row["yearly_after"], self.lang) + mark,
                signed(row["yearly_after"] - row["yearly_before"], self.lang),
            )
        sums = [sum(row[key] for row in self.data["totals"]) for key in ("yearly_before", "yearly_after")]
        table.add_row(
            f"[bold]{self.say('all')}[/]", "", "", money(sums[1], self.lang), signed(sums[1] - sums[0], self.lang)
        )
        self.console.print(table)
        self.console.print(self.say("totals_note"), style="dim")
        if unknown := sum(row["unknown_amounts"] for row in rows):
            self.console.print(self.say("totals_unknown", count=unknown), style="dim")

    def _group(self, group: dict[str, Any]) -> None:
        self._heading(self.say("by", name=group["label"]))
        rows = [row for row in group["rows"] if row["changed"]]
        table = self._table(
            *(self.say(key) for key in ("value", "households", "changed", "gained", "lost", "difference"))
        )
        for row in rows[:GROUPS]:
            counts = (str(row[key]) for key in ("households", "changed", "gained", "lost"))
            table.add_row(escape(row["label"]), *counts, signed(row["yearly_after"] - row["yearly_before"], self.lang))
        self.console.print(table)
        self._more(len(rows) - GROUPS)

    def _first(self) -> None:
        self._heading(self.say("first"))
        for number, one in enumerate(self.data["first"][:GROUPS], 1):
            cost = f" ({signed(one['yearly'], self.lang)} {self.say('a_year')})" if one["yearly"] else ""
            self._indented(f"{number}. {one['household']}: {one['sentence']}{cost}")


def _changed(line: dict[str, Any]) -> str:
    return f"{line['key']}: {line['before'] or '-'} → {line['after'] or '-'}"


def _pair(before: int, after: int) -> str:
    return str(after) if before == after else f"{before} → {after}"


def _some(items: Iterable[str], most: int, lang: str) -> list[str]:
    listed = list(items)
    if len(listed) <= most:
        return listed
    return [*listed[:most], say("report", "others", lang, count=len(listed) - most)]
