"""This installation: its settings as they are, and whether all is well with it."""

from __future__ import annotations

from litestar import Response, get

from takeback import metrics
from takeback.apps.console.pages import page
from takeback.apps.dependencies import TheSettings
from takeback.apps.health import longest_lag_s
from takeback.apps.installed import TheDatabase
from takeback.apps.staff.access import ADMINISTRATOR, VIEWER, Asked
from takeback.clearinghouse.installation import checks, publisher, shown_settings


@get("/settings", opt=ADMINISTRATOR)
async def settings_page(request: Asked, settings: TheSettings) -> Response[str]:
    """Shows every setting, what it means, and its value but for secrets."""
    return page(request, "settings", rows=shown_settings(settings))


@get("/health", opt=VIEWER)
async def health_page(request: Asked, settings: TheSettings, database: TheDatabase) -> Response[str]:
    """Shows whether all is well."""
    ours = publisher(metrics.publication_lag(), longest_lag_s(settings))
    return page(request, "health", checks=await checks(settings, database, ours))
