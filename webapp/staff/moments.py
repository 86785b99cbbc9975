"""How pages of the office write moments: by the office's clock, in the language of the page."""

from datetime import datetime

from casework.store.work import ZONE
from engine.words import day
from webapp import frame


def moment(value: datetime) -> str:
    """Say when something happened: the day and the minute, such as `3 Maret 2026, 14.05`."""
    local = value.astimezone(ZONE)
    lang = frame.chosen_language()
    return f"{day(local.date(), lang)}, {local:{'%H:%M' if lang == 'en' else '%H.%M'}}"
