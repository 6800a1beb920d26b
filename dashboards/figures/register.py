"""Every figure, in the order a head of service reads them."""

from .base import Figure
from .caseloads import CASELOAD_PER_FTE, IRO_POSTS
from .escalated import OPEN_ESCALATIONS
from .ratings import RATINGS
from .standing import LOOKED_AFTER_CHILDREN, OVERDUE, UP_TO_DATE
from .timeliness import DAYS_LATE, REVIEWS_IN_TIME

FIGURES: tuple[Figure, ...] = (
    REVIEWS_IN_TIME,
    UP_TO_DATE,
    OVERDUE,
    DAYS_LATE,
    RATINGS,
    OPEN_ESCALATIONS,
    CASELOAD_PER_FTE,
    IRO_POSTS,
    LOOKED_AFTER_CHILDREN,
)
BY_SLUG = {figure.slug: figure for figure in FIGURES}
