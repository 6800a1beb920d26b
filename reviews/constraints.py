"""What the database holds true of reviews, where it takes more than a line to say."""

import pgtrigger
from django.db.models import Q

HELD = Q(held_on__isnull=False)
# The one day that two rows hold: of a review held, its duty was met. Seen from the review when the act ends, so that
# either may be written first; `manage.py check_duties` looks from the duty's side.
HELD_IS_MET = pgtrigger.Trigger(
    name="held_is_met",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("held_on", "duty_id"),
    timing=pgtrigger.Deferred,
    declare=[("met_on", "date")],
    func="""
        SELECT duty.met_on INTO met_on FROM duties_duty AS duty
        JOIN reviews_review AS review ON review.duty_id = duty.id WHERE review.id = NEW.id;
        IF FOUND AND met_on IS DISTINCT FROM (SELECT held_on FROM reviews_review WHERE id = NEW.id) THEN
            RAISE EXCEPTION 'review % was held on another day than its duty was met', NEW.id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    """,
)
OTHER_REVIEW_WHERE_MOVED = Q(kind__in=["GONE", "COME"], other_review__isnull=False) | (
    ~Q(kind__in=["GONE", "COME"]) & Q(other_review__isnull=True)
)
