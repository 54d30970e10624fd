from __future__ import annotations

import asyncpg
import pytest

from db.skill_matching import How, NoMatch, SkillMatch, match_skills

# Texts as people write them, beside the skill that they mean. The thresholds were chosen on damaged
# terms of the taxonomy (see db/skill_matching.py), not on these.
MEANT = {
    "typo": {
        "projectmanagment": "project-management",
        "project mangement": "project-management",
        "kenismanagement": "knowledge-management",
        "employement law": "employment-law",
        "cognitieve gedragstherapy": "cognitive-behavioural-therapy",
        "civil engineerng": "civil-engineering",
        "jaarekening": "financial-statements",
        "analitisch denken": "think-analytically",
        "radiolgy": "radiology",
        "geodesi": "geodesy",
        "air trafic management": "air-traffic-management",
        "supplier managment": "supplier-management",
        "leveranciersmanagment": "supplier-management",
        "javascrip": "javascript",
        "ondernemersschap": "entrepreneurship",
        "entrepeneurship": "entrepreneurship",
        "staatsteun": "state-aid-regulations",
        "omgaan met stres": "cope-with-stress",
        "actief lusteren": "listen-actively",
        "archeologi": "archaeology",
        "humanitarian aide": "humanitarian-aid",
        "scenario planing": "strategic-foresight-and-scenario-planning",
    },
    "spelling": {
        "cognitive behavioral therapy": "cognitive-behavioural-therapy",
        "risk modeling": "risk-modelling",
        "archeology": "archaeology",
    },
    "plural": {
        "leiderschapsprincipe": "leadership-principles",
        "leadership principle": "leadership-principles",
        "financial statement": "financial-statements",
        "jaarrekeningen": "financial-statements",
        "bestemmingsplannen": "zoning-codes",
        "civiele technieken": "civil-engineering",
        "business cases": "develop-business-case",
        "innovatieproces": "innovation-processes",
        "crisisoefening": "conduct-full-scale-emergency-plan-exercises",
        "octrooi": "patents",
        "patent": "patents",
        "clinical trial": "assist-in-clinical-trials",
        "grootboeken": "manage-the-general-ledger",
        "ventilatiesysteem": "ventilation-systems",
        "Scrum masters": "facilitate-retrospectives-and-sprint-reviews",
        "stralingsdeskundigen": "radiation-protection",
    },
    "compound": {
        "kennis management": "knowledge-management",
        "arbeids recht": "employment-law",
        "straf recht": "criminal-law",
        "cognitieve gedrags therapie": "cognitive-behavioural-therapy",
        "infectie preventie": "infection-control",
        "luchtverkeers beheer": "air-traffic-management",
        "risico modellering": "risk-modelling",
        "Participatie wet": "dutch-participation-act",
        "business case opstellen": "develop-business-case",
        "conflict hantering": "conflict-management",
        "koel keten": "cold-chain",
        "privacy wetgeving": "gdpr",
        "wet politie gegevens": "police-data-act-wpg",
        "treasury managementsysteem": "treasury-management-system",
    },
    "word order": {
        "law, criminal": "criminal-law",
        "engineering (civil)": "civil-engineering",
        "thinking analytically": "think-analytically",
        "management of air traffic": "air-traffic-management",
        "control of infections": "infection-control",
    },
    "word form": {
        "verkeerskundige": "traffic-engineering",
        "team leiden": "lead-a-team",
        "leading a team": "lead-a-team",
        "debatten leiden": "moderate-a-debate",
        "active listening": "listen-actively",
        "emotionele intelligentie": "have-emotional-intelligence",
        "stressbestendig": "cope-with-stress",
        "sustainable procurements": "implement-sustainable-procurement",
        "stakeholderbetrokkenheid vergroten": "engage-with-stakeholders",
    },
}
# Meant, but too far off for a guess: suggestions have the skill.
SUGGESTED = {
    "Pyton": "python",
    "projekt management": "project-management",
    "duurzame inkoop": "implement-sustainable-procurement",
    "klinische studie": "assist-in-clinical-trials",
    "managing knowledge": "knowledge-management",
}
# Not in the taxonomy, near to something in it or not, or too vague to mean one skill.
NOT_MEANT = (
    "accordeon spelen", "baking sourdough", "underwater basket weaving", "paardrijden",
    "bloemschikken", "astrology", "waarzeggen", "stand-up comedy", "overige vaardigheden", "n.v.t.",
    "rijbewijs B", "haken en breien", "wine tasting", "kaas maken", "machine sewing",
    "een bakkerij leiden", "manage a zoo", "dental law", "family lore", "civil war",
    "lead a donkey", "projectiel", "criminal flow", "strafschoppen", "een hond leiden", "managen",
    "management", "werken", "law", "team", "net", "C", "paarden adviseren", "advising on wigs",
    "beheer van de kantine", "plan a wedding", "marketing of soap", "java coffee roasting",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "slug", "how"),
    [
        pytest.param("Project Management", "project-management", How.LABEL, id="english"),
        pytest.param("projectmanagement", "project-management", How.LABEL, id="dutch"),
        pytest.param("projectleiding", "project-management", How.ALIAS, id="alias"),
        pytest.param("  C# ", "c-sharp", How.LABEL, id="sharp"),
        pytest.param(".net", "c-sharp", How.ALIAS, id="dot"),
        pytest.param("c++", "c-plus-plus", How.LABEL, id="plus"),
        pytest.param("KPI\u2019s monitoren", "track-key-performance-indicators", How.ALIAS, id="quote"),
        pytest.param("Python (programmeertaal)", "python", How.LABEL, id="before-parentheses"),
        pytest.param("Het nieuwe plan (PvE)", "draft-procurement-technical-specifications",
                     How.ALIAS, id="within-parentheses"),
    ],
)  # fmt: skip
async def test_known_text_means_its_skill(
    scratch_connection: asyncpg.Connection, text: str, slug: str, how: How
) -> None:
    match = (await match_skills(scratch_connection, [text]))[text]
    assert isinstance(match, SkillMatch)
    assert (match.slug, match.how, match.similarity) == (slug, how, 1.0)


@pytest.mark.parametrize("sort", MEANT)
async def test_near_text_means_the_skill_that_people_mean(
    scratch_connection: asyncpg.Connection, sort: str
) -> None:
    matches = await match_skills(scratch_connection, list(MEANT[sort]))
    found = {
        text: match.slug if isinstance(match, SkillMatch) else None
        for text, match in matches.items()
    }
    assert found == MEANT[sort]


async def test_uncertain_text_is_not_guessed_but_suggested(
    scratch_connection: asyncpg.Connection,
) -> None:
    matches = await match_skills(scratch_connection, list(SUGGESTED))
    for text, slug in SUGGESTED.items():
        match = matches[text]
        assert isinstance(match, NoMatch)
        assert slug in [suggestion.slug for suggestion in match.suggestions], text
        similarities = [suggestion.similarity for suggestion in match.suggestions]
        assert similarities == sorted(similarities, reverse=True)


async def test_text_that_means_no_skill_is_not_matched(
    scratch_connection: asyncpg.Connection,
) -> None:
    matches = await match_skills(scratch_connection, NOT_MEANT)
    assert [text for text, match in matches.items() if isinstance(match, SkillMatch)] == []


async def test_alias_of_several_skills_is_not_guessed(
    scratch_connection: asyncpg.Connection,
) -> None:
    match = (await match_skills(scratch_connection, ["ISO 9001"]))["ISO 9001"]
    assert isinstance(match, NoMatch)
    assert match.ambiguous
    assert [(s.slug, s.label, s.similarity) for s in match.suggestions] == [
        ("implement-quality-management-systems", "ISO 9001", 1.0),
        ("quality-standards", "ISO 9001", 1.0),
    ]


async def test_label_wins_over_another_skills_alias(scratch_connection: asyncpg.Connection) -> None:
    await scratch_connection.execute("""
        insert into skill_term (skill_id, language, label, folded, preferred)
        select id, 'EN', 'Python', 'python', false from skill where slug = 'java'
    """)
    match = (await match_skills(scratch_connection, ["python"]))["python"]
    assert isinstance(match, SkillMatch)
    assert (match.slug, match.how) == ("python", How.LABEL)


async def test_text_without_words_matches_nothing(scratch_connection: asyncpg.Connection) -> None:
    assert await match_skills(scratch_connection, ["", " ", "(…)", "+"]) == {
        "": NoMatch(()), " ": NoMatch(()), "(…)": NoMatch(()), "+": NoMatch(()),
    }  # fmt: skip


async def test_many_texts_take_one_statement(scratch_connection: asyncpg.Connection) -> None:
    queries: list[str] = []
    texts = [text for texts in MEANT.values() for text in texts] + list(NOT_MEANT)
    with scratch_connection.query_logger(lambda record: queries.append(record.query)):
        assert set(await match_skills(scratch_connection, texts)) == set(texts)
    assert len([query for query in queries if "skill_term" in query]) == 1
