"""What becomes of uploads, as mutations. Uploading itself is `POST /media`."""

from __future__ import annotations

import strawberry

from db.tables.posts import ALT_TEXT_MAX
from resolvers.commands import media as command
from schema import prefixes
from schema.engine.mutations import Keyed, input_field, mutation, mutations, payload, result
from schema.references import ToMedia, ToOrganisation, ToPerson


@strawberry.input(description="Whose logo, and which.")
class OrganisationSetLogoInput(Keyed):
    """Whose logo, and which."""

    organisation_id: strawberry.ID = input_field("Whose.", prefix=prefixes.ORGANISATION)
    media_id: strawberry.ID | None = input_field(
        "An unused upload of the viewer's own with the purpose LOGO; null for no logo.",
        prefix=prefixes.MEDIA,
        required=False,
    )


@payload
class OrganisationSetLogoPayload:
    """What came of setting a logo."""

    organisation: ToOrganisation | None = result("The organisation with its logo.")


@strawberry.input(description="Whose banner, and which.")
class OrganisationSetBannerInput(Keyed):
    """Whose banner, and which."""

    organisation_id: strawberry.ID = input_field("Whose.", prefix=prefixes.ORGANISATION)
    media_id: strawberry.ID | None = input_field(
        "An unused upload of the viewer's own with the purpose BANNER; null for no banner.",
        prefix=prefixes.MEDIA,
        required=False,
    )


@payload
class OrganisationSetBannerPayload:
    """What came of setting a banner."""

    organisation: ToOrganisation | None = result("The organisation with its banner.")


@strawberry.input(description="Which portrait the viewer gets.")
class PersonSetAvatarInput(Keyed):
    """Which portrait the viewer gets."""

    media_id: strawberry.ID | None = input_field(
        "An unused upload of the viewer's own with the purpose AVATAR; null for no portrait.",
        prefix=prefixes.MEDIA,
        required=False,
    )


@payload
class PersonSetAvatarPayload:
    """What came of setting a portrait."""

    person: ToPerson | None = result("The viewer with their portrait.")


@strawberry.input(description="Which upload, and what it shows.")
class MediaDescribeInput(Keyed):
    """Which upload, and what it shows."""

    media_id: strawberry.ID = input_field("An upload of the viewer's own.", prefix=prefixes.MEDIA)
    alt_text: str = input_field(
        f"What it shows, for those who cannot see it: at most {ALT_TEXT_MAX} characters."
    )


@payload
class MediaDescribePayload:
    """What came of describing an upload."""

    media: ToMedia | None = result("The upload as it is described now.")


@strawberry.input(description="Which upload is taken back.")
class MediaDeleteInput(Keyed):
    """Which upload is taken back."""

    media_id: strawberry.ID = input_field(
        "An upload of the viewer's own that is not used anywhere.", prefix=prefixes.MEDIA
    )


@payload
class MediaDeletePayload:
    """What came of taking an upload back."""

    deleted_id: strawberry.ID | None = result("The id that it had.")


@mutations
class MediaMutations:
    """Uploads."""

    organisation_set_logo: OrganisationSetLogoPayload | None = mutation(
        command.set_logo,
        "Give an organisation another logo, or none. The one before is removed.",
        OrganisationSetLogoInput,
        OrganisationSetLogoPayload,
    )
    organisation_set_banner: OrganisationSetBannerPayload | None = mutation(
        command.set_banner,
        "Give an organisation another banner, or none. The one before is removed.",
        OrganisationSetBannerInput,
        OrganisationSetBannerPayload,
    )
    person_set_avatar: PersonSetAvatarPayload | None = mutation(
        command.set_avatar,
        "Give the viewer another portrait, or none. The one before is removed.",
        PersonSetAvatarInput,
        PersonSetAvatarPayload,
    )
    media_describe: MediaDescribePayload | None = mutation(
        command.describe_media,
        "Say what an upload shows, for those who cannot see it.",
        MediaDescribeInput,
        MediaDescribePayload,
    )
    media_delete: MediaDeletePayload | None = mutation(
        command.delete_media,
        "Take back an upload that is not used anywhere.",
        MediaDeleteInput,
        MediaDeletePayload,
    )
