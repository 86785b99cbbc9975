"""Write docs/performance.md and its plot from build/bench.json.

Apart from measuring, so that a run leaves the checkout as it was. What people write about the figures stands in
benchmarks/performance.md.in and is kept.
"""

import json
from importlib.metadata import version
from string import Template

import altair as alt
import polars as pl

from benchmarks.__main__ import CAPTION, ROWS, duration
from benchmarks.works import CHECKOUT, GROWTH, TEPAT

WORDS = CHECKOUT / "benchmarks" / "performance.md.in"
PAGE = CHECKOUT / "docs" / "performance.md"
PLOT = CHECKOUT / "docs" / "performance.svg"
PACKAGES = ("experta", "clipspy", "zen-engine", "openfisca-core", "polars", "numpy")
OURS, OTHERS = "#0b6e4f", "#9aa5ab"


def page_of(rows: list[dict], words: str) -> str:
    """Fill a page's words with the table of the rows."""
    versions = ", ".join(f"{package} {version(package)}" for package in PACKAGES)
    table = markdown(rows)
    return Template(words).substitute(table=table, caption=CAPTION, versions=versions, plot=PLOT.name)


def markdown(rows: list[dict]) -> str:
    """Write rows as a Markdown table, one work after the other."""
    lines = ["| work | system | median | least | peak MB | ratio |", "|---|---|---:|---:|---:|---:|"]
    for row in rows:
        about = "~" if "sample" in row else ""
        times = f"{about}{duration(row['median_s'])} | {about}{duration(row['min_s'])}"
        lines.append(f"| `{row['work']}` | {row['system']} | {times} | {row['peak_mb']:.0f} | {row['ratio']:.2f} |")
    return "\n".join(lines)


def plot_of(rows: list[dict]) -> alt.VConcatChart:
    """Draw one household and many by system, and how time and memory grow with the number of households."""
    table = pl.DataFrame(
        [{"work": r["work"], "system": r["system"], "s": r["median_s"], "mb": r["peak_mb"]} for r in rows]
    ).with_columns(label=pl.col("s").map_elements(duration, return_dtype=pl.String))
    grown = table.filter(pl.col("work").str.starts_with("w120_growth_")).with_columns(
        households=pl.col("work").str.split("_").list.last().replace_strict(GROWTH)
    )
    one, many = (table.filter(pl.col("work") == work) for work in ("w120_one", "w120_200k"))
    above = alt.hconcat(_dots(one, "One household"), _dots(many, "200,000 households"))
    below = alt.hconcat(
        _lines(grown, "s", "Time as households grow", "seconds"),
        _lines(grown, "mb", "Memory as households grow", "peak MB"),
    )
    return alt.vconcat(above, below).configure(font="sans-serif")


def _dots(table: pl.DataFrame, title: str) -> alt.LayerChart:
    base = alt.Chart(table, title=title, width=300, height=170).encode(
        x=alt.X(
            "s",
            scale=alt.Scale(type="log", zero=False, padding=20),
            title="seconds",
            axis=alt.Axis(format="~g", tickCount=4),
        ),
        y=alt.Y("system", sort=alt.EncodingSortField("s"), title=None),
        color=alt.condition(alt.datum.system == TEPAT, alt.value(OURS), alt.value(OTHERS)),
    )
    return base.mark_circle(size=120, opacity=1) + base.mark_text(dx=10, align="left").encode(
        text="label", color=alt.value("#333")
    )


def _lines(table: pl.DataFrame, value: str, title: str, unit: str) -> alt.Chart:
    logarithmic = alt.Scale(type="log", zero=False)
    sizes = alt.Axis(format="~s", values=list(GROWTH.values()))
    colours = alt.Scale(domain=[TEPAT, "polars"], range=[OURS, OTHERS])
    return (
        alt.Chart(table, title=title, width=300, height=170)
        .mark_line(point=True)
        .encode(
            x=alt.X("households", scale=logarithmic, axis=sizes),
            y=alt.Y(value, scale=logarithmic, title=unit, axis=alt.Axis(format="~g", tickCount=4)),
            color=alt.Color("system", scale=colours, title=None),
        )
    )


def main() -> None:
    """Write the page and the plot; a full run must have been written before."""
    if not ROWS.exists():
        raise SystemExit("There is nothing to write about yet: run `make bench` first.")
    rows = json.loads(ROWS.read_text(encoding="utf-8"))
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page_of(rows, WORDS.read_text(encoding="utf-8")), encoding="utf-8")
    plot_of(rows).save(PLOT)
    print(f"wrote {PAGE.relative_to(CHECKOUT)} and {PLOT.relative_to(CHECKOUT)}")


if __name__ == "__main__":
    main()
