"""The prefix of each type's ids. They are part of the contract: never change or reuse one."""

from __future__ import annotations

ORGANISATION = "org"
STRENGTH = "str"
PERSON = "per"
MEMBERSHIP = "mem"
PERSON_SKILL = "psk"
POST = "pst"
COMMENT = "com"
REACTION = "rea"
FOLLOW = "fol"
MEDIA = "med"
PERSON_FOLLOW = "pfo"
SKILL_FOLLOW = "sfo"
MUTE = "mut"
SKILL = "skl"
SKILL_CLUSTER = "scl"
SKILL_DOMAIN = "sdm"
SESSION = "ses"
ACCESS_TOKEN = "tok"  # noqa: S105 - the prefix of ids
