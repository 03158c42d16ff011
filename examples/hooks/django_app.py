"""Uploads of a Django site, in one file. Run: python examples/hooks/django_app.py runserver."""

from __future__ import annotations

import sys
import uuid

import django
from checker import gate
from django import forms
from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from takeback.hooks.django import Screened

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["localhost", "testserver"], SECRET_KEY=uuid.uuid4().hex)
django.setup()
GATE = gate()
published: dict[str, bytes] = {}
waiting: dict[str, bytes] = {}


class UploadForm(forms.Form):
    """What the upload form sends."""

    picture = forms.FileField(validators=[Screened(f"{__name__}.GATE")])


@csrf_exempt  # the example has no pages, and so no forms of its own
def upload(request: HttpRequest) -> JsonResponse:
    """Publishes, or keeps the upload for a person to look. The answer never says why."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return JsonResponse(form.errors, status=400)
    file = form.cleaned_data["picture"]
    (published if file.looked.publish else waiting)[f"picture/{uuid.uuid4().hex}"] = file.read()
    return JsonResponse({"picture": "shown" if file.looked.publish else "being checked"})


urlpatterns = [path("upload", upload)]

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
