"""Which kinds of files `import_data` takes: who reads each, and which action writes it."""

from donations.actions import boundaries
from ksbb.core.imports import Kind
from locations import imports as locations

KINDS = {kind.slug: kind for kind in [Kind("batas", locations.read_boundaries, boundaries.replace)]}
