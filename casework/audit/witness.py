"""An end of the audit log that was kept elsewhere: a backup has one. With it one sees that the log was put back.

A database that was put back to an earlier state, log and end together, is whole by itself. It is found when it no longer
has the entry that was the last one when a backup was made.
"""

import json
import zipfile
from pathlib import Path

from casework.audit import log
from casework.audit.log import End
from casework.audit.models import AuditHead
from casework.refusals import Refused
from casework.store.work import Work


def end_in_backup(work: Work, file: Path) -> End:
    """Give where the log ended when a backup was made.

    Raises:
        Refused: `backup-unreadable`, when it is no backup, or its end was not signed with our keys.
    """
    try:
        with zipfile.ZipFile(file) as packed:
            lines = packed.read(f"{AuditHead.__tablename__}.jsonl").splitlines()
        if not lines:
            return End(0, "")
        row = json.loads(lines[0])
        end = End(int(row["last"]), str(row["entry_signature"]))
        signed = log.is_signed(work.keys, end, str(row["signature"]))
    except (OSError, zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
        raise Refused("backup-unreadable", fault=type(error).__name__) from None
    if not signed:
        raise Refused("backup-unreadable", fault="signature")
    return end


def goes_on_from(work: Work, file: Path) -> bool:
    """Say whether the log still has all that it had when a backup was made. Raises: as `end_in_backup`."""
    return log.stands(work, end_in_backup(work, file))
