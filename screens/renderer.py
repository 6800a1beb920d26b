"""Form markup of the design system, through Django's own renderer: one line per field."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting

from screens.fields import DateParts

KINDS: tuple[tuple[type[forms.Widget], str, str], ...] = (
    # widget, template under screens/fields/, class of the control; the first match wins
    (DateParts, "date", ""),
    (forms.CheckboxSelectMultiple, "checkboxes", "govuk-checkboxes__input"),
    (forms.RadioSelect, "radios", "govuk-radios__input"),
    (forms.CheckboxInput, "checkbox", "govuk-checkboxes__input"),
    (forms.Select, "control", "govuk-select"),
    (forms.Textarea, "control", "govuk-textarea"),
    (forms.FileInput, "control", "govuk-file-upload"),
    (forms.Widget, "control", "govuk-input"),
)


def _kind(widget: forms.Widget) -> tuple[str, str]:
    return next((kind, css) for cls, kind, css in KINDS if isinstance(widget, cls))


def _words(*parts: str | None) -> str:
    return " ".join(part for part in parts if part)


class DesignSystemField(BoundField):
    """A field on a form, knowing the classes, ids and error words the design system asks for."""

    @property
    def kind(self) -> str:
        """Which template of screens/fields/ draws this field."""
        return _kind(self.field.widget)[0]

    @property
    def field_template(self) -> str:
        return f"screens/fields/{self.kind}.html"

    @property
    def hint_id(self) -> str:
        return f"{self.auto_id}-hint"

    @property
    def error_id(self) -> str:
        return f"{self.auto_id}-error"

    @property
    def info_id(self) -> str:
        return f"{self.auto_id}-info"

    @property
    def label_size(self) -> str:
        return str(self.field.widget.attrs.get("data-label-size", "s"))

    @property
    def is_inline(self) -> bool:
        """True when the choices stand side by side (`attrs={"data-inline": "true"}`)."""
        return self.field.widget.attrs.get("data-inline") == "true"

    @property
    def counted_length(self) -> int | None:
        """The number of characters a counted text area may hold, or None where nothing is counted."""
        return getattr(self.field, "counted_length", None)

    @property
    def aria_describedby(self) -> str | None:
        """The ids of the count, the hint and the error, in the order they are read out."""
        if self.is_hidden or not self.auto_id:
            return None
        return _words(
            self.info_id if self.counted_length else None,
            self.hint_id if self.help_text else None,
            self.error_id if self.errors else None,
        )

    @property
    def group_class(self) -> str:
        return _words(
            "govuk-form-group",
            "govuk-form-group--error" if self.errors else None,
            "govuk-character-count" if self.counted_length else None,
        )

    @property
    def wrong_parts(self) -> set[str]:
        """The boxes of a date that an error speaks of; all of them when it names none."""
        errors = self.errors.as_data() if self.errors else []
        named = {part for error in errors for part in (error.params or {}).get("parts", ())}
        return named or ({"day", "month", "year"} if errors else set())

    @property
    def error_target(self) -> str:
        """Where the error summary links: the first wrong box of a date, the first choice, or the control."""
        if self.kind == "date":
            first = next(part for part in ("day", "month", "year") if part in self.wrong_parts)
            return f"{self.auto_id}-{first}"
        if self.kind in ("radios", "checkboxes"):
            return f"{self.auto_id}_0"
        return str(self.auto_id)

    def date_boxes(self) -> Iterable[dict[str, Any]]:
        """The three boxes of a date, with what was typed in each."""
        widget = cast(DateParts, self.field.widget)
        return widget.boxes(self.html_name, self.value(), self.auto_id, self.wrong_parts)

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Add the design system's classes; leave checking to the server, whose words are ours.

        `required` and `maxlength` go: the browser's own bubbles are not read out well, and a cut-off paste
        loses what a person wrote without telling them.
        """
        widget = widget or self.field.widget
        built = super().build_widget_attrs(attrs, widget)
        built.pop("required", None)
        if widget.is_hidden:
            return built
        built.pop("aria-invalid", None)
        _, css = _kind(widget)
        is_wrong = bool(self.errors) and self.kind == "control"
        counted = "govuk-js-character-count" if self.counted_length else None
        given = (widget.attrs.get("class"), built.get("class"))
        built["class"] = _words(css, f"{css}--error" if is_wrong else None, counted, *map(str, filter(None, given)))
        return built


class DesignSystemRenderer(TemplatesSetting):
    """Set as FORM_RENDERER: `{{ form.name.as_field_group }}` and `{{ form }}` give design-system markup."""

    form_template_name = "screens/form.html"
    formset_template_name = "screens/formset.html"
    field_template_name = "screens/field.html"
    bound_field_class = DesignSystemField
