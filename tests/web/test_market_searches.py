"""Searches of the market that are kept: what they find, and who is told of what is new, once."""

from __future__ import annotations

from datetime import date
from typing import Any

import httpx2
import pytest

from resolvers import market_search_news
from tests.mailing import deliver
from tests.making import Maker, Someone
from tests.web.listening import listening
from tests.web.marketing import EDIT, Market, content_of
from tests.web.serving import ask, data_of, done, refused
from tests.web.stalls import NOW, Stall, ids

SHOWN = """id name query kinds forms terms audiences sectors languages fromDay untilDay minimumHours
    maximumHours distanceKm includeRemote notify pausedAt version skills { id } organisations { id }
    place { id } listings(first: 100) { nodes { id } }"""
INBOX = """{ viewer { notifications(first: 50, unread: true) { nodes {
    kind title listing { id } marketSearch { id } } } } }"""
READ = """mutation { notificationsMarkRead(input: {upTo: "2999-01-01T00:00:00Z"}) {
    person { id } userErrors { code field message } } }"""
MATCHED = (
    """subscription ($id: ID!) { marketSearchMatched(id: $id) { kind id listing { title } } }"""
)


class Watch:
    """People who look for something, and an organisation that puts it on the market."""

    def __init__(self, client: httpx2.Client, dsn: str, make: Maker) -> None:
        self.client = client
        self.dsn = dsn
        self.make = make
        self.market = Market(client, make)

    def do(self, who: Someone | None, verb: str, **given: Any) -> Any:
        """Send a mutation and give its data."""
        shown = "person { id }" if verb == "Delete" else f"marketSearch {{ {SHOWN} }}"
        text = f"""mutation ($input: MarketSearch{verb}Input!) {{ marketSearch{verb}(input: $input) {{
            {shown} userErrors {{ code field message }} }} }}"""
        token = who.token if who else None
        return data_of(ask(self.client, text, {"input": given}, token=token))

    def keep(self, who: Someone, **given: Any) -> Any:
        """Keep a search; give it."""
        answer = self.do(who, "Create", **{"name": "Wanted", **given})
        return done(answer, "marketSearchCreate")["marketSearch"]

    def change(self, who: Someone, verb: str, search: Any, **given: Any) -> Any:
        """Do something with a search; give it."""
        answer = self.do(who, verb, marketSearchId=search["id"], **given)
        return done(answer, f"marketSearch{verb}")["marketSearch"]

    async def lines(self, who: Someone) -> Any:
        """Give what is unread when everything that happened was told."""
        await deliver(self.dsn)
        return self.unread(who)

    def unread(self, who: Someone) -> Any:
        """Give what is unread."""
        answer = data_of(ask(self.client, INBOX, token=who.token))
        return answer["viewer"]["notifications"]["nodes"]

    def read_all(self, who: Someone) -> None:
        """Have somebody read everything."""
        done(data_of(ask(self.client, READ, token=who.token)), "notificationsMarkRead")

    def edit(self, who: Someone, listing: str, version: int, **content: Any) -> None:
        """Say anew what a listing says."""
        given = {"listingId": listing, "expectedVersion": version, "listing": content_of(**content)}
        done(self.market.call(EDIT, who, **given), "answer")


@pytest.fixture
def watch(town_client: httpx2.Client, town: str, make: Maker) -> Watch:
    return Watch(town_client, town, make)


def found(search: Any) -> list[str]:
    """Give the ids of what a search finds."""
    return [node["id"] for node in search["listings"]["nodes"]]


async def test_a_search_that_is_kept_finds_what_the_market_finds(
    watch: Watch, make: Maker, town_client: httpx2.Client
) -> None:
    stall = Stall(make, town_client)
    skill = await stall.skill("project-management")
    near = await make.connection.fetchval(
        "select other.id from skill mine join skill other using (cluster_id)"
        " where mine.id = $1 and other.id <> mine.id order by other.id limit 1",
        skill,
    )
    who = await make.person("Looking")
    await stall.put(skills=[skill], hours_per_week=8, at="utrecht", languages=["NL"])
    await stall.put(skills=[near], kind="REQUEST", form="TEAM", terms="RATE", at="zeist")
    await stall.put(title="Havenmeesterschap", audience="NETWORK", is_remote=True, at="groningen")
    await stall.put(body="Over de havenmeesters.", language="NL", ends_on=date(2027, 3, 1))
    await stall.put(audience="ORGANISATION", hours_per_week=20, starts_on=date(2027, 5, 1))
    await stall.put(status="PAUSED", skills=[skill])
    assert stall.place is not None
    ours = {"organisations": [stall.place.id]}
    utrecht = await stall.spot("utrecht")
    label = await make.connection.fetchval(
        "select label from skill_term where skill_id = $1 and preferred and language = 'NL'", skill
    )
    filters: list[tuple[str, dict[str, Any]]] = [
        ("", {}),
        ("", {"kinds": ["OFFER"]}),
        ("", {"forms": ["TEAM", "ANSWER"], "terms": ["RATE"]}),
        ("", {"audiences": ["NETWORK"]}),
        ("", {"skills": [f"skl_{skill}"]}),
        ("", {"sectors": ["TECHNOLOGY"]}),
        ("", {"sectors": ["TRADE_HOSPITALITY"]}),
        ("", {"languages": ["FY"]}),
        ("", {"minimumHours": 9}),
        ("", {"maximumHours": 9}),
        ("", {"from": "2027-03-02"}),
        ("", {"from": "2027-02-01", "until": "2027-04-01"}),
        ("", {"placeId": utrecht, "distanceKm": 15}),
        ("", {"placeId": utrecht, "distanceKm": 15, "includeRemote": False}),
        ("", {"placeId": utrecht, "distanceKm": 0, "includeRemote": False}),
        ("havenmeester", {}),
        ("over haven", {}),
        (label, {}),
        (label, {"kinds": ["REQUEST"]}),
    ]
    for query, given in filters:
        filter_ = {**ours, **given}
        search = watch.keep(who, query=query, filter=filter_)
        market = stall.search_all(who, query=query, filter=filter_, order="NEWEST")
        assert found(search) == ids(market), (query, given)
        done(watch.do(who, "Delete", marketSearchId=search["id"]), "marketSearchDelete")


async def test_what_was_given_is_shown_and_an_edit_changes_what_it_names(
    watch: Watch, make: Maker
) -> None:
    who, place = await make.person(), await make.organisation()
    skill = await watch.market.skill("project-management")
    spot = await Stall(make, watch.client).spot("utrecht")
    given = {
        "kinds": ["OFFER", "OFFER"],
        "skills": [skill, skill],
        "organisations": [place.id],
        "from": "2027-01-01",
        "until": "2027-02-01",
        "minimumHours": 4,
        "placeId": spot,
        "distanceKm": 5,
        "includeRemote": False,
    }
    search = watch.keep(who, name=" Boats ", query="boat", filter=given, notify=True)
    assert (search["name"], search["query"], search["kinds"]) == ("Boats", "boat", ["OFFER"])
    assert (search["skills"], search["organisations"]) == ([{"id": skill}], [{"id": place.id}])
    assert (search["fromDay"], search["untilDay"]) == ("2027-01-01", "2027-02-01")
    assert (search["place"], search["distanceKm"]) == ({"id": spot}, 5)
    assert (search["includeRemote"], search["minimumHours"]) == (False, 4)
    edited = watch.change(who, "Edit", search, expectedVersion=1, name="Ships")
    assert edited == {**search, "name": "Ships", "version": 2}
    anew = watch.change(who, "Edit", search, expectedVersion=2, filter={"forms": ["TEAM"]})
    assert (anew["forms"], anew["kinds"], anew["skills"], anew["place"]) == (["TEAM"], [], [], None)
    assert (anew["query"], anew["includeRemote"], anew["notify"]) == ("boat", True, True)
    mine = "{ viewer { marketSearches { totalCount nodes { name } } } }"
    assert data_of(ask(watch.client, mine, token=who.token))["viewer"]["marketSearches"] == {
        "totalCount": 1,
        "nodes": [{"name": "Ships"}],
    }


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        pytest.param({"name": " "}, "INVALID", ["name"], id="no name"),
        pytest.param({"name": "x" * 81}, "INVALID", ["name"], id="long name"),
        pytest.param({"filter": None, "query": None}, "INVALID", ["query"], id="nothing"),
        pytest.param({"filter": {"kinds": []}}, "INVALID", ["query"], id="nothing in lists"),
        pytest.param({"query": "x" * 201}, "INVALID", ["query"], id="long text"),
        pytest.param({"query": "!?"}, "INVALID", ["query"], id="no word"),
        pytest.param({"query": "a\0"}, "INVALID", ["query"], id="U+0000"),
        pytest.param(
            {"filter": {"minimumHours": 0}}, "INVALID", ["filter", "minimumHours"], id="no hours"
        ),
        pytest.param(
            {"filter": {"minimumHours": 9, "maximumHours": 8}},
            "INVALID",
            ["filter", "maximumHours"],
            id="fewer than least",
        ),
        pytest.param(
            {"filter": {"from": "2027-01-02", "until": "2027-01-01"}},
            "INVALID",
            ["filter", "until"],
            id="ends before it begins",
        ),
        pytest.param(
            {"filter": {"distanceKm": 5}}, "INVALID", ["filter", "distanceKm"], id="no place"
        ),
        pytest.param(
            {"filter": {"skills": ["skl_01a1f850-1400-7c95-b382-219df50cb3c9"]}},
            "NOT_FOUND",
            ["filter", "skills", "0"],
            id="no such skill",
        ),
        pytest.param(
            {"filter": {"placeId": "plc_01a1f850-1400-7c95-b382-219df50cb3c9"}},
            "NOT_FOUND",
            ["filter", "placeId"],
            id="no such place",
        ),
        pytest.param(
            {"filter": {"skills": ["org_01a1f850-1400-7c95-b382-219df50cb3c9"]}},
            "INVALID",
            ["filter", "skills", "0"],
            id="no id of a skill",
        ),
    ],
)
async def test_bad_input_is_refused(
    watch: Watch, make: Maker, given: dict[str, Any], code: str, field: list[str]
) -> None:
    who = await make.person()
    answer = watch.do(who, "Create", **{"name": "x", "filter": {"kinds": ["OFFER"]}, **given})
    assert refused(answer, "marketSearchCreate") == [(code, field)]


async def test_only_its_owner_knows_and_changes_a_search(watch: Watch, make: Maker) -> None:
    owner, other = await make.person(), await make.person()
    search = watch.keep(owner, query="boats")
    shown = "query ($id: ID!) { node(id: $id) { id } }"
    for who in (other, None):
        answer = ask(watch.client, shown, {"id": search["id"]}, token=who.token if who else None)
        assert data_of(answer)["node"] is None
    for verb, more in (
        ("Edit", {"expectedVersion": 1}),
        ("Pause", {}),
        ("Resume", {}),
        ("Delete", {}),
    ):
        given = {"marketSearchId": search["id"], **more}
        assert refused(watch.do(other, verb, **given), f"marketSearch{verb}") == [
            ("NOT_FOUND", ["marketSearchId"])
        ]
        [(code, _)] = refused(watch.do(None, verb, **given), f"marketSearch{verb}")
        assert code == "NOT_SIGNED_IN"
    stale = watch.do(owner, "Edit", marketSearchId=search["id"], expectedVersion=9, name="y")
    assert refused(stale, "marketSearchEdit") == [("CONFLICT", ["expectedVersion"])]
    empty = watch.do(owner, "Edit", marketSearchId=search["id"], expectedVersion=1, query="")
    assert refused(empty, "marketSearchEdit") == [("INVALID", ["query"])]


async def test_an_owner_is_told_of_what_opens_and_of_an_edit_that_makes_it_fit_once(
    watch: Watch, make: Maker
) -> None:
    place, manager = await watch.market.manager()
    who, dutch = await make.person("Rea"), await make.person("Daan", locale="NL")
    wanted = {"filter": {"organisations": [place.id], "forms": ["TEAM"]}, "notify": True}
    search = watch.keep(who, **wanted)
    watch.keep(dutch, **wanted)
    fits = watch.market.open(manager, place, form="TEAM")
    other = watch.market.open(manager, place, form="PROJECT")
    assert await watch.lines(who) == [
        {
            "kind": "MARKET_SEARCH_FOUND",
            "title": "New on the market for your search “Wanted”",
            "listing": {"id": fits},
            "marketSearch": {"id": search["id"]},
        }
    ]
    [line] = await watch.lines(dutch)
    assert line["title"] == "Nieuw op de markt voor je zoekopdracht “Wanted”"
    watch.read_all(who)
    # An edit of what was told of is no news; one that makes something fit is.
    watch.edit(manager, fits, 2, form="TEAM", title="Otherwise")
    assert await watch.lines(who) == []
    watch.edit(manager, other, 2, form="TEAM")
    [line] = await watch.lines(who)
    assert line["listing"] == {"id": other}
    # Of several none is the one that the line is about.
    watch.market.open(manager, place, form="TEAM")
    [line] = await watch.lines(who)
    assert line["listing"] is None
    watch.read_all(who)
    watch.market.move(manager, fits, "Pause")
    watch.market.move(manager, fits, "Open")
    assert await watch.lines(who) == []
    # Doing it again changes nothing.
    events = await make.connection.fetch(
        "select id from event where kind = 'LISTING_CHANGED' and organisation_id = $1", place.key
    )
    await market_search_news.tell_owners(make.connection, [row["id"] for row in events])
    assert await watch.lines(who) == []


async def test_words_and_skills_tell_too(watch: Watch, make: Maker) -> None:
    place, manager = await watch.market.manager()
    skill = await watch.market.skill("project-management")
    label = await make.connection.fetchval(
        "select label_nl from skill where slug = 'project-management'"
    )
    named, said, meant, not_at_all = [await make.person(f"P{n}") for n in range(4)]
    ours = {"organisations": [place.id]}
    watch.keep(named, filter={**ours, "skills": [skill]}, notify=True)
    watch.keep(said, query="sluiswachters", filter=ours, notify=True)
    watch.keep(meant, query=label, filter=ours, notify=True)
    watch.keep(not_at_all, query="zeppelin", filter=ours, notify=True)
    listing = watch.market.open(
        manager, place, skills=[(skill, 3)], body="Wie is sluiswachter?", language="NL"
    )
    await deliver(watch.dsn)
    for who in (named, said, meant):
        assert [line["listing"] for line in watch.unread(who)] == [{"id": listing}]
    assert watch.unread(not_at_all) == []


async def test_whoever_does_not_want_it_or_may_not_see_it_is_not_told(
    watch: Watch, make: Maker
) -> None:
    place, manager = await watch.market.manager()
    names = ("quiet", "resting", "off", "mutes", "blocked", "member", "stranger")
    people = {name: await make.person(name) for name in names}
    searches = {
        name: watch.keep(
            person, filter={"organisations": [place.id]}, notify=name not in {"quiet", "resting"}
        )
        for name, person in people.items()
    }
    watch.change(people["resting"], "Edit", searches["resting"], expectedVersion=1, notify=True)
    watch.change(people["resting"], "Pause", searches["resting"])
    for statement, name in (
        (
            "notification_preference (person_id, kind, in_app, email) values ($1, "
            "'MARKET_SEARCH_FOUND', false, false)",
            "off",
        ),
        (f"mute (person_id, organisation_id) values ($1, '{place.key}')", "mutes"),
        (f"block (person_id, organisation_id) values ($1, '{place.key}')", "blocked"),
    ):
        await make.connection.execute(f"insert into {statement}", people[name].key)
    await make.member(people["member"], place)
    watch.keep(manager, filter={"organisations": [place.id]}, notify=True)
    watch.market.open(manager, place, audience="ORGANISATION")
    await deliver(watch.dsn)
    told = {name: len(watch.unread(person)) for name, person in people.items()}
    assert told == {**dict.fromkeys(names, 0), "member": 1}
    assert watch.unread(manager) == []
    watch.market.open(manager, place, audience="NETWORK")
    await deliver(watch.dsn)
    told = {name: len(watch.unread(person)) for name, person in people.items()}
    assert told == {**dict.fromkeys(names, 0), "member": 1, "stranger": 1}
    # What came during the pause is shown afterwards, and nobody is told of all of it at once.
    resumed = watch.change(people["resting"], "Resume", searches["resting"])
    assert len(found(resumed)) == 1
    assert await watch.lines(people["resting"]) == []
    watch.market.open(manager, place, audience="PUBLIC")
    assert len(await watch.lines(people["resting"])) == 1
    done(
        watch.do(people["resting"], "Delete", marketSearchId=searches["resting"]["id"]),
        "marketSearchDelete",
    )
    assert await watch.lines(people["resting"]) == []


async def test_a_pause_holds_back_what_is_new_and_loses_nothing(watch: Watch, make: Maker) -> None:
    stall, who = Stall(make, watch.client), await make.person()
    old = await stall.put()
    assert stall.place is not None
    search = watch.keep(who, filter={"organisations": [stall.place.id]})
    paused = watch.change(who, "Pause", search)
    assert (found(paused), paused["pausedAt"] is None) == ([old], False)
    late = NOW.replace(year=2099)
    new = await stall.put(opened_at=late, expires_at=late.replace(year=2100))
    assert found(watch.change(who, "Pause", search)) == [old]
    assert found(watch.change(who, "Resume", search)) == [new, old]


async def test_its_owner_hears_of_what_it_finds(watch: Watch, make: Maker, town_site: str) -> None:
    place, manager = await watch.market.manager()
    owner, other = await make.person(), await make.person()
    search = watch.keep(owner, filter={"organisations": [place.id], "forms": ["TEAM"]})
    async with (
        listening(town_site, token=owner.token) as client,
        listening(town_site, token=other.token) as elsewhere,
    ):
        id_ = await client.subscribe(MATCHED, {"id": search["id"]})
        foreign = await elsewhere.subscribe(MATCHED, {"id": search["id"]})
        await client.settled()
        await elsewhere.settled()
        watch.market.open(manager, place, form="TEAM", audience="ORGANISATION")
        watch.market.open(manager, place, form="PROJECT")
        fits = watch.market.open(manager, place, form="TEAM", title="Ten of us")
        assert (await client.next(id_))["marketSearchMatched"] == {
            "kind": "CREATED",
            "id": fits,
            "listing": {"title": "Ten of us"},
        }
        watch.edit(manager, fits, 2, form="TEAM", title="Twelve of us")
        change = (await client.next(id_))["marketSearchMatched"]
        assert change["listing"] == {"title": "Twelve of us"}
        watch.market.move(manager, fits, "Pause")
        await client.nothing(id_)
        await elsewhere.nothing(foreign)
