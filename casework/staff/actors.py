"""Who acts: a person with posts, each a role in an area; an applicant; or the system itself."""

from dataclasses import dataclass
from typing import NamedTuple

from casework.staff.rights import ROLES, SECRETS


class Area(NamedTuple):
    """A part of the district: everything (all empty), a village, a hamlet (dusun) of it, an RW, an RT of an RW."""

    village: str = ""
    hamlet: str = ""
    rw: str = ""
    rt: str = ""

    def covers(self, village: str, hamlet: str | None, rw: str | None, rt: str | None) -> bool:
        """Say whether a place lies in it; a longer village code lies in a shorter one (`35.06.07`: a kecamatan)."""
        if self.village and village != self.village and not village.startswith(self.village + "."):
            return False
        return all(
            not mine or mine == (theirs or "") for mine, theirs in ((self.hamlet, hamlet), (self.rw, rw), (self.rt, rt))
        )


EVERYWHERE = Area()


class Post(NamedTuple):
    """A role in an area; staff of a Bidang have the programs it looks after (none named: all).

    `secrets` False: whoever holds it has no need to know what is confidential, though others in the role have.
    """

    role: str
    area: Area = EVERYWHERE
    programs: frozenset[str] = frozenset()
    secrets: bool = True


@dataclass(frozen=True)
class Actor:
    """Whoever does something; `account` is None for an applicant and for the system."""

    name: str
    account: int | None = None
    posts: tuple[Post, ...] = ()
    everything: bool = False

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(post.role for post in self.posts)

    def posts_for(self, right: str) -> tuple[Post, ...]:
        """Give the posts with a right; a role that is no longer there has none."""
        held = (post for post in self.posts if right in ROLES.get(post.role, ()))
        return tuple(post for post in held if right != SECRETS or post.secrets)

    def may(self, right: str) -> bool:
        return self.everything or bool(self.posts_for(right))

    def may_for(self, right: str, program: str) -> bool:
        """Say whether one of the posts gives a right for a program."""
        return self.everything or any(not post.programs or program in post.programs for post in self.posts_for(right))

    def may_for_all(self, right: str, program: str) -> bool:
        """Say whether one of the posts gives a right for a program in the whole district."""
        posts = (post for post in self.posts_for(right) if post.area == EVERYWHERE)
        return self.everything or any(not post.programs or program in post.programs for post in posts)


APPLICANT = Actor("pemohon")
SYSTEM = Actor("sistem", everything=True)
