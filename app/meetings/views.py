"""组织评审 for a review body: the grid of its meetings, and the page of one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from app.extensions import business_now, db
from app.meetings import queries, services
from app.meetings.forms import MeetingForm, NoticeForm, VotesForm
from app.meetings.models import Meeting
from app.meetings.services import MeetingRefused
from app.meetings.voting import needed
from app.meetings.wording import refused
from app.public_notices.services import NoticeRefused
from app.web.rows import GridRows
from app.web.scoping import current_actor
from app.web.views import Grid, TaskView
from app.workflow.machine import MoveRefused
from app.workflow.states import State

NUMBERS_MAX = 500


def chosen_numbers() -> list[str]:
    """The application numbers that were ticked on a page."""
    numbers = request.form.getlist("chosen")
    if len(numbers) > NUMBERS_MAX:
        abort(400)
    return [number for number in dict.fromkeys(numbers) if len(number) <= 24]


class MeetingGrid(Grid):
    datamodel = GridRows(Meeting, eager=[joinedload(Meeting.body)])
    route_base = "/meetings"
    scope = staticmethod(queries.visible_to)
    list_template = "meetings/list.html"
    list_title = _l("组织评审")
    page_intro = _l("新建评审会议，列入待上会人员，登记表决结果，再公示评审结果。")
    list_columns = ["name", "body.name", "held_on", "place", "members_expected", "closed_at"]
    mobile_columns = ("held_on", "place", "closed_at")
    label_columns = {
        "name": _l("会议名称"), "body.name": _l("评审机构"), "held_on": _l("会议日期"), "place": _l("地点"),
        "members_expected": _l("应到人数"), "closed_at": _l("结束时间"),
    }
    search_columns = ["name", "held_on"]
    base_permissions = ["can_list"]
    exclude_route_methods = Grid.exclude_route_methods | {"show"}

    def row_link(self, row: Meeting) -> str:
        return url_for("MeetingView.one", meeting_id=row.id)


class MeetingView(TaskView):
    """One meeting: candidates, votes, the end, the publication of its results."""

    route_base = "/meetings"
    default_view = "new"

    @expose("/new/", methods=["GET", "POST"])
    @has_access
    @permission_name("convene")
    def new(self) -> Any:
        form = MeetingForm()
        if request.method == "POST" and form.validate():
            meeting = services.plan(
                db.session, current_actor(), name=form.name.data, held_on=form.held_on.data, place=form.place.data,
                members_expected=form.members_expected.data, now=business_now(),
            )
            db.session.commit()
            return self.done(_("会议已建立，请列入评审人员。"), url_for("MeetingView.one", meeting_id=meeting.id))
        return self.page("meetings/new.html", form=form)

    @expose("/<int:meeting_id>/")
    @has_access
    @permission_name("read")
    def one(self, meeting_id: int) -> Any:
        return self._page(self._visible(meeting_id))

    @expose("/<int:meeting_id>/convene/", methods=["POST"])
    @has_access
    @permission_name("convene")
    def convene(self, meeting_id: int) -> Any:
        meeting = self._own(meeting_id)
        found = queries.ready_for(db.session, meeting.body_id, chosen_numbers())
        return self._do(
            meeting,
            lambda: services.convene(db.session, meeting, found, current_actor(), now=business_now()),
            lambda added: _("已列入 %(count)d 人。", count=len(added)),
        )

    @expose("/<int:meeting_id>/votes/", methods=["POST"])
    @has_access
    @permission_name("convene")
    def votes(self, meeting_id: int) -> Any:
        """Keeps the counts; a wrong sheet is shown again as it was typed."""
        meeting = self._own(meeting_id)
        candidates = queries.candidates_of(db.session, meeting)
        sheet = VotesForm.sent(request.form, candidates)
        if not sheet.validate(candidates):
            return self._page(meeting, sheet=sheet)
        try:
            services.record_votes(
                db.session, meeting, current_actor(), present=int(sheet.present), votes=sheet.votes(),
                notes=sheet.notes(), now=business_now(),
            )
        except MeetingRefused as error:
            db.session.rollback()
            sheet.errors.append(refused(error))
            return self._page(self._own(meeting_id), sheet=sheet)
        db.session.commit()
        return self.done(_("表决结果已保存。"), self._address(meeting_id))

    @expose("/<int:meeting_id>/close/", methods=["POST"])
    @has_access
    @permission_name("convene")
    def close(self, meeting_id: int) -> Any:
        meeting = self._own(meeting_id)
        return self._do(
            meeting,
            lambda: services.close(db.session, meeting, current_actor(), now=business_now()),
            lambda found: _(
                "会议已结束：通过 %(passed)d 人，未通过 %(failed)d 人。",
                passed=sum(bool(each.passed) for each in found), failed=sum(not each.passed for each in found),
            ),
        )

    @expose("/<int:meeting_id>/publish/", methods=["POST"])
    @has_access
    @permission_name("convene")
    def publish(self, meeting_id: int) -> Any:
        meeting, form = self._own(meeting_id), NoticeForm()
        if not form.validate():
            return self._page(meeting, notice=form)
        return self._do(
            meeting,
            lambda: services.publish(
                db.session, meeting, current_actor(), place=form.place.data, contact=form.contact.data,
                working_days=form.working_days.data, now=business_now(),
            ),
            lambda notice: _("评审结果已公示，公示至 %(day)s。", day=notice.closes_on.isoformat()),
        )

    def _do(self, meeting: Meeting, verb: Callable[[], Any], sentence: Callable[[Any], str]) -> Any:
        """One verb, all or nothing: its sentence, or why it was refused, on the meeting's page."""
        address = self._address(meeting.id)
        try:
            found = verb()
            said = sentence(found)
        except (MeetingRefused, MoveRefused, NoticeRefused) as error:
            db.session.rollback()
            return self.done(refused(error), address, "warning")
        db.session.commit()
        return self.done(said, address)

    def _address(self, meeting_id: int) -> str:
        return url_for("MeetingView.one", meeting_id=meeting_id)

    def _visible(self, meeting_id: int) -> Meeting:
        try:
            return queries.get(db.session, current_actor(), meeting_id)
        except queries.NoSuchMeeting:
            abort(404)

    def _own(self, meeting_id: int) -> Meeting:
        """A meeting of the actor's own body: the office reads those of others, and changes none."""
        meeting = self._visible(meeting_id)
        return meeting if meeting.body_id == current_actor().body_id else abort(404)

    def _page(self, meeting: Meeting, sheet: VotesForm | None = None, notice: NoticeForm | None = None) -> Any:
        candidates = queries.candidates_of(db.session, meeting)
        actor = current_actor()
        mine = meeting.body_id == actor.body_id and actor.may("can_convene", "MeetingView")
        return self.page(
            "meetings/one.html", meeting=meeting, candidates=candidates, mine=mine, needed=needed,
            sheet=sheet or VotesForm.of(meeting.members_present, candidates),
            ready=queries.ready_for(db.session, meeting.body_id) if mine and meeting.closed_at is None else (),
            to_publish=[each for each in candidates if each.application.state is State.PASSED],
            notice=notice or NoticeForm(formdata=None),
        )
