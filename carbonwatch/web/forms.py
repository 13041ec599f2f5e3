"""One look for every form: Django's field groups on Bootstrap."""

import uuid
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Fields through `components/field.html`, forms through `components/form.html`."""

    field_template_name = "components/field.html"
    form_template_name = "components/form.html"


_CLASSES: dict[type[forms.Widget], str] = {
    forms.Select: "form-select",
    forms.CheckboxInput: "form-check-input",
    forms.RadioSelect: "",
    forms.CheckboxSelectMultiple: "",
    forms.HiddenInput: "",
}


def dress(form: forms.BaseForm) -> None:
    """Give every widget the class of the design system."""
    for field in form.fields.values():
        if isinstance(field.widget, forms.DateInput):
            field.widget.input_type, field.widget.format = "date", "%Y-%m-%d"
        css = next((c for w, c in _CLASSES.items() if isinstance(field.widget, w)), "form-control")
        if css:
            field.widget.attrs.setdefault("class", css)


class StepForm(forms.Form):
    """What a step asks for besides the button: fields, and the key that makes a double click harmless."""

    _once = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["_once"].initial = uuid.uuid4().hex
        dress(self)

    def facts(self) -> dict[str, Any]:
        """The cleaned fields for the service, without the key."""
        return {k: v for k, v in self.cleaned_data.items() if k != "_once"}
