"""The `tepat` command: what each sub-command takes, calls and exits with. The work is done elsewhere."""

import gc
import json
import os
import sys
from collections.abc import Callable
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from engine.diagnosis import Office
from engine.household_files import read_households
from engine.knowledge.check import inspect_folder
from engine.knowledge.problems import Problem, Refused, lines_in, render
from engine.knowledge.values import BadValue, day, nowhere
from engine.many.batch import Asked
from engine.many.table_files import CHUNK
from engine.present import as_json
from engine.samples import Coverage, problem_of, run_samples
from tepat import batch as many
from tepat import compare as comparing
from tepat import proof, report, scaffold
from tepat.accounts import user_commands
from tepat.catalogue import PAGE, how_current, page_of, way_to_files
from tepat.compared import data_of
from tepat.database import database_commands
from tepat.serve import serve

CHECKOUT = Path(__file__).resolve().parent.parent
TROUBLE = 2


class Knowledge:
    """The knowledge folder a command works with, opened when it is needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(self, lang: str) -> Office:
        """Open the folder; knowledge with errors ends the command with exit code 2."""
        try:
            office = Office.open(self.folder)
        except Refused as refused:
            _complain(refused, lang)
            sys.exit(TROUBLE)
        _keep_what_is_loaded()
        return office


def _keep_what_is_loaded() -> None:
    """Spare the collector of unused memory what lives as long as the command: it would look at it again and again."""
    gc.freeze()


class Day(click.ParamType):
    """A date written YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return day(nowhere(str(value)))
        except BadValue as bad:
            self.fail(bad.problem.sentence("en"), param, ctx)


def _complain(refused: Refused, lang: str) -> None:
    for problem in refused.problems:
        click.echo(render(problem, lines_in(refused.texts), lang), err=True)


lang_option = click.option(
    "--lang", type=click.Choice(["id", "en"]), default="id", show_default=True, help="Language of the answer."
)
as_of_option = click.option("--as-of", "as_of", type=Day(), help="The day to judge on; wins over the file.")
files_argument = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))


def refusing(command: Callable) -> Callable:
    """Turn refused input into its report and exit code 2."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except Refused as refused:
            _complain(refused, kwargs.get("lang", "id"))
            sys.exit(TROUBLE)

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--knowledge",
    type=click.Path(path_type=Path, file_okay=False),
    default=lambda: Path(os.environ.get("TEPAT_KNOWLEDGE", CHECKOUT)),
    help="Knowledge folder (default: this checkout, or TEPAT_KNOWLEDGE).",
)
@click.version_option(package_name="tepat")
@click.pass_context
def cli(context: click.Context, knowledge: Path) -> None:
    """Tepat: which services a household qualifies for, how sure that is, and why.

    Example: tepat diagnose samples/keluarga/h01-keluarga-besar.yaml
    """
    context.obj = Knowledge(knowledge)


@cli.command()
@files_argument
@click.option("--json", "as_data", is_flag=True, help="Print a JSON list, one diagnosis a household.")
@click.option("--all", "everything", is_flag=True, help="List services that are not about this household too.")
@lang_option
@as_of_option
@click.pass_obj
@refusing
def diagnose(
    knowledge: Knowledge, files: tuple[Path, ...], as_data: bool, everything: bool, lang: str, as_of: date | None
) -> None:
    """Diagnose the households of FILES.

    Example: tepat diagnose samples/keluarga/h02-tanpa-tempat-tinggal.yaml --lang en
    """
    office = knowledge.open(lang)
    diagnoses = [office.diagnose(household) for household in _households(office, files, as_of)]
    if as_data:
        click.echo(json.dumps([as_json(one, lang, everything) for one in diagnoses], ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False)
    for diagnosis in diagnoses:
        report.print_diagnosis(console, diagnosis, lang, everything)


def _households(office: Office, files: tuple[Path, ...], as_of: date | None) -> list:
    """Read all files; when some are refused, all of their problems are shown at once."""
    households, problems, texts = [], [], {}
    for path in files:
        try:
            households += read_households(path, office.knowledge, date.today(), as_of)
        except Refused as refused:
            problems += refused.problems
            texts |= refused.texts
    if problems:
        raise Refused(problems, texts)
    return households


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("service")
@click.option("--subject", help="A member's id; default: the household, or every member the service is for.")
@click.option("--household", "household_id", help="The household's id, where the file holds several.")
@click.option("--full", is_flag=True, help="Fold nothing: every condition, member and rule.")
@lang_option
@as_of_option
@click.pass_obj
@refusing
def explain(
    knowledge: Knowledge,
    file: Path,
    service: str,
    subject: str | None,
    household_id: str | None,
    full: bool,
    lang: str,
    as_of: date | None,
) -> None:
    """Print the proof of one SERVICE (or conclusion) for the household in FILE: how, why not, and how far from it.

    Example: tepat explain samples/keluarga/h09-ibu-pppk.yaml pkh
    """
    office = knowledge.open(lang)
    households = _households(office, (file,), as_of)
    chosen = [one for one in households if household_id in (None, one.id)]
    if not chosen:
        raise click.BadParameter(", ".join(one.id for one in households), param_hint="--household")
    if service not in office.knowledge.conclusions:
        known = ", ".join(office.knowledge.services)
        raise click.BadParameter(f"{service}: {known}", param_hint="SERVICE")
    console = Console(highlight=False)
    for household in chosen if household_id else chosen[:1]:
        diagnosis = office.diagnose(household, everything=True)
        subjects = diagnosis.trace.subjects(office.knowledge.conclusions[service].about)
        if subject is not None and subject not in subjects:
            raise click.BadParameter(", ".join(subjects), param_hint="--subject")
        for one in [subject] if subject else subjects:
            console.print(proof.tree(office, diagnosis, service, one, lang, full))


@cli.command()
@click.option("--json", "as_data", is_flag=True, help="Print the problems as a JSON list.")
@lang_option
@click.pass_obj
def check(knowledge: Knowledge, as_data: bool, lang: str) -> None:
    """Check the knowledge: every mistake with file, line, column and a hint.

    Exits with 0 (warnings too) or 1 (errors). Example: tepat --knowledge draft check --lang en
    """
    found, problems = inspect_folder(knowledge.folder)
    if as_data:
        click.echo(json.dumps([problem.as_json(lang) for problem in problems], ensure_ascii=False, indent=2))
    else:
        for problem in problems:
            click.echo(render(problem, lines_in(found.texts), lang) + "\n")
        click.echo(report.check_summary(found, problems, lang))
    sys.exit(1 if any(not problem.is_warning for problem in problems) else 0)


@cli.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_data", is_flag=True, help="Print the result as JSON.")
@click.option(
    "--coverage", is_flag=True, help="List rules and conditions that no sample makes true, or none makes false."
)
@lang_option
@click.pass_obj
def test(knowledge: Knowledge, paths: tuple[Path, ...], as_data: bool, coverage: bool, lang: str) -> None:
    """Hold the rules to every `expect` in PATHS (default: the knowledge folder's samples/).

    Exits with 0, with 1 when an expectation fails, with 2 when something cannot be read.
    Example: tepat test samples/keluarga --coverage
    """
    office = knowledge.open(lang)
    chosen = paths or (knowledge.folder / "samples",)
    missing = [path for path in chosen if not path.exists()]
    if missing:
        raise click.BadParameter(", ".join(map(str, missing)), param_hint="PATHS")
    covered = Coverage()
    tally = run_samples(office, chosen, date.today(), covered.see if coverage else None)
    gaps = covered.gaps() if coverage else []
    failures = [problem_of(failure) for failure in tally.failures]
    if as_data:
        click.echo(json.dumps(report.tally_data(tally, failures, gaps, lang), ensure_ascii=False, indent=2))
    else:
        _print_tally(tally, failures, gaps, lang)
    sys.exit(TROUBLE if tally.refused else 1 if failures else 0)


def _print_tally(tally: Any, failures: list[Problem], gaps: list, lang: str) -> None:
    for refused in tally.refused:
        _complain(refused, lang)
    for problem in failures:
        click.echo(render(problem, _line_of_file, lang))
    for line in report.gap_lines(gaps, lang):
        click.echo(line)
    click.echo(report.tally_summary(tally, gaps, lang))


def _line_of_file(file: str, line: int) -> str | None:
    lines = Path(file).read_text(encoding="utf-8").split("\n") if Path(file).is_file() else []
    return lines[line - 1] if 0 < line <= len(lines) else None


@cli.command()
@click.option(
    "-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="The page (default: docs/knowledge.md)."
)
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit with 1 when the page is out of date.")
@lang_option
@click.pass_obj
@refusing
def catalogue(knowledge: Knowledge, out: Path | None, only_check: bool, lang: str) -> None:
    """Write one page that says what the knowledge holds, and how to read and change it.

    It lists programs with their services, categories, parameters, documents, what is not given together, open decisions
    and sources, each with the line of the file where it stands. Example: tepat catalogue --check
    """
    page = out or knowledge.folder / PAGE
    text = page_of(knowledge.open(lang).knowledge, way_to_files(page, knowledge.folder))
    if only_check:
        current = page.is_file() and page.read_text(encoding="utf-8") == text
        click.echo(how_current(page, current, lang))
        sys.exit(0 if current else 1)
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text, encoding="utf-8")
    click.echo(page)


@cli.command()
@click.argument("source", metavar="IN", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option(
    "-o", "--out", required=True, type=click.Path(path_type=Path), help="Folder for the results; new or empty."
)
@click.option("--services", help="Only these services, parted by commas (default: all).")
@as_of_option
@click.option(
    "--ignore", "ignored", multiple=True, metavar="COLUMN", help="Leave a column out unread; may be repeated."
)
@click.option("--strict", is_flag=True, help="Stop at a row that cannot be used, and save nothing.")
@click.option("--replace", is_flag=True, help="Replace the results of an earlier run in OUT.")
@click.option(
    "--verify", type=click.IntRange(min=0), default=0, metavar="N", help="Diagnose N households one by one too."
)
@click.option("--seed", default=0, show_default=True, help="Which N households --verify takes.")
@click.option(
    "--chunk", type=click.IntRange(min=1), default=CHUNK, show_default=True, help="Households in memory at once."
)
@click.option(
    "--engine",
    type=click.Choice(["polars", "spark"]),
    default="polars",
    show_default=True,
    help="spark is for later editions; this one says so and exits with 2.",
)
@click.option("--json", "as_data", is_flag=True, help="Print the summary as JSON.")
@lang_option
@click.pass_obj
@refusing
def batch(
    knowledge: Knowledge, services: str | None, verify: int, engine: str, as_data: bool, lang: str, **given: Any
) -> None:
    """Answer for many households: the tables in folder IN to tables in the folder OUT.

    IN holds households and persons, each as .parquet or .csv, with household_id (persons: person_id too), one column
    for each fact of facts_schema.yaml that is told, and, where wanted, as_of, active_services, paper__DOCUMENT and
    FACT__certainty. Null is unknown. OUT gets services.parquet, components.parquet and problems.csv. A household with
    a mistake is left out whole.

    Exits with 0, with 1 when something was left out or --verify found a difference, with 2 when nothing was saved.

    Example: tepat batch data/2026 -o hasil/2026 --verify 100
    """
    office = knowledge.open(lang)
    asked = Asked(
        today=date.today(),
        lang=lang,
        verify=verify,
        services=many.services_named(services, office.knowledge.services),
        **given,
    )
    sys.exit(many.answer(office, asked, engine, as_data))


@cli.command()
@click.argument("old")
@click.argument("new")
@click.option(
    "--households",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Household files, or folders of them or of tables (default: samples/ of NEW, else of OLD).",
)
@click.option("--by", multiple=True, help="Sort households by a fact, or by kecamatan or desa (default: kecamatan).")
@click.option("--json", "as_data", is_flag=True, help="Print the comparison as one JSON object.")
@click.option("--html", "page", type=click.Path(path_type=Path, dir_okay=False), help="Write it as one page, too.")
@lang_option
@as_of_option
@refusing
def compare(
    old: str,
    new: str,
    households: tuple[Path, ...],
    by: tuple[str, ...],
    as_data: bool,
    page: Path | None,
    lang: str,
    as_of: date | None,
) -> None:
    """Say what a change of the knowledge does to households: folder OLD against folder NEW.

    Either may be git:REV, which is the other folder as it was at that revision. Exits with 0 when every household gets
    the same answers, with 1 when some differ, with 2 when something cannot be read.
    Example: tepat compare git:HEAD . --by kecamatan --html perbandingan.html
    """
    found, sorted_by = comparing.compared((old, new), households, by, date.today(), as_of)
    data = data_of(found, (old, new), sorted_by, lang)
    if page:
        from tepat.compare_page import write_page

        write_page(page, data)
    if as_data:
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        comparing.print_comparison(Console(highlight=False), data)
    sys.exit(0 if data["same"] else 1)


@cli.group()
def new() -> None:
    """Begin something new in the knowledge."""


@new.command("service")
@click.argument("id_")
@click.option("--program", required=True, help="The program it belongs to.")
@click.option("--for", "for_", type=click.Choice(["household", "person"]), default="household", show_default=True)
@lang_option
@click.pass_obj
@refusing
def new_service(knowledge: Knowledge, id_: str, program: str, for_: str, lang: str) -> None:
    """Write stubs for service ID_: its entry, its rules, a sample.

    Example: tepat new service uep_perorangan --program pemberdayaan_sosial --for person
    """
    office = knowledge.open(lang)
    for path in scaffold.new_service(knowledge.folder, office.knowledge, id_, program, for_):
        click.echo(path)


cli.add_command(database_commands)
cli.add_command(user_commands)
cli.add_command(serve)


def main() -> None:
    """Run the command; a closed pipe is not an error."""
    try:
        cli(prog_name="tepat")
    except BrokenPipeError:
        sys.stdout = None
        sys.exit(0)


if __name__ == "__main__":
    main()
