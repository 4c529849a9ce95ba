"""The applicant's pages, one module a task.
Not here: what reviewers see (reviews), and the rules behind the pages (the rest of `applications`)."""

from app.applications.views.apply import ApplyView
from app.applications.views.change import ChangeView
from app.applications.views.check import CheckView
from app.applications.views.files import FileView, UploadView
from app.applications.views.home import MyHomeView, bottom_bar
from app.applications.views.importing import ImportView
from app.applications.views.library import LibraryView
from app.applications.views.picking import PickView
from app.applications.views.progress import ProgressView
from app.applications.views.sections import SectionView
from app.applications.views.taking_over import TakeOverView
from app.applications.views.tasks import TasksView
from app.applications.views.unit_change import UnitChangeView

__all__ = [
    "ApplyView",
    "ChangeView",
    "CheckView",
    "FileView",
    "ImportView",
    "LibraryView",
    "MyHomeView",
    "PickView",
    "ProgressView",
    "SectionView",
    "TakeOverView",
    "TasksView",
    "UnitChangeView",
    "UploadView",
    "bottom_bar",
]
