"""One's own data, as mutations: exporting it and having it erased."""

from __future__ import annotations

from datetime import datetime

import strawberry

from resolvers.commands import privacy as command
from schema.engine.mutations import Keyed, input_field, mutation, mutations, payload, result
from schema.references import ToDataExport, ToPerson


@strawberry.input(description="Nothing needs to be said: it is about the viewer.")
class AccountExportInput(Keyed):
    """Nothing needs to be said: it is about the viewer."""


@payload
class AccountExportPayload:
    """What came of asking for an export."""

    export: ToDataExport | None = result(
        "The export; an e-mail tells when it is ready. One that is being made is given again."
    )


@strawberry.input(description="That it is the viewer who asks, and when it is to be done.")
class AccountEraseInput:
    """That it is the viewer who asks, and when it is to be done."""

    password: str | None = input_field(
        "The viewer's password; not needed within minutes of signing in.", required=False
    )
    at_once: bool | None = input_field(
        "True erases now, for good; otherwise it is done in 14 days and can be taken back until then.",
        required=False,
    )


@payload
class AccountErasePayload:
    """What came of asking for erasure."""

    erased: bool | None = result("True when it was done at once: all sessions and tokens are gone.")
    erasure_at: datetime | None = result("When it will be done; null when it was done at once.")


@strawberry.input(description="Nothing needs to be said: it is about the viewer.")
class AccountEraseCancelInput(Keyed):
    """Nothing needs to be said: it is about the viewer."""


@payload
class AccountEraseCancelPayload:
    """What came of taking an erasure back."""

    viewer: ToPerson | None = result("The viewer, who stays.")


@mutations
class PrivacyMutations:
    """Exporting and erasing."""

    account_export: AccountExportPayload | None = mutation(
        command.request_export,
        "Have all that is kept about the viewer put into a file, a zip of JSON and uploads.",
        AccountExportInput,
        AccountExportPayload,
    )
    account_erase: AccountErasePayload | None = mutation(
        command.erase_account,
        "Erase the viewer's account: everything personal goes; what was written in an organisation's "
        "name, or was answered by others, stays by a nameless former member.",
        AccountEraseInput,
        AccountErasePayload,
    )
    account_erase_cancel: AccountEraseCancelPayload | None = mutation(
        command.cancel_erasure,
        "Take back that the account is to be erased.",
        AccountEraseCancelInput,
        AccountEraseCancelPayload,
    )
