"""Several files in one field (Django's own recipe)."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile


class MultiFileInput(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class MultiFileField(forms.FileField):
    """Cleans to a list of files (empty when none was chosen)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", MultiFileInput())
        super().__init__(*args, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Each file by the rules of a single one."""
        files = data if isinstance(data, list | tuple) else [data]
        return [f for f in (super(MultiFileField, self).clean(d, initial) for d in files) if f]
