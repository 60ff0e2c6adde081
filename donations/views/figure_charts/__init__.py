"""The charts of `/transparansi/`: what each shows, in which unit, from which rows, and what it found.

Each function takes the page's board (figures, breakdowns and addresses of one choice) and returns what `{% chart %}`
takes.
"""

from .areas import areas
from .equity import histogram, least
from .groups import categories, packages
from .steps import funnel, money
from .trend import trend

__all__ = ["areas", "categories", "funnel", "histogram", "least", "money", "packages", "trend"]
