"""The secrets of every portal that tests, checks and benches start: of no value, but long enough for production."""

KEYS = {name: f"only-for-tests-{name}-".ljust(64, "x") for name in ("SECRET_KEY", "KK_KEY", "CONTACT_KEY", "LINK_KEY")}
