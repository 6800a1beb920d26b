"""The doors of the dashboards, in the order of their addresses."""

from .caseload import caseload
from .child import child
from .figures import download, figure, figures
from .home import home
from .search import search

__all__ = ["caseload", "child", "download", "figure", "figures", "home", "search"]
