"""Values are said as each language says them."""

import pytest

from engine.knowledge.model import Text
from engine.words import Speaker
from tests.engine.knowledge.test_check import inspected


@pytest.mark.parametrize(
    ("written", "indonesian", "english"),
    [
        ("3 working days", "3 hari kerja", "3 working days"),
        ("1 working days", "1 hari kerja", "1 working day"),
        ("24 hours", "24 jam", "24 hours"),
        ("1 to 14 days", "1 sampai 14 hari", "1 to 14 days"),
        ("2 weeks", "2 minggu", "2 weeks"),
        ("1 month", "1 bulan", "1 month"),
        ("5 years", "5 tahun", "5 years"),
        (Text("Seumur hidup", "For life"), "Seumur hidup", "For life"),
    ],
)
def test_how_long_something_takes_or_holds_is_said_in_both_languages(written, indonesian, english):
    """A number with its unit, a range, or the words that stand for it."""
    knowledge, _ = inspected("regions: {}")

    assert [Speaker(knowledge, lang).duration(written) for lang in ("id", "en")] == [indonesian, english]
