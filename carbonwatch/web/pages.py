"""Pages: each names its permission (without one the class does not import) and starts from the viewer.

- `ListPage`: queryset + filter + table; sorting, filters and page number live in the URL; exports itself.
- `DetailPage`: one matter or record, its state, who acts next, its steps.
- `StepPage`: one step of a flow: a form and the service that takes it. Works without scripts.
"""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import DetailView, TemplateView, View
from django_filters.views import FilterMixin
from django_tables2 import RequestConfig

from carbonwatch.accounts.models import Actor
from carbonwatch.audit.refusals import record_refusal
from carbonwatch.params.workdays import caveat
from carbonwatch.refusals import Forbidden, Refused
from carbonwatch.web.export import table_response
from carbonwatch.web.forms import StepForm
from carbonwatch.web.idempotency import once
from carbonwatch.web.panels import panels_for
from carbonwatch.workflow.deadlines import assumed_of
from carbonwatch.workflow.flow import Flow
from carbonwatch.worklist.models import WorkItem

PUBLIC = "public"
PER_PAGE = 50


class PermissionMissing(TypeError):
    """A page without a declared permission is a hole, so it does not even import."""


class Page(View):
    """Base of every page. `permission` is a `Perm` or `PUBLIC`.

    A `nameless` page must not lead back to whoever used it, signed in or not: neither the log nor the
    store of answers keeps the person.
    """

    permission: ClassVar[str | None] = None
    nameless: ClassVar[bool] = False
    abstract: ClassVar[bool] = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "abstract" not in cls.__dict__:
            cls.abstract = False
        if not cls.abstract and cls.permission is None:
            raise PermissionMissing(f"{cls.__module__}.{cls.__name__} names no permission")

    @property
    def actor(self) -> Actor:
        """The person acting; pages that are not public always have one."""
        return self.request.actor

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Sign-in, permission, then the page; refusals become pages with words."""
        request.nameless = self.nameless  # type: ignore[attr-defined]
        try:
            if self.permission != PUBLIC:
                if not request.user.is_authenticated:
                    return redirect_to_login(request.get_full_path())
                if self.actor is None or not self.actor.may(str(self.permission)):
                    raise Forbidden()
            return super().dispatch(request, *args, **kwargs)
        except Refused as refusal:
            return refusal_page(request, refusal)


def refusal_page(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The refusal in words, with its status; a forbidden act leaves an entry in the ledger."""
    actor = getattr(request, "actor", None)
    if isinstance(refusal, Forbidden) and actor is not None:
        record_refusal(
            actor, f"{request.method} {request.path}", str(refusal.message), timezone.now()
        )
    return render(request, "refused.html", {"refusal": refusal}, status=refusal.status)


def seen_by(actor: Actor, model: type[Model], related: Sequence[str]) -> QuerySet:
    """What the viewer may see of a model, joined with the related rows that a page shows."""
    seen = model._default_manager.visible_to(actor)  # type: ignore[attr-defined]
    return seen.select_related(*related) if related else seen


class TextPage(Page, TemplateView):
    """A page made of a template and a context."""

    abstract = True


class ListPage(Page, FilterMixin, View):
    """`model` (scoped), `table_class`, `filterset_class`; the title and hint come from the class.

    `related` names what the rows show of other tables; `base_queryset()` may narrow or annotate; it
    must keep the number of queries constant.
    """

    abstract = True
    model: ClassVar[type[Model]]
    related: ClassVar[Sequence[str]] = ()
    table_class: ClassVar[Any]
    filterset_class: ClassVar[Any] = None
    title: ClassVar[Any] = ""
    intro: ClassVar[Any] = ""
    empty: ClassVar[Any] = ""
    template_name = "components/list_page.html"
    actions: ClassVar[Sequence[tuple[Any, str, str]]] = ()  # label, url name, permission
    file_name: ClassVar[str] = "list"

    def base_queryset(self) -> QuerySet:
        """What the viewer may see, before filters."""
        return seen_by(self.actor, self.model, self.related)

    def extra_context(self) -> Mapping[str, Any]:
        """More for the template of a subclass."""
        return {}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The list as a page, or as a workbook with `?export=xlsx`."""
        queryset = self.base_queryset()
        filterset = None
        if self.filterset_class:
            filterset = self.filterset_class(
                request.GET or None, queryset=queryset, request=request
            )
            queryset = filterset.qs
        table = self.table_class(queryset, request=request)
        if request.GET.get("export") == "xlsx":
            RequestConfig(request, paginate=False).configure(table)
            return table_response(table, self.file_name)
        RequestConfig(request, paginate={"per_page": PER_PAGE, "silent": True}).configure(table)
        context = {
            "title": self.title,
            "intro": self.intro,
            "empty": self.empty,
            "table": table,
            "filterset": filterset,
            "actions": [(label, url) for label, url, perm in self.actions if self.actor.may(perm)],
            **self.extra_context(),
        }
        return render(request, self.template_name, context)


class DetailPage(Page, DetailView):
    """`model` (scoped) and `template_name`. With a `flow` on the model the page shows the state, who
    acts next, by when, what happens then, and the steps (`step_url` names the StepPage route).
    `related` names what the page shows of other tables."""

    abstract = True
    model: ClassVar[type[Model]]
    related: ClassVar[Sequence[str]] = ()
    step_url: ClassVar[str] = ""

    def get_queryset(self) -> QuerySet:
        """What the viewer may see."""
        return seen_by(self.actor, self.model, self.related)

    def get_object(self, queryset: QuerySet | None = None) -> Any:
        """The object, or the refusal that it is not there."""
        return (queryset if queryset is not None else self.get_queryset()).one(pk=self.kwargs["pk"])  # type: ignore[attr-defined]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds `life` (state, duty, offers) and the panels that higher apps put on this page."""
        context = super().get_context_data(**kwargs)
        flow: Flow | None = getattr(self.model, "flow", None)
        if flow is not None:
            context["life"] = life_of(self.object, self.actor, self.step_url)
        context["panels"] = panels_for(self.model._meta.label_lower, self.object, self.actor)
        return context


def life_of(matter: Any, actor: Actor, step_url: str) -> dict[str, Any]:
    """State, who acts next, by when, what happens then, and the steps open to the viewer."""
    duty = (
        WorkItem.objects.filter(
            target=matter._meta.label_lower, target_id=matter.pk, closed_at__isnull=True
        )
        .select_related("organisation")
        .first()
    )
    state = matter.flow.state(matter.status)
    return {
        "state": state,
        "duty": duty,
        "caveat": caveat(assumed_of(state, duty.opened_at, duty.due_at)) if duty else "",
        "late": bool(duty and duty.due_at and duty.due_at < timezone.now()),
        "offers": matter.flow.offers(matter, actor),
        "step_url": step_url,
        "matter": matter,
    }


class StepPage(Page):
    """A step of a matter: GET shows the form, POST calls the service once.

    `steps` maps a step's code to (form class, service). The service is called as
    `service(pk, actor=…, now=…, **cleaned fields)` and returns the matter.
    """

    abstract = True
    model: ClassVar[type[Model]]
    steps: ClassVar[Mapping[str, tuple[type[StepForm], Callable[..., Any]]]]
    template_name = "components/step_page.html"

    def get(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        """The form of the step."""
        return self.show(request, pk, step, self.form_of(step)())

    def post(self, request: HttpRequest, pk: int, step: str) -> HttpResponseBase:
        """Take the step; a double click or a repeated request has one effect."""
        form = self.form_of(step)(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(request, pk, step, form, status=422)
        try:
            return once(request, self.actor, lambda: self.take(request, pk, step, form))
        except Refused as refusal:
            if refusal.status != 422:
                raise
            form.add_error(None, str(refusal.message))
            return self.show(request, pk, step, form, status=422)

    def take(self, request: HttpRequest, pk: int, step: str, form: StepForm) -> HttpResponse:
        """Call the service and go to the matter's page."""
        matter = self.steps[step][1](pk, actor=self.actor, now=timezone.now(), **form.facts())
        messages.success(
            request, _("已办理：%(step)s") % {"step": self.model.flow.step(step).label}
        )  # type: ignore[attr-defined]
        still_seen = (
            self.model._default_manager.visible_to(self.actor).filter(pk=matter.pk).exists()
        )  # type: ignore[attr-defined]
        return redirect(matter.get_absolute_url() if still_seen else "home")

    def extra_context(self, matter: Any) -> Mapping[str, Any]:
        """More for the template of a subclass."""
        return {}

    def form_of(self, step: str) -> type[StepForm]:
        """The form class, or the refusal that there is no such step."""
        if step not in self.steps:
            from_missing = Refused(_("没有这一办理环节。"))
            from_missing.status = 404
            raise from_missing
        return self.steps[step][0]

    def show(
        self, request: HttpRequest, pk: int, step: str, form: forms.Form, status: int = 200
    ) -> HttpResponse:
        """The page of the step."""
        matter = self.model._default_manager.visible_to(self.actor).one(pk=pk)  # type: ignore[attr-defined]
        flow: Flow = self.model.flow  # type: ignore[attr-defined]
        wanted = flow.step(step)
        if status == 200:
            flow.require(step, matter, self.actor)
        elif not self.actor.may(wanted.perm):
            raise Forbidden()
        context = {
            "matter": matter,
            "step": wanted,
            "form": form,
            "then": flow.state(wanted.target),
            **self.extra_context(matter),
        }
        return render(request, self.template_name, context, status=status)


class FormPage(Page):
    """A page that creates something: `form_class`, `title`, and `save(form) -> object with a URL`."""

    abstract = True
    form_class: ClassVar[type[StepForm]]
    title: ClassVar[Any] = ""
    intro: ClassVar[Any] = ""
    submit: ClassVar[Any] = ""
    template_name = "components/form_page.html"

    def build_form(self, *args: Any) -> StepForm:
        """The form, bound or not; subclasses pass the actor or choices."""
        return self.form_class(*args)

    @abstractmethod
    def save(self, form: StepForm) -> Any:
        """Call the service."""

    def extra_context(self) -> Mapping[str, Any]:
        """More for the template."""
        return {}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The empty form."""
        return self.show(request, self.build_form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Create once."""
        form = self.build_form(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(request, form, 422)
        try:
            return once(request, self.actor, lambda: redirect(self.save(form).get_absolute_url()))
        except Refused as refusal:
            if refusal.status != 422:
                raise
            for name, texts in refusal.fields.items():
                for text in texts:
                    form.add_error(name if name in form.fields else None, str(text))
            form.add_error(None, str(refusal.message))
            return self.show(request, form, 422)

    def show(self, request: HttpRequest, form: StepForm, status: int = 200) -> HttpResponse:
        """The page."""
        context = {
            "title": self.title,
            "intro": self.intro,
            "submit": self.submit or _("保存"),
            "form": form,
            **self.extra_context(),
        }
        return render(request, self.template_name, context, status=status)
