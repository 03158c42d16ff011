"""The doors through which this platform's reports go: NCMEC's test, and the CyberTipline itself."""

from __future__ import annotations

from takeback.exchanges.cybertip import CyberTipline
from takeback.model.filing import Door
from takeback.participant.reports.sending import Doors
from takeback.platform_settings import PlatformSettings


def doors_of(settings: PlatformSettings) -> Doors:
    """Gives what opens each door; nothing is connected yet."""
    timeout_s = settings.cybertip_timeout_s
    test = settings.cybertip_test_url, settings.cybertip_test_user, settings.cybertip_test_password
    production = settings.cybertip_url, settings.cybertip_user, settings.cybertip_password
    return {
        Door.TEST: lambda: CyberTipline(*test, timeout_s=timeout_s),
        Door.PRODUCTION: lambda: CyberTipline(*production, timeout_s=timeout_s),
    }
