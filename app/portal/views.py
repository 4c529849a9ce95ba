"""The public home page."""

from __future__ import annotations

from typing import Any

from flask_appbuilder import IndexView, expose

from app.web.views import TaskView


class PortalView(IndexView, TaskView):
    """What everybody sees at the address of the site."""

    route_base = ""
    default_view = "home"
    shell = "public"
    exclude_route_methods = {"index"}

    @expose("/")
    def home(self) -> Any:
        return self.page("portal/home.html")
