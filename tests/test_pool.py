"""The pool of PostgreSQL: bounded and in order, quick to say that nobody answers, and well again by itself."""

import threading

import psycopg
import pytest
from django.db import OperationalError, connection, connections

from ksbb.core.pooled_postgresql.pool import Pool

pytestmark = pytest.mark.postgresql


@pytest.fixture
def pool():
    """A pool of two connections to the server under test, counting in `made` how often it was asked for one."""
    params = {**connection.get_connection_params(), "autocommit": True}

    def connect():
        made.made += 1
        return psycopg.connect(**params)

    made = Pool(connect, size=2, timeout=0.05)
    made.made = 0
    yield made
    made.close()


def refusing():
    raise psycopg.OperationalError("nobody answers")


def cut(one):
    """End a connection as a restarting server does."""
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [one.info.backend_pid])


def test_a_connection_is_used_again(db, pool):
    first = pool.getconn()
    pool.putconn(first)
    assert pool.getconn() is first
    assert pool.made == 1
    pool.putconn(first)


def test_who_finds_all_taken_waits_only_so_long(db, pool):
    taken = [pool.getconn(), pool.getconn()]
    with pytest.raises(psycopg.OperationalError, match="all connections were taken"):
        pool.getconn()
    for one in taken:
        pool.putconn(one)
    assert pool.getconn() in taken


def test_the_line_is_served_in_order(db, pool):
    pool.timeout, served, threads = 30, [], []
    taken = [pool.getconn(), pool.getconn()]

    def wait(name):
        one = pool.getconn()
        served.append(name)
        pool.putconn(one)

    for name in range(5):
        threads.append(threading.Thread(target=wait, args=[name]))
        threads[-1].start()
        while len(pool.line.waiting) <= name:
            threads[-1].join(0.001)
    pool.putconn(taken[0])
    for thread in threads:
        thread.join()
    pool.putconn(taken[1])
    assert served == list(range(5))


def test_connections_that_a_restart_has_cut_are_replaced_at_once(db, pool):
    both = [pool.getconn(), pool.getconn()]
    for one in both:
        cut(one)
        pool.putconn(one)
    fresh = pool.getconn()
    assert fresh not in both
    assert fresh.execute("SELECT 1").fetchone() == (1,)
    pool.putconn(fresh)


def test_a_connection_comes_back_without_its_transaction(db, pool):
    one = pool.getconn()
    one.autocommit = False
    one.execute("CREATE TEMPORARY TABLE t (x int)")
    pool.putconn(one)
    assert one.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
    assert one.execute("SELECT to_regclass('t')").fetchone() == (None,)


def test_while_nobody_answers_only_one_asks_and_the_others_hear_of_it():
    asked = []
    pool = Pool(lambda: asked.append(1) or refusing(), size=1, timeout=30)
    for _visitor in range(3):
        with pytest.raises(psycopg.OperationalError, match="nobody answers"):
            pool.getconn()
    assert len(asked) == 1
    assert pool.line.places == 1


def test_after_a_moment_somebody_tries_again(db, pool):
    connect, pool.connect = pool.connect, refusing
    with pytest.raises(psycopg.OperationalError):
        pool.getconn()
    pool.connect, pool.away_until = connect, 0
    pool.putconn(pool.getconn())


def test_django_uses_it_and_hears_of_a_server_that_is_away(db):
    other = type(connections["default"])({**connection.settings_dict, "PORT": "1"}, "away")
    with pytest.raises(OperationalError):
        other.cursor()
    other.close_pool()
    assert isinstance(connections["default"].pool, Pool)
