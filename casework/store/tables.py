"""All tables, for whoever needs to know them together: migrations, backup, keys."""

from casework.audit import models as audit
from casework.cases import models as cases
from casework.lists import models as lists
from casework.payments import models as payments
from casework.people import models as people
from casework.staff import models as staff
from casework.store.base import Base

__all__ = ["Base", "audit", "cases", "lists", "payments", "people", "staff"]
