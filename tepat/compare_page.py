"""A comparison as one page that needs nothing else: its style and its plots are in it, and it asks nobody for anything."""

import re
import sys
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import jinja2
import pygal
from markupsafe import Markup
from pygal.style import Style

from engine.words import money
from tepat.compare import signed, summary
from tepat.compared import say

# pygal leaves a finder of an old kind among those that look for modules, where Python warns of it; none of ours needs it.
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]

MOST_CHANGES, MOST_BARS = 500, 14
_OLD, _NEW, _INK = "#9aa5ab", "#0b6e4f", "#222222"
_MILLION = 1_000_000
# Wide, and for a phone: width, size of letters, longest label.
_SIZES = (("wide", 760, 14, 34), ("narrow", 340, 12, 16))
# What pygal adds for its own script: an address in a comment, settings nobody reads.
_ADDED = re.compile("<!--.*?-->|<script.*?</script>", re.DOTALL)


def write_page(path: Path, data: dict[str, Any]) -> None:
    """Write a comparison (`compared.data_of`) as a page; an older one stays until this one is whole."""
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.write_text(page_of(data), encoding="utf-8")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def page_of(data: dict[str, Any]) -> str:
    """Give the page as text."""
    lang = data["lang"]
    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    return environment.get_template("compare.html").render(
        data=data,
        summary=summary(data),
        say=partial(_say, lang),
        money=lambda amount: money(amount, lang),
        signed=lambda amount: signed(amount, lang),
        plots=list(_plots(data)),
        edits={(one["shelf"], one["name"]): one for one in data["edits"]},
        changes=data["changes"][:MOST_CHANGES],
        labels={row["service"]: row["label"] for row in data["totals"]},
    )


def _say(lang: str, key: str, group: str = "report", **details: Any) -> str:
    return say(group, key, lang, **details)


def _plots(data: dict[str, Any]) -> Iterable[tuple[str, Markup]]:
    """Draw what qualifies and what it costs by service, and the change of cost by whatever households are sorted by."""
    lang, totals = data["lang"], [row for row in data["totals"] if row["changed"]]
    sides = say("report", "old", lang), say("report", "new", lang)
    if not totals:
        return
    labels = [row["label"] for row in totals][:MOST_BARS]
    qualify = [[row[side].get("yes", 0) for row in totals][:MOST_BARS] for side in ("before", "after")]
    yield say("report", "outcomes_plot", lang), _bars(labels, dict(zip(sides, qualify, strict=True)))
    cost = [[row[key] / _MILLION for row in totals][:MOST_BARS] for key in ("yearly_before", "yearly_after")]
    if any(map(any, cost)):
        yield say("report", "budget_plot", lang), _bars(labels, dict(zip(sides, cost, strict=True)))
    for group in data["groups"]:
        rows = [row for row in group["rows"] if row["yearly_after"] != row["yearly_before"]][:MOST_BARS]
        if len(rows) > 1:
            gains = [(row["yearly_after"] - row["yearly_before"]) / _MILLION for row in rows]
            title = say("report", "by_plot", lang, name=group["label"])
            yield title, _bars([row["label"] for row in rows], {say("report", "difference", lang): gains})


def _bars(labels: Sequence[str], series: dict[str, Sequence[float]]) -> Markup:
    """Draw lying bars, once for wide screens and once for narrow ones."""
    return Markup("").join(
        Markup('<div class="{}">{}</div>').format(name, _drawn(labels, series, name, width, size, longest))
        for name, width, size, longest in _SIZES
    )


def _drawn(
    labels: Sequence[str], series: dict[str, Sequence[float]], name: str, width: int, size: int, longest: int
) -> Markup:
    colours = (_OLD, _NEW) if len(series) > 1 else (_NEW,)
    style = Style(
        background="transparent",
        plot_background="transparent",
        foreground=_INK,
        foreground_strong=_INK,
        foreground_subtle="#cccccc",
        opacity="1",
        opacity_hover=".8",
        colors=colours,
        value_colors=[_INK if colour == _OLD else "#ffffff" for colour in colours],
        font_family="sans-serif",
        label_font_size=size,
        major_label_font_size=size,
        legend_font_size=size,
        value_font_size=size - 1,
        guide_stroke_dasharray="0",
        guide_stroke_color="#e3e3e3",
        major_guide_stroke_dasharray="0",
        major_guide_stroke_color="#e3e3e3",
    )
    # Bars are drawn from below, so what comes first is given last; so are the two bars of one label.
    chart = pygal.HorizontalBar(
        js=(),
        style=style,
        width=width,
        height=70 + (34 if len(series) > 1 else 24) * max(2, len(labels)),
        show_legend=len(series) > 1,
        legend_at_bottom=True,
        legend_box_size=size,
        truncate_legend=-1,
        truncate_label=-1,
        print_values=True,
        print_zeroes=True,
        value_formatter=lambda value: f"{value:,.4g}".replace(",", " "),
        x_labels_major_count=4,
        show_minor_x_labels=False,
        margin=4,
    )
    chart.uuid = f"{name}-{abs(hash_of(labels, series)):x}"
    chart.x_labels = [_short(label, longest) for label in reversed(labels)]
    for title, values in series.items():
        chart.add(title, list(reversed(values)))
    return Markup(_ADDED.sub("", chart.render(disable_xml_declaration=True, is_unicode=True)))


def hash_of(labels: Sequence[str], series: dict[str, Sequence[float]]) -> int:
    """Give a number for a plot's content, the same in every process."""
    return int.from_bytes(repr((labels, series)).encode()[-64:], "big") % 0xFFFFFFFF


def _short(label: str, longest: int) -> str:
    return label if len(label) <= longest else f"{label[: longest - 1].rstrip()}…"
