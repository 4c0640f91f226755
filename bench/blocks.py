"""The figures of a run's blocks: each block counts once, however slow the machine was during it."""

import figures

LANDFALL = "Landfall ingest"
FLOOR = "The floor"


def over(raw, contestant, *path):
    """A figure of each block, of which the middle one counts."""
    found = []
    for block in raw["blocks"]:
        value = block[contestant]
        for name in path:
            value = value[name]
        found.append(value)
    return found


def cold(raw, contestant, kind, name):
    """Of a block's cold starts the middle one."""
    return [figures.median([start[name] for start in block[contestant][kind]]) for block in raw["blocks"]]


def ratio(raw, ours, theirs, of, *where):
    """How many times ours a figure of theirs is: the middle of the blocks, the least and the most."""
    return figures.ratio(of(raw, ours, *where), of(raw, theirs, *where))


def measured_against(raw):
    """The peers that the goals were set against: those in Python and Node."""
    return [name for name in raw["contestants"] if name.startswith(("Python", "Node"))]
