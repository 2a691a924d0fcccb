"""The tables of staff: people and roles, their sessions, tries at signing in, the audit log."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from flask_security import RoleMixin, UserMixin
from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.permissions import ROLES
from portal.database import NOT_BACKED_UP, Base


def fresh_id() -> str:
    """A new id of 32 hexadecimal digits."""
    return uuid4().hex


class StaffRole(Base, RoleMixin):
    """One role of one person; equal to its name."""

    __tablename__ = "accounts_staff_role"

    staff: Mapped[str] = mapped_column(ForeignKey("accounts_staff.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(20), primary_key=True)

    # What a role may do is written in the code, in one table, and nowhere else.
    permissions = None
    __hash__ = RoleMixin.__hash__


class Staff(Base, UserMixin):
    """A member of staff. The names of columns that begin with fs, tf or mf are those that Flask-Security reads."""

    __tablename__ = "accounts_staff"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=fresh_id)  # type: ignore[assignment]
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    password: Mapped[str | None] = mapped_column(String(255))
    password_changed_at: Mapped[datetime | None]
    # A password that somebody else knows opens nothing but the page that changes it.
    must_change_password: Mapped[bool] = mapped_column(default=False)
    # Whoever signs in with it a second time is not the one who was given it.
    first_password_used: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True, default=fresh_id)
    tf_primary_method: Mapped[str | None] = mapped_column(String(20))
    tf_totp_secret: Mapped[str | None] = mapped_column(Text)
    # The time step of the newest code that was used: no code counts twice.
    tf_last_counter: Mapped[int | None]
    # Keyed digests, never the codes themselves.
    mf_recovery_codes: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]
    # The language of the desk at the newest sign-in, empty before: in it the person is written to.
    language: Mapped[str] = mapped_column(String(10), default="")
    roles: Mapped[list[StaffRole]] = relationship(  # type: ignore[assignment]
        cascade="all, delete-orphan", lazy="selectin", order_by=StaffRole.name
    )
    passkeys: Mapped[list[Passkey]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="Passkey.added_at"
    )

    @property
    def role_names(self) -> frozenset[str]:
        """The names of this person's roles."""
        return frozenset(role.name for role in self.roles)

    @property
    def permissions(self) -> frozenset[str]:
        """Everything that this person may do."""
        return frozenset().union(*(ROLES.get(name, frozenset()) for name in self.role_names))

    def may(self, permission: str) -> bool:
        """Whether this person has that permission."""
        return permission in self.permissions

    @property
    def has_app(self) -> bool:
        """Whether an authenticator app is set up."""
        return bool(self.tf_totp_secret and self.tf_primary_method)

    @property
    def has_second_factor(self) -> bool:
        """Whether an authenticator app or a passkey is set up."""
        return self.has_app or bool(self.passkeys)

    def check_tf_required(
        self, tf_setup_methods: list[tuple[str, str]], tf_fresh: bool
    ) -> tuple[bool, list[tuple[str, str]]]:
        """Ask for a code whenever an app is set up; who still has to set one up is led there after the password."""
        return bool(tf_setup_methods), tf_setup_methods


class Passkey(Base):
    """A passkey of one person: only its public half is here, which opens nothing."""

    __tablename__ = "accounts_passkey"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=fresh_id)
    staff: Mapped[str] = mapped_column(ForeignKey("accounts_staff.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    # Both in base64url, so that the backup carries them as they are.
    credential: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[str] = mapped_column(Text)
    # Unsigned, of 32 bits.
    sign_count: Mapped[int] = mapped_column(BigInteger)
    added_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class StaffSession(Base):
    """A signed-in browser; without its row the cookie opens nothing, so signing out ends it everywhere."""

    __tablename__ = "accounts_session"
    __table_args__ = {"info": NOT_BACKED_UP}

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=fresh_id)
    staff: Mapped[str] = mapped_column(ForeignKey("accounts_staff.id", ondelete="CASCADE"), index=True)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)
    # What kind of machine it is, by the browser's own word: phone, tablet or computer.
    device: Mapped[str] = mapped_column(String(20), default="")


class Attempt(Base):
    """Tries in a row at one secret of one account, known only by a keyed digest."""

    __tablename__ = "accounts_attempt"
    __table_args__ = {"info": NOT_BACKED_UP}

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)


class AuditEntry(Base):
    """One action: who, what, to which thing, when, from which class of network. Ids only, never personal data."""

    __tablename__ = "accounts_audit"
    __table_args__ = (Index("ix_accounts_audit_at", "at"), Index("ix_accounts_audit_who", "who"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(32))
    action: Mapped[str] = mapped_column("deed", String(60))
    subject: Mapped[str] = mapped_column(String(200))
    network_class: Mapped[str] = mapped_column(String(20))
