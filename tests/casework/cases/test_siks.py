"""The copy sheet for SIKS-NG: the only paper with whole numbers."""

import json

import pytest

from casework.audit.models import AuditEntry
from casework.cases import siks
from casework.refusals import NotAllowed, NotFound
from casework.staff.actors import Area
from tests.casework import stage
from tests.casework.cases.lettered import KK, NIK
from tests.casework.decided import NAME, case_in, case_of


def test_the_copy_sheet_has_whole_numbers_for_who_may_and_on_record(sqlite, office, ani, sheets):
    """Field by field, without what only officers may know; whoever cannot write in the register gets none."""
    number = case_in(sqlite, office, kk=KK, secret=True)
    with sqlite.work() as work:
        case_of(work, number).household.people[0].seal(work.keys, "nik", NIK)
        head = stage.actor(work, "head", name="Kepala")
        far = stage.actor(work, "applicant_desk", Area(stage.OTHER_VILLAGE), name="Jauh")
    with sqlite.reading(ani) as work:
        sheet = siks.copy_sheet(work, office, case_of(work, number))
        pdf = siks.as_pdf(sheet)
    rows = dict(row for block in sheet.blocks[:2] for row in block.rows)

    assert (rows["Nomor KK"], rows["NIK"], rows["Nama"]) == (KK, NIK, NAME)
    assert dict(sheet.blocks[-1].rows)["Tingkat kesejahteraan (desil)"] == "1"
    assert office.knowledge.facts["hiv"].label.id not in json.dumps(sheets)
    assert pdf.startswith(b"%PDF-")
    with sqlite.reading() as work:
        look = work.session.query(AuditEntry).filter_by(action="numbers.shown").one()
        assert (look.about, look.actor, look.details) == (number, "Ani Petugas", {"people": 2})
    for actor, refusal in ((head, NotAllowed), (far, NotFound)):
        with pytest.raises(refusal), sqlite.reading(actor) as work:
            siks.copy_sheet(work, office, case_of(work, number))
