"""演示时钟: moves the platform's time forward, so that terms and public notices pass while a visitor watches."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.web.views import TaskView

STEPS = (1, 5, 9, 30)  # days; nine hold five working days at any time but the long holidays
FARTHEST_DAYS = 400


class DemoClockView(TaskView):
    """Does not exist outside the demonstration."""

    route_base = "/demo/clock"
    default_view = "clock"
    shell = "public"

    @expose("/", methods=["GET", "POST"])
    def clock(self) -> Any:
        clock = current_app.extensions["clock"]
        if not current_app.config["DEMO"]:
            abort(404)
        if request.method == "GET":
            return self.page("demo/clock.html", now=clock.now(), moved=clock.moved, steps=STEPS)
        here = url_for("DemoClockView.clock")
        if request.form.get("reset"):
            clock.reset()
            return self.done(_("演示时钟已回到真实时间。"), here)
        days = request.form.get("days", "")
        if days not in {str(step) for step in STEPS}:
            abort(400)
        if clock.moved.days + int(days) > FARTHEST_DAYS:
            return self.done(_("演示时钟最多快进 %(days)s 天，请先回到真实时间。", days=FARTHEST_DAYS), here, "warning")
        clock.advance(days=int(days))
        return self.done(_("演示时钟已快进 %(days)s 天。", days=days), here)
