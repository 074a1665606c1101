"""Reads of the staff pages."""

from marketplace.console.queries.overview import Counts, counts
from marketplace.console.queries.people import (
    PersonRow,
    mentors,
    organisation_page,
    people_page,
    people_without_mail,
    sellers_page,
    staff_organisation,
    staff_seller,
    to_verify,
    verifications_of,
)
from marketplace.console.queries.work import audit_page, chapter_rows, commodity_rows, job_counts, tasks_page

__all__ = [
    "Counts",
    "PersonRow",
    "audit_page",
    "chapter_rows",
    "commodity_rows",
    "counts",
    "job_counts",
    "mentors",
    "organisation_page",
    "people_page",
    "people_without_mail",
    "sellers_page",
    "staff_organisation",
    "staff_seller",
    "tasks_page",
    "to_verify",
    "verifications_of",
]
