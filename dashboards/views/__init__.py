"""The doors of the dashboards, in the order of their addresses."""

from .caseload import caseload
from .child import child
from .figures import download, figure, figures
from .home import home
from .search import search
from .settings import settings

__all__ = ["caseload", "child", "download", "figure", "figures", "home", "search", "settings"]
