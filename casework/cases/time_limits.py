"""Numbers of working days that the knowledge has as parameters: to object to a decision, and to answer an objection."""

from datetime import date

from engine.knowledge.model import Knowledge

ANSWER_DAYS, FILE_DAYS = "objection_answer_days", "objection_file_days"


def days_of(knowledge: Knowledge, name: str, on: date) -> int | None:
    """Give a number of working days that is in force on a day; None while none is."""
    parameter = knowledge.parameters.get(name)
    amount = parameter and parameter.on(on)
    return int(amount.value) if amount else None
