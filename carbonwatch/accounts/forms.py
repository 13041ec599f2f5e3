"""Forms of sign-in, passwords and the administrators."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Organisation, User
from carbonwatch.accounts.permissions import ROLES_OF, OrgKind, Role
from carbonwatch.params.regions import REGION_CHOICES
from carbonwatch.web.forms import StepForm, dress


class SignInForm(forms.Form):
    """Account and password."""

    username = forms.CharField(
        label=_("账号"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("密码"), max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)


class PasswordForm(StepForm):
    """The old password once, the new one twice."""

    old = forms.CharField(
        label=_("原密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("新密码"), strip=False, help_text=_("至少 10 个字符，不能是常见密码或与账号相近。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    again = forms.CharField(
        label=_("再次输入新密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, object]:
        """Both new ones must be the same."""
        cleaned = super().clean() or {}
        if cleaned.get("new") and cleaned.get("again") and cleaned["new"] != cleaned["again"]:
            self.add_error("again", _("两次输入的新密码不一致。"))
        return cleaned


class OrganisationForm(StepForm):
    """A new organisation."""

    kind = forms.ChoiceField(label=_("类别"), choices=OrgKind.choices)
    name = forms.CharField(label=_("名称"), max_length=120)
    code = forms.CharField(
        label=_("代码"),
        max_length=32,
        help_text=_("企业和机构填统一社会信用代码，市局填行政区划代码。"),
    )
    city = forms.ChoiceField(
        label=_("所在市"), required=False, choices=[("", _("（全省）")), *REGION_CHOICES]
    )


class PersonForm(StepForm):
    """A new account; posts are the security administrator's business."""

    username = forms.RegexField(
        label=_("账号"), regex=r"^[A-Za-z0-9._-]{3,64}$", max_length=64,
        help_text=_("3 至 64 个字母、数字或 . _ -，建立后不能更改。"),
        error_messages={"invalid": _("账号只能用字母、数字和 . _ -，3 至 64 个字符。")},
    )  # fmt: skip
    name = forms.CharField(label=_("姓名"), max_length=64)
    email = forms.EmailField(label=_("电子邮箱"), required=False)
    phone = forms.CharField(label=_("电话"), max_length=32, required=False)


class GrantForm(StepForm):
    """A post for a person in an organisation."""

    user = forms.ModelChoiceField(
        label=_("人员"), queryset=User.objects.none(), empty_label=_("请选择")
    )
    organisation = forms.ModelChoiceField(
        label=_("机构"), queryset=Organisation.objects.none(), empty_label=_("请选择")
    )
    role = forms.ChoiceField(
        label=_("岗位"), help_text=_("岗位须与机构类别相符；三类管理员不得由同一人兼任。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["user"].queryset = User.objects.filter(is_active=True)
        fields["organisation"].queryset = Organisation.objects.filter(active=True)
        fields["role"].choices = [
            (OrgKind(kind).label, [(role, Role(role).label) for role in roles])
            for kind, roles in ROLES_OF.items()
        ]
