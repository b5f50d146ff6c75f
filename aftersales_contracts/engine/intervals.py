"""Sets of seconds as sorted lists of half-open (start, end) integer pairs.

>>> union([(5, 9), (0, 3), (2, 4), (7, 7), (9, 10)])
[(0, 4), (5, 10)]
>>> subtract([(0, 10), (20, 30)], [(3, 5), (8, 22)])
[(0, 3), (5, 8), (22, 30)]
"""


def union(pairs):
    """Sorted and disjoint; overlapping and touching pairs become one, empty and reversed ones vanish."""
    merged = []
    for start, end in sorted(pairs):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            if end > merged[-1][1]:
                merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def join_touching(pairs):
    """Yield ``pairs`` (sorted, disjoint) with each run of touching ones joined."""
    current = None
    for start, end in pairs:
        if current and current[1] == start:
            current = (current[0], end)
            continue
        if current:
            yield current
        current = (start, end)
    if current:
        yield current


def subtract(pairs, removed):
    """What of ``pairs`` lies in none of ``removed``; both sorted and disjoint."""
    left = []
    first = 0
    for start, end in pairs:
        while first < len(removed) and removed[first][1] <= start:
            first += 1
        at = first
        while at < len(removed) and removed[at][0] < end:
            if removed[at][0] > start:
                left.append((start, removed[at][0]))
            start = removed[at][1]
            at += 1
        if start < end:
            left.append((start, end))
    return left
