"""Backup and restore as a feature of the application."""

from __future__ import annotations

from portal.backup import commands
from portal.feature import Feature

FEATURE = Feature(name="backup", commands=commands.COMMANDS)
