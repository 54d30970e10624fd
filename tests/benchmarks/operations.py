"""The operations that every server answers, and how each peer is asked for the same thing."""

from __future__ import annotations

from dataclasses import dataclass

FEED = """
query Feed($first: Int!) {
  feed(first: $first) {
    edges {
      cursor
      node {
        id body createdAt reactionCount commentCount viewerReaction
        author {
          id name headline
          currentMembership { title organisation { id name } }
        }
        organisation { id name slug logoUrl }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""

ORGANISATION = """
query Organisation($slug: String!) {
  organisation(slug: $slug) {
    id slug name about website location followerCount memberCount postCount viewerFollows
    members(first: 10) {
      totalCount
      nodes {
        id role title
        person {
          id name headline
          skills(first: 5) { nodes { level skill { id labelEn } } }
        }
      }
    }
    posts(first: 10) {
      nodes { id body createdAt reactionCount commentCount author { id name } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""

PEOPLE = """
query People($search: String!, $skill: ID!) {
  people(search: $search, filter: { skills: [$skill], minimumLevel: 2 }, first: 20) {
    totalCount
    nodes {
      id name headline location
      skills(first: 3) { nodes { level skill { id labelEn } } }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""

DEEP = """
query Deep {
  organisations(first: 10) {
    nodes {
      id name
      posts(first: 5) {
        nodes {
          id body
          reactions(first: 3) { nodes { kind person { id name } } }
          comments(first: 3) {
            nodes {
              id body
              author { id name skills(first: 2) { nodes { level skill { id labelEn } } } }
            }
          }
        }
      }
    }
  }
}
"""

# PostGraphile's own names, aliased to ours. `x_first` stands for the first of a list or
# connection (or null), `x_any` for whether it has one; `agreement.normalised` folds both. The viewer is a
# variable instead of a session setting: that saves PostGraphile a transaction a request.
POSTGRAPHILE_FEED = """
query Feed($first: Int!, $page: Int!, $viewer: UUID!) {
  feed: benchPeersFeed(viewer: $viewer, page: $page, first: $first) {
    edges {
      cursor
      node {
        id: rowId body createdAt reactionCount commentCount
        viewerReaction_first: reactionsByPostId(condition: { personId: $viewer }, first: 1) {
          nodes { kind }
        }
        author_first: authorList(viewer: $viewer) {
          id: rowId name headline
          currentMembership_first: currentMembershipList(viewer: $viewer) {
            title organisation: organisationByOrganisationId { id: rowId name }
          }
        }
        organisation: organisationByOrganisationId { id: rowId name slug logoUrl }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""

POSTGRAPHILE_ORGANISATION = """
query Organisation($slug: String!, $viewer: UUID!) {
  organisation: organisationBySlug(slug: $slug) {
    id: rowId slug name about website location followerCount memberCount postCount
    viewerFollows_any: followsByOrganisationId(condition: { personId: $viewer }, first: 1) {
      nodes { rowId }
    }
    members(viewer: $viewer, first: 10) {
      totalCount
      nodes {
        id: rowId role title
        person_first: personList(viewer: $viewer) {
          id: rowId name headline
          skills: personSkillsByPersonId(orderBy: [LEVEL_DESC, ROW_ID_DESC], first: 5) {
            nodes { level skill: skillBySkillId { id: rowId labelEn } }
          }
        }
      }
    }
    posts(viewer: $viewer, first: 10) {
      nodes {
        id: rowId body createdAt reactionCount commentCount
        author_first: authorList(viewer: $viewer) { id: rowId name }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""

POSTGRAPHILE_PEOPLE = """
query People($search: String!, $skill: UUID!, $viewer: UUID!) {
  people: benchPeersPeople(
    search: $search, skill: $skill, minimumLevel: 2, viewer: $viewer, first: 20
  ) {
    totalCount
    nodes {
      id: rowId name headline location
      skills: personSkillsByPersonId(orderBy: [LEVEL_DESC, ROW_ID_DESC], first: 3) {
        nodes { level skill: skillBySkillId { id: rowId labelEn } }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""

POSTGRAPHILE_DEEP = """
query Deep($viewer: UUID!) {
  organisations: benchPeersOrganisations(viewer: $viewer, first: 10) {
    nodes {
      id: rowId name
      posts(viewer: $viewer, first: 5) {
        nodes {
          id: rowId body
          reactions: reactionsByPostId(orderBy: ROW_ID_DESC, first: 3) {
            nodes { kind person_first: personList(viewer: $viewer) { id: rowId name } }
          }
          comments: commentsByPostId(orderBy: ROW_ID_ASC, first: 3) {
            nodes {
              id: rowId body
              author_first: authorList(viewer: $viewer) {
                id: rowId name
                skills: personSkillsByPersonId(orderBy: [LEVEL_DESC, ROW_ID_DESC], first: 2) {
                  nodes { level skill: skillBySkillId { id: rowId labelEn } }
                }
              }
            }
          }
        }
      }
    }
  }
}
"""


@dataclass(frozen=True, slots=True)
class Operation:
    """One read, in the words of our graph and in PostGraphile's."""

    name: str
    title: str
    document: str
    postgraphile: str


FEED_PAGE = Operation("feed", "Feed page (20 posts)", FEED, POSTGRAPHILE_FEED)
DEEP_PAGE = Operation("deep", "Deep page (5 levels)", DEEP, POSTGRAPHILE_DEEP)
ORGANISATION_PAGE = Operation(
    "organisation", "Organisation page", ORGANISATION, POSTGRAPHILE_ORGANISATION
)
PEOPLE_SEARCH = Operation("people", "People search", PEOPLE, POSTGRAPHILE_PEOPLE)
OPERATIONS = (
    FEED_PAGE,
    ORGANISATION_PAGE,
    PEOPLE_SEARCH,
    DEEP_PAGE,
)
