"""Valiveri: who has to check what, their answers, and the step that follows when a level is done.

RT or RW look at each household; the head of the hamlet confirms or sends back; the village meeting is `meetings`; the
office looks last. What each of them says is recorded with the evidence of their level.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy import case as when
from sqlalchemy.orm import joinedload

from casework.cases.checks import EVIDENCE, Check, checks_of
from casework.cases.diagnoses import diagnose, latest
from casework.cases.models import Case, Claim, Task
from casework.cases.moving import move_case
from casework.people.models import Household
from casework.people.observations import Said, observe_many
from casework.refusals import NotFound, Refused
from casework.staff.areas import sees, tasks_of
from casework.store.work import Work
from engine.diagnosis import Office

# Who does the tasks of a level, and where a case goes when one is done (the office decides that by itself).
RIGHTS = {level: f"check.{level}" for level in EVIDENCE}
_ONWARD = {"rt_rw": "rt_rw_checked", "kepala_dusun": "kadus_checked"}
_BACK = {"kepala_dusun": "submitted"}
AGREE, OTHER, UNSEEN = "agree", "other", "unseen"


class Answer(NamedTuple):
    """What somebody found about one fact: as said before, another value, or not to be seen."""

    kind: str
    value: Any = None


class Count(NamedTuple):
    """How many tasks wait in one place, and how many of them are late."""

    level: str
    hamlet: str | None
    rw: str | None
    rt: str | None
    open: int
    late: int


def open_tasks(
    work: Work,
    level: str,
    *,
    village: str | None = None,
    hamlet: str | None = None,
    rw: str | None = None,
    rt: str | None = None,
    most: int | None = None,
) -> list[Task]:
    """Give the actor's tasks of a level that are not done, the first due first; of one place, or all."""
    found = (
        select(Task)
        .where(Task.done_at.is_(None), Task.level == level, tasks_of(work.actor, RIGHTS[level]), _known_to_all(work))
        .options(joinedload(Task.case).joinedload(Case.household).selectinload(Household.people))
        .options(joinedload(Task.case).selectinload(Case.claims))
        .order_by(Task.due_on, Task.village, Task.hamlet, Task.rw, Task.rt, Task.id)
        .limit(most)
    )
    for part, wanted in {"village": village, "hamlet": hamlet, "rw": rw, "rt": rt}.items():
        if wanted is not None:
            found = found.where(getattr(Task, part) == wanted)
    return list(work.session.scalars(found))


def counts(work: Work, level: str) -> list[Count]:
    """Count the actor's open tasks of a level by place: per RT and RW, per hamlet."""
    late = func.sum(when((Task.due_on < work.today, 1), else_=0))
    places = Task.hamlet, Task.rw, Task.rt
    rows = work.session.execute(
        select(*places, func.count(), late)
        .where(Task.done_at.is_(None), Task.level == level, tasks_of(work.actor, RIGHTS[level]), _known_to_all(work))
        .group_by(*places)
        .order_by(*places)
    )
    return [Count(level, *row) for row in rows]


def seen_task(work: Work, id_: int) -> Task:
    """Give a task that the actor may do. Raises: NotFound."""
    task = work.session.get(Task, id_)
    if task is None or not work.actor.may(RIGHTS[task.level]):
        raise NotFound
    sees(work, task.case.household, RIGHTS[task.level])
    if task.level != "office" and task.case.is_confidential:
        raise NotFound
    return task


def of_case(work: Work, case: Case) -> list[Task]:
    """Give the tasks of a case, in the order in which they were given out; whoever sees the case sees them."""
    return list(work.session.scalars(select(Task).where(Task.case_id == case.id).order_by(Task.id)))


def last_checked(work: Work, case: Case, level: str) -> Task | None:
    """Give the last task of a level in which a case was checked."""
    mine = select(Task).where(Task.case_id == case.id, Task.level == level, Task.result == "checked")
    return work.session.scalars(mine.order_by(Task.id.desc()).limit(1)).one_or_none()


def ready(work: Work, office: Office, case: Case) -> None:
    """Make sure that there is a diagnosis to know from what matters for this household."""
    if latest(work, case) is None:
        diagnose(work, office, case, "opened")


def answer_task(
    work: Work, office: Office, task: Task, answers: Mapping[tuple[str, str], Answer], note: str | None = None
) -> None:
    """Take in what somebody found, on the evidence of their level, and hand the case on.

    The caller has the case diagnosed afterwards, in a unit of work of its own: that takes long, and others wait.

    Args:
        work: Who looked.
        office: The edition in force.
        task: The task, from `seen_task`.
        answers: By (subject, fact) of its checks; what was not known before may be left out.
        note: What else there is to say.

    Raises:
        Refused: `case-task-done`, `case-unanswered`; and as `observe_many`.
    """
    if task.done_at is not None:
        raise Refused("case-task-done")
    checks = checks_of(work, office, task.case, task.level)
    said = list(_said(checks, answers))
    kept = [Said(check.person, check.fact.name, answer.value) for check, answer in said if answer.kind != UNSEEN]
    if kept:
        evidence = EVIDENCE[task.level]
        observe_many(
            work, office.knowledge, task.case.household, kept, evidence, case_id=task.case_id, note=note or None
        )
    done(work, task, "checked", [[*check.key, answer.kind] for check, answer in said])
    if task.level in _ONWARD:
        move_case(work, task.case, _ONWARD[task.level], note, holidays=office.knowledge.holidays)


def confirm(work: Work, office: Office, task: Task) -> None:
    """Confirm all that was said of a case, as the head of the hamlet does with a whole list."""
    checks = checks_of(work, office, task.case, task.level)
    answer_task(work, office, task, {one.key: Answer(AGREE) for one in checks if one.value is not None})


def send_back(work: Work, office: Office, task: Task, reason: str) -> None:
    """Send a case back to the level before, with the reason. Raises: Refused."""
    if task.done_at is not None:
        raise Refused("case-task-done")
    if task.level not in _BACK:
        raise Refused("case-no-way", before=task.case.state, after="submitted")
    move_case(work, task.case, _BACK[task.level], reason, holidays=office.knowledge.holidays)
    task.result = "sent_back"


def done(work: Work, task: Task, result: str, facts: list[Any]) -> None:
    """Mark a task as done: what was asked, and how each was answered."""
    task.done_at, task.done_by, task.result, task.facts = work.now, work.actor.name, result, facts
    work.session.flush()
    work.record("task.done", "case", task.case.number, level=task.level, result=result, facts=len(facts))


def _said(checks: Iterable[Check], answers: Mapping[tuple[str, str], Answer]) -> Iterable[tuple[Check, Answer]]:
    """Give every check with its answer; to agree is to say the value that stands."""
    for check in checks:
        answer = answers.get(check.key) or (None if check.value is not None else Answer(UNSEEN))
        if answer is None:
            raise Refused("case-unanswered", f"{check.subject}.{check.fact.name}", fact=check.fact.label.id)
        if answer.kind == AGREE:
            if check.value is None:
                raise Refused("case-unanswered", f"{check.subject}.{check.fact.name}", fact=check.fact.label.id)
            answer = Answer(AGREE, check.value)
        elif answer.kind == OTHER and answer.value is None:
            raise Refused("case-unanswered", f"{check.subject}.{check.fact.name}", fact=check.fact.label.id)
        yield check, answer


def _known_to_all(work: Work) -> ColumnElement[bool]:
    """Leave out tasks of cases of which only officers may know, unless they are the office's own."""
    open_ = exists().where(Claim.case_id == Task.case_id, Claim.officer_only.is_(False))
    return or_(open_, Task.level == "office") if work.actor.may("secrets.read") else open_
