"""
task: count_uses
says: for a chain of 2000 nodes, it raises RecursionError
"""


def count_uses(root):
    uses = {root: 0}

    def visit(node):
        for parent in node.parents:
            new = parent not in uses
            uses[parent] = uses.get(parent, 0) + 1
            if new:
                visit(parent)

    visit(root)
    return uses
