"""The only place that changes anything: keyword-only, `by=`, `now=`, one transaction, audit inside."""
