"""One family's file with something of everything in it, and every address of the office that is about it."""

import io
import re

from PIL import Image

from casework.cases import desk, letters
from casework.cases.letter_blanks import Matter
from casework.cases.models import StoredDiagnosis
from casework.people import attachments
from casework.staff.actors import SYSTEM
from engine.knowledge.model import HOUSEHOLD
from tests.casework import decided

VALUE = re.compile(r"<(?:int:|path:)?([^>]+)>")


def family_file(database, office):
    """Open a file; gives what its addresses are made of, and under which names it stands on record."""
    with database.work(SYSTEM) as work:
        case = decided.verified(work, office, "sembako", decided.SECRET, kk="3506070311190000", secret=True)
        home, person = case.household, case.household.people[0]
        picture = io.BytesIO()
        Image.new("RGB", (8, 8)).save(picture, "JPEG")
        paper = attachments.attach(work, "paper", "ktp.jpg", picture.getvalue(), household=home, case=case)
        slip = desk.refer(work, case, "Puskesmas", "berobat")
        letter = letters.write(work, office, "referral", Matter(case, about=slip.number))
        diagnosis = work.session.query(StoredDiagnosis).filter_by(case_id=case.id).first()
        values = {
            "/kantor/keluarga/": {"id": home.id, "subject": HOUSEHOLD},
            "/kantor/warga/": {"id": person.id},
            "/kantor/kasus/": {"number": case.number, "id": diagnosis.id, "file_id": paper.id, "slip": slip.number},
            "/kantor/surat/": {"number": letter.number},
        }
        about = {("household", home.id), ("person", person.id), ("case", case.number), ("attachment", paper.id)}
        about |= {("person", one.id) for one in home.people} | {("letter", letter.number)}
    return values, {(kind, str(one)) for kind, one in about}


def addresses(app, values, beginnings):
    """Give each GET address about the file, with the rights of which it asks one."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.rule):
        if "GET" not in rule.methods or not rule.arguments or not rule.rule.startswith(beginnings):
            continue
        mine = next(values[start] for start in values if rule.rule.startswith(start))
        yield VALUE.sub(lambda found, mine=mine: str(mine[found[1]]), rule.rule), _rights(app, rule)


def _rights(app, rule):
    return app.view_functions[rule.endpoint].rights
