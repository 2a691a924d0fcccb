"""Alerts on the desk, from a phone, in three steps: how grave and where; the words and until when; look and publish."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.people import current_staff
from portal.content.document import Document
from portal.content.problems import ContentError
from portal.languages import formatting
from portal.office.alerts import alert_files, ended, slug_of
from portal.web.clock import request_clock
from portal.web.documents.cards import Card
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import catalogue, url
from portal.web.staff import NotPublished, render_staff, staff_services
from portal.web.state import portal

PUBLISH = "publish"
staff = Blueprint("office_staff", __name__)
# Every endpoint of this blueprint with the permission that it needs.
PERMISSIONS = {
    f"{staff.name}.{view}": PUBLISH
    for view in ("alerts", "new_alert", "alert_words", "alert_check", "publish_alert", "end_alert")
}
KIND = "alerts"
LIST = "staff_card.html"
SEVERITIES = ("emergency", "major", "notice")
LONGEST_TITLE, LONGEST_SUMMARY = 80, 240
LONGEST = timedelta(days=62)
ENDING_SOON = timedelta(days=1)
TYPED = "%Y-%m-%dT%H:%M"


def label() -> str:
    """The word for the alerts in the list of the desk."""
    return _("Alerts")


@dataclass
class Form:
    """What was chosen and typed so far; every step carries it on, so nothing is lost on the way."""

    severity: str
    on: str
    until: str
    words: dict[str, dict[str, str]]
    only_primary: bool
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, sent: Mapping[str, str]) -> Form:
        """The fields of a request, bounded."""
        words = {
            code: {
                "title": " ".join(sent.get(f"title-{code}", "").split())[: 2 * LONGEST_TITLE],
                "summary": " ".join(sent.get(f"summary-{code}", "").split())[: 2 * LONGEST_SUMMARY],
            }
            for code in catalogue().site.language_codes
        }
        return cls(
            sent.get("severity", ""),
            sent.get("on", ""),
            sent.get("until", "")[:20],
            words,
            sent.get("only_primary") == "yes",
        )

    def hidden(self, *names: str) -> list[dict[str, str]]:
        """What was chosen and typed as hidden fields; without `names` all of it."""
        every = {"severity": self.severity, "on": self.on, "until": self.until}
        every |= {"only_primary": "yes"} if self.only_primary else {}
        every |= {f"{key}-{code}": text for code, told in self.words.items() for key, text in told.items()}
        return [{"name": name, "value": value} for name, value in every.items() if not names or name in names]

    def summary(self) -> list[dict[str, str]]:
        """The errors as the summary before the heading lists them."""
        return [
            {"message": message, "href": f"#field-{name.replace('_', '-')}"} for name, message in self.errors.items()
        ]

    def check_kind(self) -> bool:
        """Whether the first step is answered; messages tell what is missing."""
        if self.severity not in SEVERITIES:
            self.errors["severity"] = _("Choose how grave it is")
        if self.on not in {choice["value"] for choice in places()}:
            self.errors["on"] = _("Choose where it stands")
        return not self.errors

    def check_words(self) -> bool:
        """Whether the second step is answered; messages tell what is missing."""
        primary, *others = catalogue().site.language_codes
        if not self.words[primary]["title"]:
            self.errors[f"title-{primary}"] = _("Write what happened, in one short sentence")
        for code in others:
            if not self.words[code]["title"] and not self.only_primary:
                self.errors[f"title-{code}"] = _("Write it in this language too, or tick that it comes later")
        for code, told in self.words.items():
            for key, longest in (("title", LONGEST_TITLE), ("summary", LONGEST_SUMMARY)):
                if len(told[key]) > longest:
                    self.errors[f"{key}-{code}"] = _(
                        "This is longer than %(num)d characters. Shorten it a little.", num=longest
                    )
        ends = self.ends()
        if ends is None:
            self.errors["until"] = _("Choose a day and a time.")
        elif ends <= request_clock().now:
            self.errors["until"] = _("Choose a time that is still to come.")
        elif ends > request_clock().now + LONGEST:
            self.errors["until"] = _("Choose a time within two months; a notice that stays is a page.")
        return not self.errors

    def ends(self) -> datetime | None:
        """Until when it holds, in the office's zone."""
        try:
            return datetime.fromisoformat(self.until).replace(tzinfo=request_clock().zone)
        except ValueError:
            return None

    def told(self) -> dict[str, dict[str, str]]:
        """Title and summary of every language that has them; an empty summary is left out."""
        return {
            code: {key: text for key, text in told.items() if text}
            for code, told in self.words.items()
            if told["title"]
        }


def severities() -> list[dict[str, str]]:
    """How grave an alert may be."""
    danger = _("Danger to people, such as a storm or an earthquake. Red.")
    return [
        {"value": "emergency", "label": _("Emergency"), "help": danger},
        {"value": "major", "label": _("Important"), "help": _("The office is closed, or a service stands still.")},
        {"value": "notice", "label": _("Notice"), "help": _("Good to know, such as a long queue.")},
    ]  # fmt: skip


def places() -> list[dict[str, str]]:
    """Where an alert may stand: everywhere, or on the pages of one room."""
    rooms = [(entry.endpoint.partition(".")[0], _(entry.label)) for entry in portal().menu]
    return [{"value": "site", "label": _("On every page")}] + [
        {"value": kind, "label": _("Only on: %(room)s", room=words)} for kind, words in rooms
    ]


def ending_soon() -> Card | None:
    """The alerts that end within a day, for the first page of whoever may publish."""
    found = [row for row in _rows() if row["is_on"] and row["ends"] <= request_clock().now + ENDING_SOON]
    if not found or not current_staff().may(PUBLISH):
        return None
    href = url("office_staff.alerts")
    rows = [
        {"label": row["title"], "href": href, "detail": _("until %(time)s", time=row["ends_words"])} for row in found
    ]
    return Card(
        LIST, {"id": "alerts-ending", "title": _("Alerts that end soon"), "rows": rows, "all": href, "count": len(rows)}
    )


@staff.get("/")
def alerts() -> Response:
    """The alerts that hold or will hold, each with a button that ends it."""
    return _list()


@staff.get("/new")
def new_alert() -> Response:
    """The first step."""
    return _step_one(Form.of({}))


@staff.route("/new/words", methods=("GET", "POST"))
def alert_words() -> AnyResponse:
    """The second step; also the way back to it."""
    form = Form.of(request.form)
    if request.method == "GET":
        return redirect(url("office_staff.new_alert"), 303)
    return _step_two(form) if form.check_kind() else _step_one(form)


@staff.route("/new/check", methods=("GET", "POST"))
def alert_check() -> AnyResponse:
    """The third step: the alert as readers will see it."""
    form = Form.of(request.form)
    if request.method == "GET":
        return redirect(url("office_staff.new_alert"), 303)
    if not form.check_kind():
        return _step_one(form)
    return _step_three(form) if form.check_words() else _step_two(form)


@staff.post("/new/publish")
def publish_alert() -> AnyResponse:
    """Publish the alert."""
    form = Form.of(request.form)
    ends = form.ends()
    if not form.check_kind():
        return _step_one(form)
    if not form.check_words() or ends is None:
        return _step_two(form)
    now, zone = request_clock().now, request_clock().zone
    primary = catalogue().site.language_codes[0]
    slug = slug_of(form.words[primary]["title"], day=now, taken=[one.slug for one in catalogue().all(KIND)])
    try:
        files = alert_files(severity=form.severity, on=form.on, starts=now, ends=ends, words=form.told(), zone=zone)
        staff_services().publish(
            {f"{KIND}/{slug}/{name}": text for name, text in files.items()}, reason=f"{KIND}/{slug}"
        )
    except NotPublished as refused:
        return _step_three(form, refused=str(refused), status=409)
    except ContentError as broken:
        return _step_three(form, refused=str(broken), status=422)
    staff_services().record("alerts.publish", f"{KIND}/{slug}")
    return redirect(f"{url('office_staff.alerts')}?done={slug}", 303)


@staff.post("/<slug>/end")
def end_alert(slug: str) -> AnyResponse:
    """End an alert now."""
    if catalogue().get(KIND, slug) is None:
        abort(404)
    path = f"{KIND}/{slug}/facts.yaml"
    try:
        text = ended(staff_services().read(path), now=request_clock().now, zone=request_clock().zone, path=path)
        staff_services().publish({path: text}, reason=f"{KIND}/{slug}: ended")
    except NotPublished as refused:
        return _list(refused=str(refused), status=409)
    except ContentError as broken:
        return _list(refused=str(broken), status=422)
    staff_services().record("alerts.end", f"{KIND}/{slug}")
    return redirect(url("office_staff.alerts"), 303)


def _rows() -> list[dict[str, Any]]:
    now = request_clock().now
    found = [request_clock().version_of(document) for document in catalogue().all(KIND)]
    held = [one for one in found if one.facts.status == "published" and one.facts.ends > now]
    return [_row(one) for one in sorted(held, key=lambda one: (one.facts.starts, one.slug))]


def _row(document: Document) -> dict[str, Any]:
    facts, zone = document.facts, request_clock().zone
    names = {choice["value"]: choice["label"] for choice in severities()}
    return {
        "slug": document.slug,
        "title": document.title(language()),
        "lang": document.words_in(language()).language,
        "severity": names[facts.severity],
        "is_on": facts.starts <= request_clock().now,
        "starts": facts.starts.astimezone(zone),
        "ends": facts.ends.astimezone(zone),
        "starts_words": formatting.day_clock(facts.starts.astimezone(zone), language()),
        "ends_words": formatting.day_clock(facts.ends.astimezone(zone), language()),
    }


def _list(*, refused: str = "", status: int = 200) -> Response:
    return render_staff(
        "office/staff/alerts.html", status=status, rows=_rows(), refused=refused, done=bool(request.args.get("done"))
    )


def _page(step: int, form: Form, *, status: int = 0, **more: Any) -> Response:
    return render_staff(
        f"office/staff/step{step}.html",
        status=status or (422 if form.errors else 200),
        crumbs=[{"label": label(), "href": url("office_staff.alerts")}],
        form=form,
        errors=form.summary(),
        step=step,
        **more,
    )


def _step_one(form: Form) -> Response:
    return _page(1, form, severities=severities(), places=places())


def _step_two(form: Form) -> Response:
    tonight = request_clock().midnight(request_clock().now.date() + timedelta(days=1)) - timedelta(minutes=1)
    if not form.until:
        form.until = f"{tonight:{TYPED}}"
    return _page(
        2,
        form,
        languages={one.code: one.name for one in catalogue().site.languages},
        earliest=f"{request_clock().now:{TYPED}}",
        longest={"title": LONGEST_TITLE, "summary": LONGEST_SUMMARY},
    )


def _step_three(form: Form, *, refused: str = "", status: int = 200) -> Response:
    ends = form.ends()
    told = form.told()
    names = {one.code: one.name for one in catalogue().site.languages}
    shown = [
        {"name": names[code], "alert": {"severity": form.severity, "href": None, "lang": code, "summary": "", **words}}
        for code, words in told.items()
    ]
    where = next(choice["label"] for choice in places() if choice["value"] == form.on)
    return _page(
        3,
        form,
        status=status,
        shown=shown,
        where=where,
        until=formatting.day_clock(ends, language()) if ends else "",
        zone=catalogue().site.zone_label,
        refused=refused,
    )
