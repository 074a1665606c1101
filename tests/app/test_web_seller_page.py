"""The public page of a seller: what was checked, by whom, how, when and until when."""

from __future__ import annotations

import html
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete
from sqlalchemy.orm import Session

from marketplace.accounts.models import Membership, Organisation
from marketplace.accounts.rules import VerificationLevel, VerificationMethod
from marketplace.accounts.services.organisations import verify_organisation
from marketplace.kernel.clock import today
from marketplace.kernel.uow import transaction
from marketplace.sellers.models import Seller
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("moment")


def test_a_check_names_the_programme_how_when_and_until_when(
    app: Flask, people: Cast, session: Session, moment: datetime
) -> None:
    seller, curator = people.seller(), people.curator()
    page = f"/en/sellers/{session.get_one(Seller, seller.seller_id).slug}"
    assert "Checked" not in app.test_client().get(page).text
    with transaction() as inside:
        until = today() + timedelta(days=300)
        verify_organisation(
            inside, curator.actor, seller.organisation_id, VerificationLevel.REVIEWED, VerificationMethod.VISIT,
            "Saw the drying floor.", until,
        )  # fmt: skip
    session.expire_all()
    programme = session.get_one(Organisation, curator.organisation_id).name
    shown = html.unescape(app.test_client().get(page).text)
    assert f"Checked by {programme}, visit on site, on " in shown
    assert f"Next check: {until.day} " in shown
    assert "Saw the drying floor" not in shown  # the evidence is for staff


def test_a_check_of_somebody_who_has_left_keeps_its_days(app: Flask, people: Cast, session: Session) -> None:
    seller, curator = people.seller(), people.curator()
    page = f"/en/sellers/{session.get_one(Seller, seller.seller_id).slug}"
    with transaction() as inside:
        verify_organisation(
            inside, curator.actor, seller.organisation_id, VerificationLevel.LISTED, VerificationMethod.DESK,
            "Register extract.", today() + timedelta(days=300),
        )  # fmt: skip
        inside.execute(delete(Membership).where(Membership.user_id == curator.user_id))
    assert ", next check by " in app.test_client().get(page).text
