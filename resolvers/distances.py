"""How far two places are from each other, in SQL: great circles on a sphere, by the haversine formula."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func, literal_column

from resolvers.matching import EARTH_RADIUS_KM


def kilometres(here: Any, there: Any) -> ColumnElement[float]:
    """Give the distance of two places, each with `latitude` and `longitude` in degrees."""
    halves = [
        func.power(func.sin(func.radians(one - another) / 2), 2)
        for one, another in ((here.latitude, there.latitude), (here.longitude, there.longitude))
    ]
    shrink = func.cos(func.radians(here.latitude)) * func.cos(func.radians(there.latitude))
    # least() as rounding may give more than 1 at the other end of the world.
    chord = func.least(literal_column("1"), func.sqrt(halves[0] + shrink * halves[1]))
    diameter: Any = literal_column(str(2 * EARTH_RADIUS_KM))
    distance: ColumnElement[float] = diameter * func.asin(chord)
    return distance
