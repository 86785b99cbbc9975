"""No log shows a NIK, a family card's number or an account number, whoever writes the line and whichever handler keeps it.

The numbers are hidden where a record becomes text: in its message, in the traceback and in the stack that come along. So
it holds for handlers and loggers that are added later too, and for values however deep they stand in what is logged.
"""

import logging
import re
import traceback
from typing import Any

from engine.population_number import LENGTH, masked

# In one piece, any long run of digits; written in groups with one sign between them, only what is too long for a village's
# code, an IP address or a moment.
_RUN = re.compile(r"\d{10,}")
_GROUPED = re.compile(r"(?<!\d)\d{1,8}(?:([ .\-_/])\d{1,8})(?:\1\d{1,8})*(?!\d)")
_FEWEST_IN_GROUPS = 13
_LAST = 2


def without_long_numbers(text: str) -> str:
    """Show a text with every number hidden that may be one of a person: ten digits or more."""
    return _GROUPED.sub(_hide_group, _RUN.sub(lambda found: _hidden(found[0]), text))


def install() -> None:
    """Let every log record of this process hide them; may be called again."""
    logging.setLogRecordFactory(_Discreet)


class _Discreet(logging.LogRecord):
    """A log record whose texts show no number of a person."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.exc_info and self.exc_info[0]:
            # A formatter takes this text where it stands; it would make its own with everything in it.
            self.exc_text = without_long_numbers("".join(traceback.format_exception(*self.exc_info))).rstrip("\n")
        if self.stack_info:
            self.stack_info = without_long_numbers(self.stack_info)

    def getMessage(self) -> str:
        return without_long_numbers(super().getMessage())


def _hidden(number: str) -> str:
    """A population number is shown as everywhere; of any other nothing but its end."""
    return masked(number) if len(number) == LENGTH else "*" * (len(number) - _LAST) + number[-_LAST:]


def _hide_group(found: re.Match[str]) -> str:
    digits = sum(sign.isdigit() for sign in found[0])
    return found[0] if digits < _FEWEST_IN_GROUPS else "*" * (len(found[0]) - _LAST) + found[0][-_LAST:]
