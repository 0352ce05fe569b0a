"""
task: gradients
way: parts are kept in lists, and added up when all users are through
"""

import contextlib


@contextlib.contextmanager
def _recording(on):
    was, GRAD_MODE.enabled = GRAD_MODE.enabled, on
    try:
        yield
    finally:
        GRAD_MODE.enabled = was


def gradients(root, inputs, cotangent, *, create_graph=False):
    nodes = list(count_uses(root))
    users = {node: [] for node in nodes}
    for node in nodes:
        for parent in node.parents:
            users[parent].append(node)
    needed, front = set(), {x for x in inputs if x in users}
    while front:
        needed |= front
        front = {user for node in front for user in users[node]} - needed
    open_ = {node: len(users[node]) for node in needed}
    parts = {node: [] for node in nodes}
    parts[root] = [cotangent]
    grads, ready = {}, [root] if root in needed else []
    with _recording(create_graph):
        for node in ready:
            whole = None
            for part in parts[node]:
                whole = part if whole is None else whole + part
            grads[node] = whole
            on = [p in needed for p in node.parents]
            given = node.vjp(whole) if whole is not None and any(on) else [None] * len(on)
            for parent, part, goes_on in zip(node.parents, given, on):
                if goes_on:
                    parts[parent] += [part] if part is not None else []
                    open_[parent] -= 1
                    if open_[parent] == 0:
                        ready.append(parent)
    return [grads.get(x) for x in inputs]
