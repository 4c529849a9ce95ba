"""The applicant's pages, one module a task.
Not here: what reviewers see (reviews), and the rules behind the pages (the rest of `applications`)."""

from app.applications.views.apply import ApplyView
from app.applications.views.change import ChangeView
from app.applications.views.check import CheckView
from app.applications.views.files import FileView, UploadView
from app.applications.views.home import MyHomeView, bottom_bar
from app.applications.views.progress import ProgressView
from app.applications.views.sections import SectionView
from app.applications.views.tasks import TasksView
from app.applications.views.unit_change import UnitChangeView

__all__ = [
    "ApplyView",
    "ChangeView",
    "CheckView",
    "FileView",
    "MyHomeView",
    "ProgressView",
    "SectionView",
    "TasksView",
    "UnitChangeView",
    "UploadView",
    "bottom_bar",
]
