"""Forms of meetings: the terms of a fair's meetings, a session, and how one takes part."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.core import get_global
from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField, TimeField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from marketplace.catalogue.registry.loading import load_registry
from marketplace.fairs.models import Fair
from marketplace.i18n.formats import day_of, format_date, zone_city
from marketplace.kernel.forms import CheckListField, GuardedForm
from marketplace.meetings.drafts import GuestDraft, PlanDraft, SessionDraft
from marketplace.meetings.models import MeetingGuest, MeetingPlan, MeetingSession
from marketplace.meetings.rules import MOST_MEETINGS, MOST_TABLES, SLOT_LENGTHS

CAPS = ("most_a_session", "most_buyer", "most_distributor", "most_seller")
USUAL = {"most_a_session": 8, "most_buyer": 12, "most_distributor": 16, "most_seller": 16}


def _cap(label: Any, description: Any = "") -> IntegerField:
    sentence = _("Write a number of meetings from 1 to %(most)s.", most=MOST_MEETINGS)
    checks = [InputRequired(sentence), NumberRange(1, MOST_MEETINGS, sentence)]
    return IntegerField(label, description=description, validators=checks)


class PlanForm(GuardedForm):
    """The time zone of a fair and how many meetings one participant may have."""

    time_zone = SelectField(
        _("Time zone of the fair"), validators=[InputRequired(_("Choose the time zone from the list."))]
    )
    most_a_session = _cap(_("Most meetings in one session"), _("Of one participant, so that everybody gets a turn."))
    most_buyer = _cap(_("Most meetings of a buyer"))
    most_distributor = _cap(_("Most meetings of a distributor"))
    most_seller = _cap(_("Most meetings of a seller"))
    version = HiddenField()

    @classmethod
    def of(cls, fair: Fair, plan: MeetingPlan | None, locale: str) -> PlanForm:
        """The form as the plan stands, or with the usual figures, and the zones of the fair's country."""
        zones = list(dict.fromkeys([*get_global("territory_zones").get(fair.country, ()), "UTC"]))
        if plan is not None and plan.time_zone not in zones:
            zones.append(plan.time_zone)
        values: dict[str, Any] = {**USUAL, "time_zone": zones[0], "version": 0}
        if plan is not None:
            values = {name: getattr(plan, name) for name in ("time_zone", "version", *CAPS)}
        form = cls(data=values)
        form.time_zone.choices = [SelectChoice(one, zone_city(one, locale)) for one in zones]
        return form

    def draft(self) -> PlanDraft:
        """What was entered, once it is valid."""
        return PlanDraft(self.time_zone.data or "", *(getattr(self, name).data or 0 for name in CAPS))


class SessionForm(GuardedForm):
    """One session by the wall clock of the fair."""

    day = SelectField(_("Day"), validators=[InputRequired(_("Choose a day."))])
    opens = TimeField(_("Begins"), validators=[InputRequired(_("Write the time as 09:30."))])
    closes = TimeField(_("Ends"), validators=[InputRequired(_("Write the time as 09:30."))])
    minutes = SelectField(_("Length of a meeting"), validators=[InputRequired()])
    tables = IntegerField(
        _("Tables"),
        validators=[
            InputRequired(_("Write a number of tables from 1 to %(most)s.", most=MOST_TABLES)),
            NumberRange(1, MOST_TABLES, _("Write a number of tables from 1 to %(most)s.", most=MOST_TABLES)),
        ],
    )
    place = StringField(_("Where"), description=_("Such as a hall and a stand."), validators=[Length(max=80)])
    version = HiddenField()

    @classmethod
    def of(cls, fair: Fair, plan: MeetingPlan, one: MeetingSession | None, locale: str, tables: int = 0) -> SessionForm:
        """The form as the session stands, or of a morning of the first day with so many tables."""
        values: dict[str, Any] = {
            "day": fair.first_day.isoformat(), "opens": time(10), "closes": time(12), "minutes": "20",
            "tables": tables or 5, "version": 0,
        }  # fmt: skip
        if one is not None:
            values = {
                "day": day_of(one.starts_at, plan.time_zone).isoformat(),
                "opens": _clock(one.starts_at, plan.time_zone),
                "closes": _clock(one.ends_at, plan.time_zone),
                "minutes": str(one.slot_minutes), "tables": one.tables, "place": one.place, "version": one.version,
            }  # fmt: skip
        form = cls(data=values)
        days = [fair.first_day + timedelta(days=number) for number in range((fair.last_day - fair.first_day).days + 1)]
        form.day.choices = [SelectChoice(one.isoformat(), format_date(one, locale, "full")) for one in days]
        form.minutes.choices = [
            SelectChoice(str(one), ngettext("%(num)s minute", "%(num)s minutes", one)) for one in SLOT_LENGTHS
        ]
        return form

    def draft(self, fair: Fair) -> SessionDraft:
        """What was entered, once it is valid; the day is one of the list."""
        days = (fair.last_day - fair.first_day).days + 1
        by_name = {
            (fair.first_day + timedelta(days=number)).isoformat(): fair.first_day + timedelta(days=number)
            for number in range(days)
        }
        return SessionDraft(
            by_name[self.day.data], self.opens.data, self.closes.data, int(self.minutes.data), self.tables.data,
            self.place.data or "",
        )  # fmt: skip


class JoinForm(GuardedForm):
    """Who comes, and for what."""

    person = StringField(
        _("Who comes"),
        description=_("A name. Those you meet read it."),
        validators=[InputRequired(_("Write who comes.")), Length(max=80)],
    )
    about = TextAreaField(
        _("What you look for, or what you show"),
        description=_("All who take part read it, with your organisation's name and country."),
        validators=[Length(max=500)],
    )
    commodities = CheckListField(_("Commodities"), validators=[InputRequired(_("Choose at least one commodity."))])

    @classmethod
    def of(cls, fair: Fair, guest: MeetingGuest | None, person: str, locale: str) -> JoinForm:
        """The form as one takes part, or with the person's own name; goods of the fair to choose from."""
        known = load_registry()
        data = {"person": person, "commodities": []}
        if guest is not None:
            data = {"person": guest.person, "about": guest.about, "commodities": guest.commodities}
        form = cls(data=data)
        form.commodities.choices = [
            (one, known.commodity(one).name(locale)) for one in fair.commodities if one in known.commodities
        ]
        return form

    def draft(self) -> GuestDraft:
        """What was entered, once it is valid."""
        return GuestDraft(self.person.data or "", self.about.data or "", tuple(self.commodities.data or ()))


def _clock(moment: datetime, zone: str) -> time:
    return moment.astimezone(ZoneInfo(zone)).time()
