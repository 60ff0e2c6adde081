"""What is logged and how: lines for people, or JSON for machines; masked either way (ksbb/core/privacy.py)."""

import json
from datetime import UTC, datetime

from django.core.exceptions import ImproperlyConfigured

from . import request_id
from .privacy import MaskFormatter, mask


class JsonFormatter(MaskFormatter):
    """One JSON object a line, with the name of the request that it is about."""

    def format(self, record):
        said = {"level": record.levelname, "logger": record.name, "request_id": request_id.current()}
        said["message"] = record.getMessage()
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info)
        # Masked before they are quoted: a mask that reaches over a quotation mark would break the line.
        said = {name: mask(text) for name, text in said.items() if text}
        return json.dumps({"time": datetime.fromtimestamp(record.created, UTC).isoformat(), **said}, ensure_ascii=False)


FORMATTERS = {
    "line": {"()": "ksbb.core.privacy.MaskFormatter", "format": "%(levelname)s %(name)s %(message)s"},
    "json": {"()": "ksbb.core.logs.JsonFormatter"},
}


def configuration(shape):
    """Return LOGGING; `shape` is "line" or "json"."""
    if shape not in FORMATTERS:
        raise ImproperlyConfigured(f"LOG_FORMAT must be one of {', '.join(FORMATTERS)}, not {shape!r}.")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"mask": {"()": "ksbb.core.privacy.MaskFilter"}, "briefly": {"()": "ksbb.core.away.Briefly"}},
        "formatters": {"said": FORMATTERS[shape]},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "filters": ["briefly", "mask"], "formatter": "said"},
            "mail": {"class": "django.utils.log.AdminEmailHandler", "level": "ERROR", "filters": ["briefly", "mask"]},
        },
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            "ksbb": {"level": "INFO"},
            "django": {"handlers": ["mail"], "level": "INFO"},
            "django.server": {"handlers": ["console"], "propagate": False},
        },
    }
