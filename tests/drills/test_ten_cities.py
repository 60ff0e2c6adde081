"""The demo ten times larger still proves itself."""

from tests.engines import own_database
from tests.portal import Portal


def test_scale_ten_is_proved_by_the_ledger(tmp_path):
    with own_database() as settings:
        portal = Portal(tmp_path / "var", DEMO="0", **settings).start()
        try:
            portal.manage("load_demo", "--scale", "10")
            assert portal.manage("verify_ledger") == ""
        finally:
            portal.stop()
