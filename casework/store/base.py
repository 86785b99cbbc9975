"""What all tables share: how a moment, a number of rupiah and a sealed value are kept, and names for constraints."""

import uuid
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from casework.store.keys import Keyring
from engine.population_number import masked


class Moment(TypeDecorator[datetime]):
    """A moment with its zone; kept in UTC, because SQLite knows no zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.replace(tzinfo=UTC)


Id = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """All tables of casework."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {datetime: Moment, dict[str, Any]: JSON, list[Any]: JSON, int: Id}


class Guarded:
    """A row that others may have changed since it was read: the later writer is refused (optimistic locking)."""

    version: Mapped[int] = mapped_column(Integer, default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class Sealing:
    """A row with sealed columns `<field>_sealed`; where one can be searched for, `<field>_index` stands beside it.

    `SEALED` names the fields. `uid` binds a sealed value to its row.
    """

    SEALED: tuple[str, ...] = ()
    uid: Mapped[str] = mapped_column(unique=True)

    def __init__(self, **values: Any) -> None:
        values.setdefault("uid", uuid.uuid4().hex)
        super().__init__(**values)

    def seal(self, keys: Keyring, field: str, plain: str | bytes | None) -> None:
        """Keep a value sealed, and its blind index where the table has one."""
        for column, value in sealed_columns(type(self), keys, self.uid, field, plain).items():
            setattr(self, column, value)

    def opened(self, keys: Keyring, field: str) -> str | None:
        """Give a sealed text in the clear. Raises: Refused, when it was altered or its key is gone."""
        sealed = getattr(self, f"{field}_sealed")
        return None if sealed is None else keys.open(sealed, _about(type(self), self.uid, field)).decode()

    def opened_bytes(self, keys: Keyring, field: str) -> bytes:
        return keys.open(getattr(self, f"{field}_sealed"), _about(type(self), self.uid, field))

    def shown(self, keys: Keyring, field: str) -> str | None:
        """Give a sealed number as screens and logs may show it: first six and last two digits."""
        plain = self.opened(keys, field)
        return None if plain is None else masked(plain)


def sealed_columns(
    table: type[Sealing], keys: Keyring, uid: str, field: str, plain: str | bytes | None
) -> dict[str, bytes | None]:
    """Give the columns that keep a value sealed, for rows that are written in bulk."""
    data = plain.encode() if isinstance(plain, str) else plain
    columns = {f"{field}_sealed": None if data is None else keys.seal(data, _about(table, uid, field))}
    if hasattr(table, f"{field}_index"):
        columns[f"{field}_index"] = None if plain is None else keys.index(field, str(plain))
    return columns


def _about(table: type[Sealing], uid: str, field: str) -> str:
    return f"{table.__tablename__}:{uid}:{field}"
