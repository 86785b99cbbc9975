"""What a post must name: which roles work in a part of a village, and which for programs."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import or_, select

from casework.people.models import Village
from casework.people.places import hamlets_of, text_of, unit_of, village_code
from casework.refusals import Refused
from casework.staff.actors import Area, Post
from casework.staff.rights import KNOWING, ROLES
from casework.store.work import Work
from engine.knowledge.model import Knowledge

# What part of the district a role works in must be said to this depth; any other role may work everywhere.
NEEDS = {"rt_rw": ("village", "rw"), "kepala_dusun": ("village", "hamlet"), "village_operator": ("village",)}
OF_PROGRAMS = "bidang_staff"
_SUBDISTRICT = re.compile(r"(\d{2})\.?(\d{2})\.?(\d{2})")


@dataclass(frozen=True)
class PostEntry:
    """A post as it is entered; `secrets`: its holder needs to know what is confidential."""

    role: str
    village: str = ""
    hamlet: str = ""
    rw: str = ""
    rt: str = ""
    programs: tuple[str, ...] = ()
    secrets: bool = False


def checked_post(work: Work, knowledge: Knowledge, entry: PostEntry) -> Post:
    """Give a post as it is kept.

    Raises:
        Refused: at the field that must be mended.
    """
    if entry.role not in ROLES:
        raise Refused("staff-role", "role")
    area = _area(work, entry)
    for part in NEEDS.get(entry.role, ()):
        if not getattr(area, part):
            raise Refused(f"staff-{part}-needed", part)
    return Post(entry.role, area, _programs(knowledge, entry), entry.secrets and entry.role in KNOWING)


def _area(work: Work, entry: PostEntry) -> Area:
    village = _village(work, entry.village.strip())
    hamlet = text_of(entry.hamlet, "hamlet") or ""
    rw, rt = unit_of(entry.rw, "rw") or "", unit_of(entry.rt, "rt") or ""
    if rt and not rw:
        raise Refused("staff-rw-needed", "rw")
    if (hamlet or rw) and village_code(village) is None:
        raise Refused("staff-area-whole", "village")
    hamlet = hamlets_of(work, [village]).get((village, hamlet.casefold()), hamlet) if hamlet else ""
    return Area(village, hamlet, rw, rt)


def _village(work: Work, text: str) -> str:
    """Give the code of a village or of a subdistrict that has villages here; nothing for the whole district."""
    if not text:
        return ""
    subdistrict = _SUBDISTRICT.fullmatch(text)
    code = ".".join(subdistrict.groups()) if subdistrict else village_code(text)
    if code is None:
        raise Refused("staff-village", "village")
    inside = or_(Village.code == code, Village.code.startswith(f"{code}.", autoescape=True))
    if work.session.scalar(select(Village.code).where(inside).limit(1)) is None:
        raise Refused("staff-village-unknown", "village", village=code)
    return code


def _programs(knowledge: Knowledge, entry: PostEntry) -> frozenset[str]:
    programs: Iterable[str] = entry.programs if entry.role == OF_PROGRAMS else ()
    if entry.role == OF_PROGRAMS and not entry.programs:
        raise Refused("staff-program-needed", "programs")
    if not set(programs) <= knowledge.programs.keys():
        raise Refused("staff-program", "programs")
    return frozenset(programs)
