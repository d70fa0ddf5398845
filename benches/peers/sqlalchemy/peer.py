"""SQLAlchemy: ORM models and an asynchronous session, with asyncpg or psycopg.

    peer.py URL DRIVER

Answers lines such as `read\\t200` with a line of JSON, as the Rust programs do (harness/src/lib.rs).
"""

import asyncio
import datetime
import json
import resource
import sys
import time

from sqlalchemy import BigInteger, ForeignKey, SmallInteger, insert, select, text, update
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload

USER = "usr_019438d6e1f07c5cb9a7d1c3b2a4f5e6"
ORGANIZATION = "org_019438d6e1f07c5cb9a7d1c3b2a4f5e7"
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
Time = TIMESTAMP(timezone=True)


class Base(DeclarativeBase):
    type_annotation_map = {int: BigInteger, datetime.datetime: Time}


class NoteColumns:
    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime.datetime]
    title: Mapped[str]
    body: Mapped[str | None]


class Note(NoteColumns, Base):
    __tablename__ = "notes"


class Document(NoteColumns, Base):
    __tablename__ = "documents"


class Event(NoteColumns, Base):
    __tablename__ = "events"


class Load(NoteColumns, Base):
    __tablename__ = "loads"


class Wide(Base):
    __tablename__ = "wide"
    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime.datetime]
    updated_at: Mapped[datetime.datetime | None]
    title: Mapped[str]
    subtitle: Mapped[str | None]
    author: Mapped[str]
    publisher: Mapped[str | None]
    language: Mapped[str]
    url: Mapped[str]
    abstract: Mapped[str | None]
    pages: Mapped[int]
    edition: Mapped[int | None]
    year: Mapped[int]
    sales: Mapped[int]
    stock: Mapped[int | None]
    price: Mapped[float]
    discount: Mapped[float | None]
    available: Mapped[bool]
    digital: Mapped[bool | None]
    rank: Mapped[int] = mapped_column(SmallInteger)


class Author(Base):
    __tablename__ = "authors"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    books: Mapped[list["Book"]] = relationship(order_by="Book.id")


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))
    title: Mapped[str]
    blurb: Mapped[str | None]


def elapsed(start):
    return time.perf_counter_ns() - start


async def read(session, count):
    times = []
    for number in range(1, count + 1):
        start = time.perf_counter_ns()
        (await session.scalars(select(Note).where(Note.id == number))).one()
        times.append(elapsed(start))
    return times


async def insert_one(session, count):
    times = []
    for number in range(1, count + 1):
        start = time.perf_counter_ns()
        session.add(Load(id=number, created_at=EPOCH, title="a new title", body="a new body"))
        await session.flush()
        times.append(elapsed(start))
    return times


async def update_one(session, count):
    times = []
    for number in range(1, count + 1):
        start = time.perf_counter_ns()
        await session.execute(update(Note).where(Note.id == number).values(title="another title"))
        times.append(elapsed(start))
    return times


def many(model, rows):
    async def run(session, count):
        times = []
        for _ in range(count):
            # Objects that the session already has would not be built again.
            session.expunge_all()
            start = time.perf_counter_ns()
            found = (await session.scalars(select(model).order_by(model.id).limit(rows))).all()
            times.append(elapsed(start))
            assert len(found) == rows
        return times

    return run


async def stream(session, count):
    times = []
    for _ in range(count):
        start = time.perf_counter_ns()
        found = await session.stream(select(Event.id, Event.created_at, Event.title, Event.body).execution_options(yield_per=1000))
        size = 0
        async for row in found:
            size += len(row.title)
        times.append(elapsed(start))
    return times


async def related(session, count):
    times = []
    for _ in range(count):
        session.expunge_all()
        start = time.perf_counter_ns()
        authors = (await session.scalars(select(Author).order_by(Author.id).options(selectinload(Author.books)))).all()
        times.append(elapsed(start))
        assert len(authors) == 100
    return times


def bulk(rows):
    async def run(session, count):
        new = [
            dict(id=number, created_at=EPOCH, title=f"note {number}", body="Words." * 10 if number % 2 == 0 else None)
            for number in range(1, rows + 1)
        ]
        times = []
        for _ in range(count):
            savepoint = await session.begin_nested()
            start = time.perf_counter_ns()
            await session.execute(insert(Load), new)
            times.append(elapsed(start))
            await savepoint.rollback()
        return times

    return run


async def scope(sessions, count):
    settings = text(
        "SELECT set_config('role', 'bench_customer', true), set_config('app.user_id', :user, true), "
        "set_config('app.organization_id', :organization, true)"
    )
    times = []
    for number in range(1, count + 1):
        start = time.perf_counter_ns()
        async with sessions.begin() as session:
            await session.execute(settings, {"user": USER, "organization": ORGANIZATION})
            (await session.scalars(select(Document).where(Document.id == number))).one()
        times.append(elapsed(start))
    return times


CASES = {
    "read": read,
    "insert": insert_one,
    "update": update_one,
    "rows_100x4": many(Note, 100),
    "rows_10000x4": many(Note, 10_000),
    "rows_100x20": many(Wide, 100),
    "rows_10000x20": many(Wide, 10_000),
    "stream": stream,
    "related": related,
    "bulk_10": bulk(10),
    "bulk_1000": bulk(1_000),
    "bulk_100000": bulk(100_000),
}


async def answer(sessions, case, count):
    if case == "scope":
        return await scope(sessions, count)
    async with sessions() as session:
        times = await CASES[case](session, count)
        await session.rollback()
        return times


async def main():
    url, driver = sys.argv[1:]
    engine = create_async_engine(make_url(url).set(drivername=f"postgresql+{driver}"), pool_size=4, max_overflow=0)
    sessions = async_sessionmaker(engine)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        case, count = line.rstrip("\n").split("\t")
        if case != "scope" and case not in CASES:
            print(json.dumps({"missing": True}), flush=True)
            continue
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        try:
            times = await answer(sessions, case, int(count))
            grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
            print(json.dumps({"ns": times, "grown_kib": grown}), flush=True)
        except Exception as error:
            print(json.dumps({"error": f"{type(error).__name__}: {error}"}), flush=True)


asyncio.run(main())
