"""Lists of the administrators."""

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Membership, Organisation, User
from carbonwatch.accounts.permissions import OrgKind, Role
from carbonwatch.params.regions import REGION_CHOICES


class OrganisationTable(tables.Table):
    name = tables.Column(linkify=("organisation-detail", {"pk": tables.A("pk")}))
    active = tables.BooleanColumn(verbose_name=_("有效"), yesno=(_("有效"), _("已停用")))

    class Meta:
        model = Organisation
        fields = ("name", "kind", "code", "city", "active")
        empty_text = _("没有符合条件的机构。")


class OrganisationFilter(filters.FilterSet):
    text = filters.CharFilter(label=_("名称或代码"), method="find")
    kind = filters.ChoiceFilter(label=_("类别"), choices=OrgKind.choices, empty_label=_("全部"))
    city = filters.ChoiceFilter(label=_("所在市"), choices=REGION_CHOICES, empty_label=_("全部"))

    def find(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Part of the name or of the code."""
        return queryset.filter(Q(name__icontains=value) | Q(code__icontains=value))


class PersonTable(tables.Table):
    """Accounts, for the system administrator."""

    username = tables.Column(linkify=("person-detail", {"pk": tables.A("pk")}))
    is_active = tables.BooleanColumn(verbose_name=_("启用"), yesno=(_("启用"), _("已停用")))

    class Meta:
        model = User
        fields = ("username", "name", "email", "phone", "is_active", "last_login", "created_at")
        empty_text = _("没有符合条件的账号。")


class SecurityPersonTable(PersonTable):
    """The same, for the security administrator."""

    username = tables.Column(linkify=("security-person", {"pk": tables.A("pk")}))

    class Meta(PersonTable.Meta):
        exclude = ("email", "phone", "created_at")


class PersonFilter(filters.FilterSet):
    text = filters.CharFilter(label=_("账号或姓名"), method="find")
    is_active = filters.ChoiceFilter(
        label=_("状态"),
        choices=[("True", _("启用")), ("False", _("已停用"))],
        empty_label=_("全部"),
    )

    def find(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Part of the account or of the name."""
        return queryset.filter(Q(username__icontains=value) | Q(name__icontains=value))


class MembershipTable(tables.Table):
    user = tables.Column(linkify=("security-person", {"pk": tables.A("user_id")}))
    until = tables.Column(verbose_name=_("终止日期"), default=_("至今"))

    class Meta:
        model = Membership
        fields = ("user", "organisation", "role", "since", "until")
        empty_text = _("没有符合条件的授权。")

    def render_user(self, record: Membership) -> str:
        """Name and account."""
        return format_html("{}（{}）", record.user.name, record.user.username)


class MembershipFilter(filters.FilterSet):
    text = filters.CharFilter(label=_("人员或机构"), method="find")
    role = filters.ChoiceFilter(label=_("岗位"), choices=Role.choices, empty_label=_("全部"))
    open = filters.ChoiceFilter(
        label=_("是否在任"),
        method="held",
        choices=[("1", _("在任")), ("0", _("已收回"))],
        empty_label=_("全部"),
    )

    def find(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Part of a name."""
        return queryset.filter(
            Q(user__name__icontains=value)
            | Q(user__username__icontains=value)
            | Q(organisation__name__icontains=value)
        )

    def held(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Still held, or ended."""
        return queryset.filter(until__isnull=value == "1")
