"""Papers of the office as PDFs, set by typst and tagged for screen readers (PDF/UA-1): letters, sheets, annexes.

A template gets everything as data and never as typst source, so that no text anybody typed is read as a command.
Only fonts that typst brings along are used, so that a sheet looks the same on every machine.
"""

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

_STANDARD = "ua-1"
# Letters that the fonts surely have; the standard refuses a sheet with any letter that it cannot show.
_SURE = re.compile(r"[^\n -~\u00a0-\u024f\u2010-\u201f\u2022\u2026\u2192\u2610\u2611]")


def pdf(template: Path, data: dict[str, Any]) -> bytes:
    """Set data in a template: a `.typ` file that reads it as `json(bytes(sys.inputs.data))`.

    Plain values only; every text among them is shown as it is. Signs that no font has become "\N{REPLACEMENT CHARACTER}".
    """
    try:
        return _compile(template, data)
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            raise
        return _compile(template, _shown(data))


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)


def _compile(template: Path, data: dict[str, Any]) -> bytes:
    # A compiler object serves one thread at a time, so each sheet has its own; the fonts are shared.
    return typst.compile(
        template,
        format="pdf",
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
        pdf_standards=_STANDARD,
    )


def _shown(data: Any) -> Any:
    if isinstance(data, str):
        return _SURE.sub("\N{REPLACEMENT CHARACTER}", data)
    if isinstance(data, dict):
        return {key: _shown(value) for key, value in data.items()}
    return [_shown(value) for value in data] if isinstance(data, list | tuple) else data
